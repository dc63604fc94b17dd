"""The real Document is what a SyncPeer needs."""

from __future__ import annotations

from cowrite.core.document.document import Document
from cowrite.core.errors import MalformedUpdate
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.sync.awareness import Awareness, User
from cowrite.sync.events import Unreadable
from cowrite.sync.peer import SyncPeer
from cowrite.sync.synced_document import SyncedDocument
from cowrite_server.wire.protocol import Sync, sync_message
from helpers.sync_fakes import FakeServer

MALFORMED = b"\x01\x01\xff"


def joined(document: Document) -> SyncPeer:
    """A peer that hears of the document's own changes."""
    synced: SyncedDocument = document
    peer = SyncPeer(synced, Awareness(document.client_id, User("Ada", "#aa0000")), clock=lambda: 0.0)

    def changed(update: tuple[bytes, Origin]) -> None:
        if update[1] is not Origin.REMOTE:
            peer.local_update(update[0])

    document.observe_updates(changed)
    return peer


def test_a_draft_is_written_on_one_side_and_read_on_the_other() -> None:
    server = FakeServer("Hello")
    document = MendedDocument(clock=lambda: 0)
    peer = joined(document)
    peer.connected()
    for message in server.open():
        peer.receive(message)

    def exchange() -> None:
        while messages := peer.data_to_send():
            for message in messages:
                for answer in server.receive(message):
                    peer.receive(answer)

    exchange()
    assert document.text() == "Hello"
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(5, " 🙂 you")
    assert peer.waiting == 1
    exchange()
    for message in server.save():
        peer.receive(message)
    assert server.document.text == "Hello 🙂 you"
    assert peer.waiting == 0


def test_an_update_that_it_refuses_ends_the_connection_and_not_the_program() -> None:
    document = MendedDocument(clock=lambda: 0)
    peer = joined(document)
    peer.connected()
    (event,) = peer.receive(sync_message(Sync.STEP_2, MALFORMED))
    assert isinstance(event, Unreadable)
    assert str(MalformedUpdate(len(MALFORMED))) in event.reason


def test_what_others_write_before_all_is_here_that_they_knew_is_taken_in_after_that() -> None:
    teammate, document = MendedDocument(clock=lambda: 0), MendedDocument(clock=lambda: 0)
    with teammate.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Hello")
    answer, knows = teammate.state(), teammate.state_vector()
    with teammate.edit(Origin.LOCAL) as edit:
        edit.delete(0, 1)
        edit.insert(0, "J")
    later = teammate.update_since(knows)
    changes: list[str] = []
    document.observe_changes(lambda _change: changes.append(document.text()))
    peer = joined(document)
    peer.connected()
    peer.receive(sync_message(Sync.UPDATE, later))
    assert changes == []
    peer.receive(sync_message(Sync.STEP_2, answer))
    assert changes == ["Hello", "Jello"]
