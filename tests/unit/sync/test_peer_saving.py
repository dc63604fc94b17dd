"""When a SyncPeer calls a change saved, and what it remembers of it."""

from __future__ import annotations

from cowrite.sync.record import SyncRecord
from cowrite.sync.status import Kind
from cowrite_server.wire.protocol import Sync, saved_message, sync_message
from helpers.sync_fakes import Desk, FakeServer, TextDocument, connected


class TestCountingWhatIsSaved:
    def test_a_change_waits_until_the_server_says_that_it_is_on_disk(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        desk.write("Hi")
        desk.exchange()
        assert desk.server.document.text == "Hi"
        assert (desk.peer.status.kind, desk.peer.waiting) == (Kind.WAITING, 1)
        desk.save()
        assert (desk.peer.status.kind, desk.peer.waiting) == (Kind.SAVED, 0)

    def test_saved_names_a_number_of_messages_and_settles_only_those(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        for letter in "abc":
            desk.write(letter)
            desk.exchange()
        desk.deliver([saved_message(3)])  # step 2 and two updates
        assert desk.peer.waiting == 1

    def test_of_two_changes_sent_together_one_can_be_saved_before_the_other(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        known = desk.peer.record.state_vector
        desk.write("a")
        desk.write("b")
        desk.exchange()
        desk.deliver([saved_message(2)])
        assert desk.peer.waiting == 1
        assert desk.peer.record.state_vector == known

    def test_nothing_is_called_saved_before_the_server_has_confirmed_the_handshake(self) -> None:
        desk = connected(FakeServer(), TextDocument())
        assert desk.peer.status.kind is Kind.SYNCING
        desk.save()
        assert desk.peer.status.kind is Kind.SAVED

    def test_changes_made_offline_are_counted_and_settled_by_the_next_handshake(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        desk.lose_connection()
        for letter in "abc":
            desk.write(letter)
        assert desk.sentence == "Offline, 3 changes waiting"
        desk.connect()
        assert desk.server.document.text == "abc"
        assert desk.peer.waiting == 3
        desk.save()
        assert desk.sentence == "Saved on the server"

    def test_a_change_on_its_way_when_the_connection_ends_is_waiting_again(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        desk.write("x")
        desk.peer.data_to_send()  # lost with the connection
        desk.lose_connection()
        assert desk.sentence == "Offline, 1 change waiting"
        desk.connect()
        assert desk.server.document.text == "x"

    def test_a_deletion_made_offline_is_a_change_like_any_other(self) -> None:
        desk = connected(FakeServer("Hello"))
        desk.save()
        desk.lose_connection()
        desk.peer.local_update(desk.document.erase())
        assert desk.peer.waiting == 1
        desk.connect()
        assert desk.server.document.text == ""

    def test_a_confirmation_of_more_than_was_sent_settles_nothing_that_is_sent_later(self) -> None:
        desk = connected(FakeServer())
        desk.deliver([saved_message(1_000_000)])
        desk.write("x")
        desk.exchange()
        assert desk.peer.waiting == 1

    def test_what_others_write_is_not_counted(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        desk.deliver([sync_message(Sync.UPDATE, TextDocument("theirs").update_since(b"\0"))])
        assert (desk.document.text, desk.peer.waiting) == ("theirs", 0)

    def test_a_server_that_lost_what_it_had_gets_it_back_and_nothing_is_called_saved_meanwhile(self) -> None:
        desk = connected(FakeServer("Hello"))
        desk.save()
        desk.lose_connection()
        desk.server.document = TextDocument()
        desk.connect()
        assert desk.server.document.text == "Hello"
        assert desk.peer.waiting == 1
        desk.save()
        assert desk.peer.waiting == 0


class TestTheRecordInTheDocumentFile:
    def test_after_a_restart_a_document_that_the_server_has_is_not_waiting(self) -> None:
        desk = connected(FakeServer("Hello"))
        desk.write(" you")
        desk.exchange()
        desk.save()
        again = Desk(desk.server, desk.document, desk.peer.record)
        assert again.peer.waiting == 0

    def test_what_others_wrote_last_does_not_make_it_waiting_either(self) -> None:
        desk = connected(FakeServer("Hello"))
        desk.save()
        theirs = desk.server.document.write(" from them")
        desk.deliver([sync_message(Sync.UPDATE, theirs)])
        assert Desk(desk.server, desk.document, desk.peer.record).peer.waiting == 0

    def test_nor_does_what_others_wrote_while_an_own_change_was_being_saved(self) -> None:
        desk = connected(FakeServer("Hello"))
        desk.save()
        desk.write("!")
        desk.exchange()
        desk.deliver([sync_message(Sync.UPDATE, desk.server.document.write(" from them"))])
        desk.save()
        assert desk.peer.record.state_vector == desk.document.state_vector()

    def test_what_others_write_does_not_make_an_own_waiting_change_confirmed(self) -> None:
        desk = connected(FakeServer("Hello"))
        desk.save()
        known = desk.peer.record.state_vector
        desk.write("!")
        desk.deliver([sync_message(Sync.UPDATE, desk.server.document.write(" from them"))])
        assert desk.peer.record.state_vector == known

    def test_after_a_restart_the_count_of_offline_changes_is_as_before(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        desk.lose_connection()
        for letter in "abc":
            desk.write(letter)
        assert Desk(desk.server, desk.document, desk.peer.record).peer.waiting == 3

    def test_a_change_that_reached_the_file_without_the_count_still_counts_as_one(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        record = desk.peer.record
        desk.lose_connection()
        desk.write("abc")
        assert Desk(desk.server, desk.document, record).peer.waiting == 1

    def test_a_damaged_record_confirms_nothing(self) -> None:
        desk = Desk(FakeServer(), TextDocument("Hello"), SyncRecord("epoch-1", b"\xff\xff", 0))
        assert desk.peer.waiting == 1

    def test_each_confirmation_is_in_the_record_to_store(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        desk.write("Hi")
        desk.exchange()
        desk.save()
        assert desk.peer.record == SyncRecord("epoch-1", desk.document.state_vector(), 0)
