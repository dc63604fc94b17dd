"""A document that is brought to a room which holds another one: the two never become one unasked."""

from __future__ import annotations

import pytest

from cowrite.sync.awareness import Cursor
from cowrite.sync.events import Strangers, Synced
from cowrite.sync.state_vector import EMPTY
from cowrite.sync.status import Kind
from cowrite_server.wire.encoding import var_uint
from cowrite_server.wire.protocol import Message, Sync, sync_message
from helpers.sync_fakes import Desk, FakeServer, TextDocument, connected


def test_a_draft_that_is_shared_into_a_room_with_another_document_leaves_both_as_they_are() -> None:
    desk = connected(FakeServer("Theirs"), TextDocument("Mine"), joins=False)
    assert (desk.document.text, desk.server.document.text) == ("Mine", "Theirs")
    assert Strangers() in desk.events
    assert desk.peer.status.kind is Kind.STRANGERS
    assert desk.peer.record.epoch is None


def test_the_room_of_a_stranger_hears_neither_name_nor_caret() -> None:
    desk = Desk(FakeServer("Theirs"), TextDocument("Mine"), joins=False)
    desk.awareness.set_cursor(Cursor({"tname": "body"}, {"tname": "body"}))
    desk.peer.connected()
    desk.deliver([var_uint(Message.QUERY_AWARENESS)])
    said = desk.peer.data_to_send()
    desk.deliver(desk.server.open())
    desk.peer.leave()
    said += desk.peer.data_to_send()
    assert Strangers() in desk.events
    assert [message[0] for message in said] == [Message.SYNC]


def test_the_two_become_one_when_the_person_says_so() -> None:
    desk = connected(FakeServer("Theirs"), TextDocument("Mine"), joins=False)
    desk.lose_connection()
    desk.peer.merge_strangers()
    desk.connect()
    assert desk.document.text == desk.server.document.text
    assert sorted(desk.document.text) == sorted("MineTheirs")


def test_a_draft_goes_into_an_empty_room_without_a_question() -> None:
    desk = connected(FakeServer(), TextDocument("Mine"), joins=False)
    assert desk.server.document.text == "Mine"


def test_a_draft_that_comes_back_to_its_own_room_is_no_stranger() -> None:
    first = connected(FakeServer(), TextDocument("Mine"), joins=False)
    again = connected(first.server, first.document, joins=False)
    assert again.document.text == "Mine"
    assert Strangers() not in again.events


def test_what_is_typed_into_a_joined_document_before_the_room_is_reached_belongs_to_it() -> None:
    desk = connected(FakeServer("Theirs"), TextDocument("Early "))
    assert sorted(desk.server.document.text) == sorted("Early Theirs")


@pytest.mark.parametrize("kind", [Sync.STEP_2, Sync.UPDATE])
def test_the_text_of_a_stranger_that_comes_before_its_step_1_is_not_taken_in(kind: Sync) -> None:
    desk = Desk(FakeServer("Theirs", stock=True), TextDocument("Mine"), joins=False)
    desk.peer.connected()
    desk.deliver([sync_message(kind, desk.server.document.update_since(EMPTY))])
    desk.deliver(desk.server.open())
    assert desk.document.text == "Mine"
    assert desk.events == [Strangers()]


def test_a_room_that_answers_before_it_asks_is_in_step_once_it_has_asked() -> None:
    server, draft = FakeServer(stock=True), TextDocument("Mine")
    server.document.apply_remote(draft.update_since(EMPTY))
    server.document.write(" and theirs")
    desk = Desk(server, draft, joins=False)
    desk.peer.connected()
    (step_1,) = desk.peer.data_to_send()
    desk.deliver(server.receive(step_1))
    assert desk.document.text == "Mine"
    desk.deliver(server.open())
    desk.exchange()
    assert desk.document.text == "Mine and theirs"
    assert desk.events == [Synced()]
    assert desk.peer.status.kind is Kind.SHARED
