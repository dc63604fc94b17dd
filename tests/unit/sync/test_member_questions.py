"""What is asked about members: every request is answered once, whatever happens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowrite.sync.identity import Identity, new_member_secret
from cowrite.sync.member_questions import MemberQuestions, MembersProblem
from cowrite.sync.questions import Unanswered
from cowrite_server.wire.asking import Asker as AskerSummary
from cowrite_server.wire.asking import ask_to_write_message, askers_get_message, askers_message, not_now_message
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.json_messages import refusal_message
from cowrite_server.wire.members import (
    Act,
    Invited,
    InviteSummary,
    InviteWish,
    MemberList,
    MembersReason,
    MemberSummary,
    audit_message,
    done_message,
    invited_message,
    members_message,
    read_invite,
    read_role,
)
from cowrite_server.wire.protocol import Limits, Message, Role
from helpers.sync_fakes import Clock

ADA = MemberSummary(1, "Ada", Role.OWNER, None, 0, 0, here=True)
LINK = InviteSummary(3, Role.VIEWER, 0, 1, None, 5, 2, None)


def hello(member: int | None = 1) -> Hello:
    return Hello("epoch", Role.OWNER, "room", "fake", Limits(), member)


class Asker(MemberQuestions):
    """Asks, and notes what it is told."""

    def __init__(self, member: int | None = 1) -> None:
        super().__init__(Clock())
        self.told: list[object] = []
        self.connected(hello(member))

    def done(self) -> None:
        self.told.append("done")

    def sent(self) -> list[list[int]]:
        """Type, request and first number of each message that leaves now."""
        readers = [Reader(message) for message in self.messages_to_send()]
        return [[reader.var_uint() for _ in range(3)] for reader in readers]

    def hear(self, message: bytes) -> None:
        reader = Reader(message)
        self.receive(reader.var_uint(), reader)
        self.tell()


@pytest.fixture
def asker() -> Asker:
    return Asker()


def test_the_list_answers_the_request_that_asked_for_it(asker: Asker) -> None:
    asker.list_members(asker.told.append, asker.told.append)
    assert asker.messages_to_send() == [bytes([Message.MEMBERS_GET, 1])]
    found = MemberList((ADA,), (LINK,))
    asker.hear(members_message(1, found))
    assert asker.told == [found]


def test_whose_role_only_a_later_version_knows_is_listed_as_one_who_reads(asker: Asker) -> None:
    asker.list_members(asker.told.append, asker.told.append)
    found = members_message(
        1, MemberList((ADA, replace(ADA, id=2, role=Role.EDITOR)), (replace(LINK, role=Role.EDITOR),))
    )
    asker.hear(found.replace(b"editor", b"leader"))
    assert asker.told == [MemberList((ADA, replace(ADA, id=2, role=Role.VIEWER)), (LINK,))]


def test_an_invite_travels_with_all_that_was_wished_and_its_secret_comes_back(asker: Asker) -> None:
    wish = InviteWish(Role.COMMENTER, 1_900_000_000_000, 5)
    asker.invite(wish, asker.told.append, asker.told.append)
    (message,) = asker.messages_to_send()
    reader = Reader(message)
    assert (reader.var_uint(), reader.var_uint(), read_invite(reader)) == (Message.INVITE, 1, wish)
    asker.hear(invited_message(1, Invited(LINK, "secret")))
    assert asker.told == [Invited(LINK, "secret")]


def test_a_role_a_removal_a_withdrawal_and_a_name_are_done_when_the_server_says_so(asker: Asker) -> None:
    asker.set_role(2, Role.VIEWER, asker.done, asker.told.append)
    asker.remove(2, asker.done, asker.told.append)
    asker.withdraw(3, keep_members=True, then=asker.done, failed=asker.told.append)
    asker.rename(" Bo ", asker.done, asker.told.append)
    messages = asker.messages_to_send()
    kinds = [Message.SET_ROLE, Message.REMOVE_MEMBER, Message.WITHDRAW, Message.RENAME]
    assert [message[0] for message in messages] == kinds
    role = Reader(messages[0])
    assert [role.var_uint() for _ in range(3)] == [Message.SET_ROLE, 1, 2]
    assert read_role(role) is Role.VIEWER
    assert asker.told == []
    for number in (1, 2, 3, 4):
        asker.hear(done_message(number))
        assert asker.told == ["done"] * number


def test_who_asks_to_write_asks_for_themselves_and_is_answered_not_now_by_number(asker: Asker) -> None:
    asker.ask_to_write(asker.done, asker.told.append)
    asker.not_now(2, asker.done, asker.told.append)
    asker.list_askers(asker.told.append, asker.told.append)
    sent = asker.messages_to_send()
    assert sent == [ask_to_write_message(1), not_now_message(2, 2), askers_get_message(3)]
    found = (AskerSummary(2, "Bo", Role.VIEWER, 5),)
    for answer in (done_message(1), done_message(2), askers_message(3, found)):
        asker.hear(answer)
    assert asker.told == ["done", "done", found]


def test_nobody_asks_to_write_on_a_server_of_an_earlier_version(asker: Asker) -> None:
    assert not asker.takes_asking
    asker.connected(hello()._replace(takes_asking=True))
    assert asker.takes_asking


def test_acts_come_back_as_they_were(asker: Asker) -> None:
    acts = (Act(9, 5, 1, "invited", {"invite": 3}), Act(8, 4, None, "joined", {}))
    asker.list_acts(10, asker.told.append, asker.told.append)
    assert asker.sent() == [[Message.AUDIT_GET, 1, 10]]
    asker.hear(audit_message(1, acts))
    assert asker.told == [acts]


@pytest.mark.parametrize("reason", list(MembersReason))
def test_what_is_refused_says_why_in_one_sentence(asker: Asker, reason: MembersReason) -> None:
    asker.remove(2, asker.done, asker.told.append)
    asker.hear(refusal_message(Message.MEMBERS_REFUSED, 1, reason))
    (problem,) = asker.told
    assert isinstance(problem, MembersProblem)
    assert problem.reason is reason
    sentence = str(problem)
    assert sentence[0].isupper()
    assert sentence.endswith(".")


def test_a_reason_of_a_later_version_says_to_update(asker: Asker) -> None:
    asker.remove(2, asker.done, asker.told.append)
    asker.hear(refusal_message(Message.MEMBERS_REFUSED, 1, MembersReason.BUSY).replace(b"busy", b"whim"))
    (problem,) = asker.told
    assert isinstance(problem, MembersProblem)
    assert str(problem).endswith("update cowrite.")


def test_what_is_not_answered_tells_whether_the_server_may_have_done_it(asker: Asker) -> None:
    asker.remove(2, asker.done, asker.told.append)
    asker.sent()
    asker.remove(3, asker.done, asker.told.append)
    asker.disconnected()
    asker.tell()
    assert [problem.reason for problem in asker.told] == [Unanswered.CUT, Unanswered.OFFLINE]


def test_a_server_that_keeps_silent_is_given_up() -> None:
    clock = Clock()
    requests = MemberQuestions(clock)
    told: list[MembersProblem] = []
    requests.connected(hello())
    requests.rename("Bo", lambda: None, told.append)
    clock.pass_(60)
    requests.tick()
    requests.tell()
    assert [problem.reason for problem in told] == [Unanswered.SILENT]


def test_a_server_without_members_is_not_asked() -> None:
    asker = Asker(member=None)
    asker.list_members(asker.told.append, asker.told.append)
    asker.tell()
    assert asker.messages_to_send() == []
    assert [problem.reason for problem in asker.told] == [Unanswered.EARLIER]
    assert "does not keep a list" in str(asker.problem)


def test_a_name_travels_percent_encoded_and_a_secret_is_long_and_hidden() -> None:
    secret = new_member_secret()
    assert len(secret) >= 32
    assert secret != new_member_secret()
    identity = Identity(secret, " Žofie Ünal/漢 ")
    assert identity.headers == {"Cowrite-Member": secret, "Cowrite-Name": "%C5%BDofie%20%C3%9Cnal%2F%E6%BC%A2"}
    assert secret not in repr(identity)
    assert Identity().headers == {}
