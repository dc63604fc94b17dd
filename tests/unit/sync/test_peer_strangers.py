"""A document that is brought to a room which holds another one: the two never become one unasked."""

from __future__ import annotations

from cowrite.sync.awareness import Cursor
from cowrite.sync.events import Strangers
from cowrite.sync.status import Kind
from cowrite_server.protocol import Message, var_uint
from helpers.sync_fakes import Desk, FakeServer, TextDocument


def test_a_draft_that_is_shared_into_a_room_with_another_document_leaves_both_as_they_are() -> None:
    desk = Desk(FakeServer("Theirs"), TextDocument("Mine"), joins=False)
    desk.connect()
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
    desk = Desk(FakeServer("Theirs"), TextDocument("Mine"), joins=False)
    desk.connect()
    desk.lose_connection()
    desk.peer.merge_strangers()
    desk.connect()
    assert desk.document.text == desk.server.document.text
    assert sorted(desk.document.text) == sorted("MineTheirs")


def test_a_draft_goes_into_an_empty_room_without_a_question() -> None:
    desk = Desk(FakeServer(), TextDocument("Mine"), joins=False)
    desk.connect()
    assert desk.server.document.text == "Mine"


def test_a_draft_that_comes_back_to_its_own_room_is_no_stranger() -> None:
    first = Desk(FakeServer(), TextDocument("Mine"), joins=False)
    first.connect()
    again = Desk(first.server, first.document, joins=False)
    again.connect()
    assert again.document.text == "Mine"
    assert Strangers() not in again.events


def test_what_is_typed_into_a_joined_document_before_the_room_is_reached_belongs_to_it() -> None:
    desk = Desk(FakeServer("Theirs"), TextDocument("Early "))
    desk.connect()
    assert sorted(desk.server.document.text) == sorted("Early Theirs")
