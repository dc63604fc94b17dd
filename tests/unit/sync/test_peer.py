"""What a SyncPeer does between a document and a server, told without sockets."""

from __future__ import annotations

import pytest

from cowrite.sync import reception
from cowrite.sync.events import Joined, Leave, PresenceChanged, ServerHolds, Synced, Unreadable
from cowrite.sync.record import SyncRecord
from cowrite.sync.status import Kind
from cowrite_server.wire.awareness import Presence, awareness_message
from cowrite_server.wire.encoding import Reader, var_bytes, var_string, var_uint
from cowrite_server.wire.protocol import Close, Message, Reason, Role, Sync, sync_message
from helpers.sync_fakes import Desk, FakeServer, TextDocument, connected, sync_kinds


def test_a_peer_that_joins_gets_the_text_of_the_room() -> None:
    desk = connected(FakeServer("Hello"))
    assert desk.document.text == "Hello"
    assert Synced() in desk.events


def test_what_was_written_before_joining_reaches_the_room() -> None:
    desk = connected(FakeServer(), TextDocument("Written alone"))
    assert desk.server.document.text == "Written alone"


def test_the_first_message_is_step_1_and_presence_follows_the_servers_step_1() -> None:
    desk = Desk(FakeServer())
    desk.peer.connected()
    assert [message[0] for message in desk.peer.data_to_send()] == [Message.SYNC]
    desk.deliver(desk.server.open())
    assert [message[0] for message in desk.peer.data_to_send()] == [Message.SYNC, Message.AWARENESS]


def test_a_change_travels_as_an_update_once_the_handshake_is_done() -> None:
    desk = connected(FakeServer())
    desk.write("Hi")
    messages = desk.peer.data_to_send()
    assert sync_kinds(messages) == [Sync.UPDATE]


def test_a_change_made_during_the_handshake_travels_once_in_step_2() -> None:
    desk = Desk(FakeServer())
    desk.peer.connected()
    desk.write("early")
    assert sync_kinds(desk.peer.data_to_send()) == [Sync.STEP_1]
    desk.deliver(desk.server.open())
    assert sync_kinds(desk.peer.data_to_send()) == [Sync.STEP_2]


def test_changes_of_one_turn_travel_as_one_update_where_the_peer_can_merge() -> None:
    desk = connected(FakeServer(), merge=True)
    for letter in "abc":
        desk.write(letter)
    messages = desk.peer.data_to_send()
    assert sync_kinds(messages) == [Sync.UPDATE]
    desk.server.receive(messages[0])
    assert desk.server.document.text == "abc"
    assert desk.peer.waiting == 3


class TestTheEpoch:
    def test_a_document_that_meets_a_server_first_adopts_its_epoch(self) -> None:
        desk = connected(FakeServer())
        assert [event.hello.epoch for event in desk.events if isinstance(event, Joined)] == ["epoch-1"]
        assert desk.peer.record.epoch == "epoch-1"

    def test_a_rebuilt_document_is_neither_taken_in_nor_written_to(self) -> None:
        desk = connected(FakeServer("Hello"), TextDocument("Hello"), SyncRecord("another epoch"))
        assert Leave(Close.EPOCH_CHANGED) in desk.events
        assert desk.document.text == "Hello"
        assert desk.server.document.text == "Hello"
        assert sync_kinds(desk.server.heard) == []

    def test_the_person_is_told_after_the_connection_is_closed_too(self) -> None:
        desk = connected(FakeServer(), record=SyncRecord("another epoch"))
        desk.lose_connection()
        assert desk.peer.status.kind is Kind.EPOCH_CHANGED
        assert desk.sentence.startswith("The copy on the server was rebuilt")


class TestServersWithoutOurMessages:
    def test_the_text_is_shared_and_nothing_is_called_saved(self) -> None:
        desk = connected(FakeServer("Hello", stock=True))
        desk.write("!")
        desk.exchange()
        assert desk.server.document.text == desk.document.text == "Hello!"
        assert desk.peer.status.kind is Kind.SHARED
        assert "server" not in desk.sentence

    def test_offline_changes_are_counted_and_nothing_is_claimed_about_the_others(self) -> None:
        desk = connected(FakeServer(stock=True))
        desk.lose_connection()
        assert desk.sentence == "Offline, saved on this computer"
        desk.write("a")
        assert desk.sentence == "Offline, 1 change waiting"
        desk.connect()
        assert desk.server.document.text == "a"

    def test_a_server_that_confirmed_earlier_and_does_not_now_is_not_believed_to(self) -> None:
        desk = connected(FakeServer("Hello"))
        desk.save()
        desk.lose_connection()
        desk.server.stock = True
        desk.write("!")
        desk.connect()
        assert desk.server.document.text == "Hello!"
        assert desk.peer.status.kind is Kind.SHARED

    def test_a_permission_denied_message_ends_the_connection_for_good(self) -> None:
        desk = connected(FakeServer(stock=True))
        desk.deliver([var_uint(Message.AUTH) + var_uint(0) + var_string("no")])
        assert Leave(Close.NOT_INVITED) in desk.events
        assert desk.peer.status.final


@pytest.mark.parametrize("joins", [True, False])
def test_a_server_that_sends_changes_without_end_before_the_document_itself_is_left(
    joins: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "MOST_EARLY", 10_000)
    desk = Desk(FakeServer(), joins=joins)
    desk.peer.connected()
    change = sync_message(Sync.UPDATE, bytes(1_000))
    assert [each for _ in range(10) for each in desk.peer.receive(change)] == []
    (left,) = desk.peer.receive(change)
    assert isinstance(left, Unreadable)
    assert "too many changes before the document itself" in left.reason


class TestPresence:
    def test_others_presence_is_shown_and_goes_with_the_connection(self) -> None:
        desk = connected(FakeServer())
        desk.deliver([awareness_message([Presence(7, 1, {"user": {"name": "Bo", "color": "#00aa00"}})])])
        assert desk.awareness.others[7].user.name == "Bo"
        desk.lose_connection()
        assert not desk.awareness.others
        assert desk.events[-1] == PresenceChanged()

    def test_a_question_for_presence_is_answered(self) -> None:
        desk = connected(FakeServer())
        desk.deliver([var_uint(Message.QUERY_AWARENESS)])
        assert [message[0] for message in desk.peer.data_to_send()] == [Message.AWARENESS]

    def test_leaving_says_goodbye(self) -> None:
        desk = connected(FakeServer())
        desk.peer.leave()
        (message,) = desk.peer.data_to_send()
        assert b"null" in message

    def test_presence_is_renewed_with_time(self) -> None:
        desk = connected(FakeServer())
        due = desk.peer.next_tick()
        assert due is not None
        desk.clock.now = due
        desk.peer.tick()
        assert [message[0] for message in desk.peer.data_to_send()] == [Message.AWARENESS]


class TestStrangeMessages:
    @pytest.mark.parametrize(
        "message",
        [
            b"",
            b"\x00",
            b"\x00\x02\x05abc",
            b"\x00\x07\x01a",
            b"\x00\x02\x03\xff\xff\xff",
            var_uint(Message.HELLO) + var_string("[]"),
            var_uint(Message.HELLO) + var_string("[" * 100_000),
            var_uint(Message.SAVED),
        ],
        ids=lambda message: repr(message[:20]),  # Windows has no room for a test's whole name of 100,000 letters
    )
    def test_a_message_that_cannot_be_read_ends_the_connection_and_leaves_the_document_alone(
        self, message: bytes
    ) -> None:
        desk = connected(FakeServer("Hello"))
        desk.deliver([message])
        assert isinstance(desk.events[-1], Unreadable)
        assert desk.document.text == "Hello"
        desk.write("!")
        assert desk.peer.data_to_send() == []

    def test_nothing_is_due_after_it(self) -> None:
        desk = connected(FakeServer("Hello"))
        desk.deliver([b""])
        assert desk.peer.next_tick() is None

    def test_the_next_connection_works_again(self) -> None:
        desk = connected(FakeServer("Hello"))
        desk.deliver([b""])
        desk.write("!")
        desk.lose_connection()
        desk.connect()
        assert desk.server.document.text == "Hello!"

    def test_message_types_of_later_versions_are_passed_over(self) -> None:
        desk = connected(FakeServer("Hello"))
        before = list(desk.events)
        desk.deliver([var_uint(120) + b"whatever"])
        assert desk.events == before

    def test_a_hello_in_the_middle_of_a_stock_conversation_is_not_believed(self) -> None:
        desk = connected(FakeServer(stock=True))
        desk.server.stock = False
        desk.deliver(desk.server.open()[:1])
        assert isinstance(desk.events[-1], Unreadable)

    @pytest.mark.parametrize("state", [b"not JSON", b"[" * 100_000, b"7", b"\xff"])
    def test_somebodys_presence_that_nobody_can_read_hides_no_other_and_does_not_end_the_connection(
        self, state: bytes
    ) -> None:
        desk = connected(FakeServer())
        entries = (8, 1, state), (7, 1, b'{"user": {"name": "Bo", "color": "#00aa00"}}')
        body = b"".join(var_uint(client) + var_uint(clock) + var_bytes(text) for client, clock, text in entries)
        desk.deliver([var_uint(Message.AWARENESS) + var_bytes(var_uint(2) + body)])
        desk.deliver([var_uint(Message.AWARENESS) + var_bytes(var_uint(1) + b"\xff" * 20)])
        assert list(desk.awareness.others) == [7]
        assert not any(isinstance(event, Unreadable) for event in desk.events)

    def test_of_who_says_more_of_themselves_than_any_program_does_nothing_is_kept(self) -> None:
        desk = connected(FakeServer())
        long, usual = Presence(7, 1, {"x": "y" * 100_000}), Presence(8, 1, {"user": {"name": "Bo", "color": "#00aa00"}})
        desk.deliver([awareness_message([long, usual])])
        assert list(desk.awareness.others) == [8]

    def test_an_oversized_presence_message_is_not_even_read(self) -> None:
        desk = connected(FakeServer())
        desk.deliver([awareness_message([Presence(7, 1, {"x": "y" * 2_000_000})])])
        assert not desk.awareness.others


def test_messages_of_a_closed_connection_have_no_effect() -> None:
    desk = connected(FakeServer("Hello"))
    desk.lose_connection()
    desk.deliver([sync_message(Sync.UPDATE, TextDocument("late").update_since(b"\0"))])
    assert desk.document.text == "Hello"


def test_a_second_step_1_of_the_server_is_answered_again() -> None:
    desk = connected(FakeServer())
    desk.write("Hi")
    desk.deliver([sync_message(Sync.STEP_1, b"\0")])
    (message,) = desk.peer.data_to_send()
    assert sync_kinds([message]) == [Sync.STEP_2]
    reader = Reader(message[2:])
    other = TextDocument()
    other.apply_remote(reader.var_bytes())
    assert other.text == "Hi"


def test_the_whole_document_of_the_server_can_be_asked_for_and_meanwhile_a_refusal_is_no_problem() -> None:
    desk = connected(FakeServer("Hello", role=Role.SUGGESTER))
    desk.server.refuse = Reason.ONLY_SUGGESTING
    desk.write("!")
    desk.exchange()
    assert desk.peer.status.kind is Kind.REFUSED
    desk.peer.ask_for_all()
    assert desk.peer.asks_for_all
    assert desk.peer.status.kind is Kind.WAITING
    desk.exchange()
    assert not desk.peer.asks_for_all
    held = next(event.update for event in desk.events if isinstance(event, ServerHolds))
    assert TextDocument().apply_remote(held) is None
    assert desk.peer.status.kind is Kind.REFUSED
