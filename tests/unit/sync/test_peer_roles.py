"""A role that changes while somebody writes."""

from __future__ import annotations

import pytest

from cowrite.sync.events import MembersChanged, RoleChanged, UpdateHeld, UpdateRefused
from cowrite.sync.state_vector import EMPTY
from cowrite.sync.status import Kind
from cowrite_server.wire.members import members_changed_message, role_message
from cowrite_server.wire.protocol import Message, Reason, Role, Sync, sync_message
from helpers.sync_fakes import Desk, FakeServer, TextDocument, connected


@pytest.fixture
def desk() -> Desk:
    desk = connected(FakeServer("Hello "))
    desk.save()
    return desk


def demote(desk: Desk, role: Role = Role.VIEWER) -> None:
    desk.deliver([role_message(role)])


def test_an_editor_who_becomes_a_viewer_is_told_and_keeps_the_connection(desk: Desk) -> None:
    demote(desk)
    assert RoleChanged(Role.VIEWER) in desk.events
    assert desk.peer.role is Role.VIEWER
    assert desk.peer.status.kind is Kind.SAVED


@pytest.mark.parametrize("when", ["hello", "later"])
def test_whoever_has_a_role_of_a_later_version_reads_and_what_they_write_stays_here(when: str) -> None:
    server = FakeServer("Hello ")
    desk = Desk(server)
    opening = [message.replace(b'"editor"', b'"leader"') for message in server.open()]
    desk.peer.connected()
    desk.deliver(opening if when == "hello" else server.open())
    desk.exchange()
    if when == "later":
        desk.deliver([role_message(Role.EDITOR).replace(b"editor", b"leader")])
    desk.write("late")
    desk.exchange()
    assert desk.document.text == "Hello late"
    assert (desk.peer.role, server.document.text) == (Role.VIEWER, "Hello ")


def test_what_was_not_sent_yet_stays_here_and_is_named_as_refused(desk: Desk) -> None:
    desk.write("late")
    demote(desk)
    desk.exchange()
    assert desk.server.document.text == "Hello "
    assert desk.document.text == "Hello late"
    assert UpdateRefused(Reason.READ_ONLY, None) in desk.events
    assert desk.peer.status.kind is Kind.REFUSED
    assert desk.peer.waiting == 1


def test_what_is_on_its_way_is_answered_by_the_server(desk: Desk) -> None:
    desk.write("just in time")
    desk.exchange()
    demote(desk)
    desk.save()
    assert desk.peer.status.kind is Kind.SAVED
    assert not [event for event in desk.events if isinstance(event, UpdateRefused)]


def test_who_may_write_again_sends_all_that_was_kept_without_a_new_connection(desk: Desk) -> None:
    desk.write("late")
    demote(desk)
    desk.exchange()
    demote(desk, Role.EDITOR)
    desk.exchange()
    desk.save()
    assert desk.server.document.text == "Hello late"
    assert desk.peer.status.kind is Kind.SAVED
    assert desk.peer.waiting == 0
    desk.write("!")
    assert [message[:2] for message in desk.peer.data_to_send()] == [bytes((Message.SYNC, Sync.UPDATE))]


def test_a_teammates_typing_still_arrives_after_the_role_was_taken(desk: Desk) -> None:
    desk.write("late")
    demote(desk)
    desk.deliver([sync_message(Sync.UPDATE, desk.server.document.write("from Bo"))])
    assert "from Bo" in desk.document.text
    assert "late" in desk.document.text


@pytest.mark.parametrize(
    ("role", "reason"), [(Role.SUGGESTER, Reason.ONLY_SUGGESTING), (Role.COMMENTER, Reason.ONLY_COMMENTING)]
)
def test_the_reason_of_what_is_kept_is_that_of_the_newest_role(desk: Desk, role: Role, reason: Reason) -> None:
    desk.write("late")
    demote(desk)
    demote(desk, role)
    assert desk.peer.status.reason is reason


def test_an_owner_who_becomes_an_editor_writes_on_and_sends_nothing_twice() -> None:
    desk = connected(FakeServer("Hello ", role=Role.OWNER))
    demote(desk, Role.EDITOR)
    assert desk.peer.data_to_send() == []


def test_a_changed_list_is_told(desk: Desk) -> None:
    desk.deliver([members_changed_message()])
    assert MembersChanged() in desk.events


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.COMMENTER])
def test_what_somebody_writes_who_may_comment_is_sent_and_saved(role: Role) -> None:
    desk = connected(FakeServer("Hello ", role=role))
    desk.write("a comment")
    desk.exchange()
    desk.save()
    assert desk.server.document.text == "Hello a comment"
    assert desk.peer.status.kind is Kind.SAVED


def test_what_a_commenter_wrote_without_a_connection_is_sent_with_the_next_one() -> None:
    desk = connected(FakeServer("Hello ", role=Role.COMMENTER))
    desk.lose_connection()
    desk.write("a comment")
    desk.connect()
    desk.save()
    assert desk.server.document.text == "Hello a comment"
    assert desk.peer.status.kind is Kind.SAVED


def test_a_commenter_who_has_written_nothing_has_the_server_judge_nothing() -> None:
    desk = connected(FakeServer("Hello ", role=Role.COMMENTER))
    assert [message[:2] for message in desk.server.heard if message[0] == Message.SYNC] == [
        bytes((Message.SYNC, Sync.STEP_1))
    ]


@pytest.fixture
def commenter() -> Desk:
    """Somebody who may only comment, and has written a word that the server did not take."""
    desk = connected(FakeServer("Hello ", role=Role.COMMENTER))
    desk.server.refuse = Reason.ONLY_COMMENTING
    desk.write("forbidden")
    desk.exchange()
    desk.server.refuse = None
    desk.events.clear()
    return desk


def test_behind_what_the_server_refused_a_commenter_hears_that_nothing_more_is_taken(commenter: Desk) -> None:
    commenter.write("a comment")
    commenter.exchange()
    assert commenter.events == [UpdateHeld(UpdateRefused(Reason.ONLY_COMMENTING, None))]
    assert commenter.peer.waiting == 2
    assert commenter.server.document.text == "Hello "


def test_beside_what_the_server_refused_goes_what_builds_on_nothing_of_it(commenter: Desk) -> None:
    other = TextDocument()
    said = other.write("a comment")
    commenter.document.apply_remote(said)
    commenter.peer.send_beside(said)
    commenter.exchange()
    commenter.save()
    assert "a comment" in commenter.server.document.text
    assert "forbidden" not in commenter.server.document.text
    assert (commenter.peer.status.kind, commenter.peer.waiting) == (Kind.REFUSED, 1)


def test_where_that_is_refused_too_nothing_is_told_again(commenter: Desk) -> None:
    commenter.server.refuse = Reason.MALFORMED
    for word in ("one", "two"):
        commenter.peer.send_beside(TextDocument(word).update_since(EMPTY))
    commenter.exchange()
    assert commenter.events == []
    assert commenter.peer.status.reason is Reason.ONLY_COMMENTING


def test_what_builds_on_a_refused_change_and_was_on_its_way_leaves_the_reason_as_it_is(desk: Desk) -> None:
    answers = []
    for word, reason in (("one ", Reason.ONLY_COMMENTING), ("two", Reason.INCOMPLETE)):
        desk.server.refuse = reason
        desk.write(word)
        answers += [answer for message in desk.peer.data_to_send() for answer in desk.server.receive(message)]
    demote(desk, Role.COMMENTER)
    desk.deliver(answers)
    assert desk.peer.status.reason is Reason.ONLY_COMMENTING
    assert [event for event in desk.events if isinstance(event, UpdateRefused)] == [
        UpdateRefused(Reason.ONLY_COMMENTING, None)
    ]


@pytest.fixture
def suggester() -> Desk:
    """Somebody whose two messages are on their way, and refused the one after the other."""
    desk = connected(FakeServer("Hello ", role=Role.SUGGESTER))
    desk.save()
    return desk


def refusals(desk: Desk, *words: str) -> list[bytes]:
    """The server's answers to what somebody writes, before they have arrived."""
    desk.server.refuse = Reason.ONLY_SUGGESTING
    answers: list[bytes] = []
    for word in words:
        desk.write(word)
        for message in desk.peer.data_to_send():
            answers += desk.server.receive(message)
    desk.server.refuse = None
    return answers


def test_what_was_refused_and_is_sent_again_is_saved_with_all_that_came_after_it(suggester: Desk) -> None:
    suggester.deliver(refusals(suggester, "one "))
    suggester.write("two")
    assert suggester.peer.status.kind is Kind.REFUSED
    suggester.events += suggester.peer.send_again()
    suggester.exchange()
    suggester.save()
    assert suggester.server.document.text == "Hello one two"
    assert suggester.peer.status.kind is Kind.SAVED


def test_refusals_of_what_has_been_sent_again_meanwhile_hold_nothing_back(suggester: Desk) -> None:
    first, *later = refusals(suggester, "one ", "two ", "three ", "four ", "five ")
    suggester.deliver([first])
    suggester.peer.send_again()
    suggester.events.clear()
    suggester.deliver(later)
    assert suggester.events == []
    suggester.exchange()
    suggester.save()
    assert suggester.server.document.text == "Hello one two three four five "
    assert suggester.peer.status.kind is Kind.SAVED
    assert suggester.peer.waiting == 0


def test_nothing_is_sent_again_before_the_server_has_said_what_it_lacks() -> None:
    desk = Desk(FakeServer("Hello ", role=Role.SUGGESTER))
    desk.write("one")
    assert desk.peer.send_again() == []
    assert desk.peer.data_to_send() == []
