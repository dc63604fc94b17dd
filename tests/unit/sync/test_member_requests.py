"""What is asked about members: every request is answered once, whatever happens."""

from __future__ import annotations

import pytest

from cowrite.sync.identity import Identity, new_member_secret
from cowrite.sync.member_requests import ANSWERS, Answered, Done, MemberRequests, MembersProblem, Unanswered
from cowrite_server.encoding import Reader
from cowrite_server.members_protocol import (
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
    members_refused_message,
    read_invite,
    read_role,
)
from cowrite_server.protocol import (
    Hello,
    Limits,
    Message,
    Role,
)
from helpers.sync_fakes import Clock

ADA = MemberSummary(1, "Ada", Role.OWNER, None, 0, 0, here=True)
LINK = InviteSummary(3, Role.VIEWER, 0, 1, None, 5, 2, None)


def hello(member: int | None = 1) -> Hello:
    return Hello("epoch", Role.OWNER, "room", "fake", Limits(), member)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def requests(clock: Clock) -> MemberRequests:
    requests = MemberRequests(clock)
    requests.connected(hello())
    return requests


def hear(requests: MemberRequests, message: bytes) -> None:
    reader = Reader(message)
    kind = reader.var_uint()
    assert kind in ANSWERS
    requests.receive(kind, reader)


def problems(requests: MemberRequests) -> list[object]:
    return [event.answer.reason for event in requests.take_events() if isinstance(event.answer, MembersProblem)]


def test_the_list_answers_the_request_that_asked_for_it(requests: MemberRequests) -> None:
    first, second = requests.list_members(), requests.list_members()
    found = MemberList((ADA,), (LINK,))
    hear(requests, members_message(second, found))
    assert requests.take_events() == [Answered(second, found)]
    hear(requests, members_message(first, found))
    assert requests.take_events() == [Answered(first, found)]


def test_an_invite_travels_with_all_that_was_wished_and_its_secret_comes_back(requests: MemberRequests) -> None:
    wish = InviteWish(Role.COMMENTER, 1_900_000_000_000, 5)
    number = requests.invite(wish)
    (message,) = requests.messages_to_send()
    reader = Reader(message)
    assert (reader.var_uint(), reader.var_uint(), read_invite(reader)) == (Message.INVITE, number, wish)
    hear(requests, invited_message(number, Invited(LINK, "secret")))
    assert requests.take_events() == [Answered(number, Invited(LINK, "secret"))]


def test_a_role_a_removal_a_withdrawal_and_a_name_are_done_when_the_server_says_so(requests: MemberRequests) -> None:
    numbers = [
        requests.set_role(2, Role.VIEWER),
        requests.remove(2),
        requests.withdraw(3, keep_members=True),
        requests.rename("Bo"),
    ]
    messages = requests.messages_to_send()
    kinds = [Message.SET_ROLE, Message.REMOVE_MEMBER, Message.WITHDRAW, Message.RENAME]
    assert [message[0] for message in messages] == kinds
    role = Reader(messages[0])
    assert [role.var_uint() for _ in range(3)] == [Message.SET_ROLE, numbers[0], 2]
    assert read_role(role) is Role.VIEWER
    assert requests.take_events() == []
    for number in numbers:
        hear(requests, done_message(number))
    assert requests.take_events() == [Answered(number, Done()) for number in numbers]


def test_acts_come_back_as_they_were(requests: MemberRequests) -> None:
    acts = (Act(9, 5, 1, "invited", {"invite": 3}), Act(8, 4, None, "joined", {}))
    number = requests.list_acts(10)
    hear(requests, audit_message(number, acts))
    assert requests.take_events() == [Answered(number, acts)]


@pytest.mark.parametrize("reason", list(MembersReason))
def test_what_is_refused_says_why_in_one_sentence(requests: MemberRequests, reason: MembersReason) -> None:
    number = requests.remove(1)
    hear(requests, members_refused_message(number, reason))
    ((event),) = requests.take_events()
    assert isinstance(event.answer, MembersProblem)
    assert event.answer.reason is reason
    sentence = str(event.answer)
    assert sentence[0].isupper()
    assert sentence.endswith(".")


def test_what_is_asked_without_a_connection_is_answered_and_never_sent_later() -> None:
    requests = MemberRequests(Clock())
    number = requests.list_members()
    ((event),) = requests.take_events()
    assert event.request == number
    assert "no connection" in str(event.answer)
    requests.connected(hello())
    assert requests.messages_to_send() == []


def test_a_connection_that_ends_answers_all_that_is_open_sent_or_not(requests: MemberRequests) -> None:
    requests.list_members()
    requests.messages_to_send()
    requests.remove(2)
    requests.disconnected()
    assert problems(requests) == [Unanswered.CUT, Unanswered.CUT]
    requests.connected(hello())
    assert requests.messages_to_send() == []


def test_a_silent_server_is_given_up_and_its_late_answer_passed_over(requests: MemberRequests, clock: Clock) -> None:
    number = requests.list_members()
    due = requests.next_tick()
    assert due is not None
    clock.pass_(due - clock.now - 0.1)
    requests.tick()
    assert requests.take_events() == []
    clock.pass_(0.2)
    requests.tick()
    assert problems(requests) == [Unanswered.SILENT]
    hear(requests, members_message(number, MemberList((ADA,), ())))
    assert requests.take_events() == []
    assert requests.next_tick() is None


def test_a_server_without_members_is_not_asked() -> None:
    requests = MemberRequests(Clock())
    requests.connected(hello(member=None))
    requests.list_members()
    assert requests.messages_to_send() == []
    assert problems(requests) == [Unanswered.NO_MEMBERS]
    assert "does not keep a list" in str(requests.problem)


def test_a_name_travels_percent_encoded_and_a_secret_is_long_and_hidden() -> None:
    secret = new_member_secret()
    assert len(secret) >= 32
    assert secret != new_member_secret()
    identity = Identity(secret, " Žofie Ünal/漢 ")
    assert identity.headers == {"Cowrite-Member": secret, "Cowrite-Name": "%C5%BDofie%20%C3%9Cnal%2F%E6%BC%A2"}
    assert secret not in repr(identity)
    assert Identity().headers == {}
