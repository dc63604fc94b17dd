"""SharedDocument: keeps a Document in step with a server.

Runs on the GUI thread. The SyncPeer decides what to say; the transport says it, on the network thread
(`transport_bridge`). What the network brings is gathered and taken in once per turn of the event loop.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.file.image_store import ImageStore
from cowrite.bridge.network_thread import NetworkThread
from cowrite.bridge.shared.arriving import Arriving
from cowrite.bridge.shared.history import SharedHistory
from cowrite.bridge.shared.images import SharedImages
from cowrite.bridge.shared.members import SharedMembers
from cowrite.bridge.shared.presence import SharedPresence
from cowrite.bridge.shared.refused_changes import RefusedChanges
from cowrite.bridge.shared.sealed import Reach, SharedSealed
from cowrite.bridge.shared.transport_bridge import TransportBridge
from cowrite.bridge.shared.unsaved_text import UnsavedText
from cowrite.bridge.single_shot import single_shot
from cowrite.clock import milliseconds_now, steady_milliseconds
from cowrite.core.document.document import Document
from cowrite.core.document.instalments import instalments
from cowrite.core.text.origin import Origin
from cowrite.sync.awareness import Awareness, User
from cowrite.sync.blob_exchange import BlobArrived, BlobExchange, BlobRejected, BlobSaved
from cowrite.sync.events import (
    Coming,
    Joined,
    Leave,
    MembersChanged,
    RoleChanged,
    ServerHolds,
    Strangers,
    Synced,
    Unreadable,
    UpdateHeld,
    UpdateRefused,
)
from cowrite.sync.history_questions import HistoryQuestions
from cowrite.sync.identity import Identity
from cowrite.sync.link import Link
from cowrite.sync.member_questions import MemberQuestions
from cowrite.sync.peer import SyncPeer
from cowrite.sync.record import SyncRecord
from cowrite.sync.rights import Rights
from cowrite.sync.sealed_questions import SealedQuestions
from cowrite.sync.server_clock import ServerClock
from cowrite.sync.status import Kind, Status
from cowrite.sync.transport_events import Closed, Drained, Opened, Received, TransportEvent
from cowrite_server.document.updates import merge
from cowrite_server.wire.protocol import Role

_TURN = 0.03  # seconds that messages are taken in at a time


class SharedDocument(QObject):
    """One document's life on a server.

    Args:
        document: the draft.
        link: where it is shared.
        record: what its file knows of the server.
        user: who sits here.
        images: its images.
        saved_blobs: names of the images that the server has.
        network: where the transport runs.
        identity: by what the server knows this person again.
        joins: whether the document came into being to join this room.
        presence_clock: beyond that of an earlier presence of this copy of the document, see `Awareness`.
        called: what the server called this person the last time; empty where it left that to them.
        parent: Qt parent.
    """

    status_changed = Signal(object)
    """Status."""
    rights_changed = Signal(object)
    """Rights, as the server says."""
    record_changed = Signal(object)
    """SyncRecord, to be kept in the document file."""
    refused = Signal(object)
    """UpdateRefused or BlobRejected: the server did not take a change or an image from here."""

    def __init__(
        self,
        document: Document,
        link: Link,
        record: SyncRecord,
        user: User,
        images: ImageStore,
        saved_blobs: frozenset[str],
        network: NetworkThread,
        *,
        identity: Identity,
        joins: bool,
        presence_clock: int,
        called: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._link = link
        self._identity = identity
        self._role: Role | None = None
        self._takes_said = False
        self._clock = ServerClock(milliseconds_now, steady_milliseconds)
        awareness = Awareness(document.client_id, user, presence_clock, called)
        self.presence = SharedPresence(document, awareness, self._pump_soon, self)
        blobs = BlobExchange(images.blob)
        history = HistoryQuestions()
        self.history = SharedHistory(history, self._pump_soon, self)
        members = MemberQuestions(time.monotonic)
        self.members = SharedMembers(members, self._pump_soon, self)
        sealed = SealedQuestions()
        self.sealed = SharedSealed(sealed, self._pump_soon, self)
        self.arriving = Arriving(document, network, self._came, self)
        self._peer = SyncPeer(
            document,
            awareness,
            clock=time.monotonic,
            record=record,
            blobs=blobs,
            questions=(history, members, sealed),
            merge=merge,
            cut=instalments,
            joins=joins,
            takes_long=self.arriving.takes,
        )
        self._status = self._peer.status
        self._record = self._peer.record
        self._transport = TransportBridge(link, record.epoch, identity, network, self._take_in)
        self._pump_timer = single_shot(self, self._pump)
        self._tick_timer = single_shot(self, self._tick)
        self._turn_timer = single_shot(self, self._take_in)
        self._unsaved_text = UnsavedText(document, network, self)
        self._refused = RefusedChanges(document, self._peer, self._pump_soon)
        self._unobserve = document.observe_updates(self._on_update)
        self._end_announcements = document.observe_announcements(lambda _: self._pump_soon())
        self.images = SharedImages(document, images, blobs, saved_blobs, self._pump_soon, self)
        self._transport.begin()

    @property
    def link(self) -> Link:
        """Where the document is shared."""
        return self._link

    @property
    def status(self) -> Status:
        """How the document stands with its server."""
        return self._status

    @property
    def role(self) -> Role | None:
        """What the server lets this person do; None until it says."""
        return self._role

    @property
    def ahead(self) -> int | None:
        """Milliseconds by which the server's clock is ahead of this computer's; None until the server says its time."""
        return self._clock.ahead

    @property
    def may_edit(self) -> bool:
        """Whether the server lets this person write; True until it says otherwise."""
        return self._role is None or self._role.may_edit

    def find_unsaved_text(self, then: Callable[[str], None]) -> None:
        """Calls back with what was written here and is not known to be on the server; see `UnsavedText.find`."""
        self._unsaved_text.find(self._peer.record.state_vector, then)

    def set_user(self, user: User) -> None:
        """Shows another name or colour to the others."""
        self.presence.show_user(user)
        if user.name != self._identity.name:
            self._pump()  # what was said by the name so far comes there first
            self._identity = replace(self._identity, name=user.name)
            self._transport.use_identity(self._identity)
            if self.members.problem is None:
                self.members.rename(user.name)

    def merge_strangers(self) -> None:
        """Puts this document and the one that the room holds together."""
        self._peer.merge_strangers()
        self.retry_now()

    def retry_now(self) -> None:
        """Connects again at once."""
        self._transport.retry_now()

    def start_leaving(self) -> None:
        """Says goodbye; the document stays as it is, and nothing that comes later changes it.

        Many can leave at the same time so; `leave` then waits for what is left of the second that each may take.
        """
        if self._transport.has_left:
            return
        if self.arriving.end():
            self._peer.came(lambda: None)  # or what the server has sent would count as written here
        self._document.settle()
        self._transport.stop_listening()
        self._unobserve()
        self._end_announcements()
        self._document.mends = True
        self._pump_timer.stop()
        self._tick_timer.stop()
        self._peer.leave()
        self._send()
        self._tell_record()
        self.members.end()
        self.sealed.end()
        self.images.end()
        self._unsaved_text.end()
        self._transport.start_leaving()
        self.history.end()

    def leave(self) -> None:
        """Says goodbye and ends, see `TransportBridge.leave`."""
        self.start_leaving()
        self._transport.leave()

    def offer_images(self) -> None:
        """Has the server get the images that it may lack, where this person may put any there."""
        if self._role is None or self._role.may_comment:
            self.images.offer_all()

    # From the document

    def _on_update(self, update: tuple[bytes, Origin]) -> None:
        if update[1] in (Origin.REMOTE, Origin.STORAGE):
            return
        self._react(self._peer.local_update(update[0]))
        self._pump_soon()

    # From the network

    def _take_in(self) -> None:
        teammates, waiting = False, self._transport.waiting
        until = time.monotonic() + _TURN
        while waiting and not self._transport.has_left and not self.arriving:
            if time.monotonic() > until:  # of a flood of messages; what the person does comes between
                self._turn_timer.start(0)
                break
            try:
                teammates = self._taken(waiting[0]) or teammates
            except Exception:
                # Whatever is half done, a new connection's handshake puts right. The rest must not wait for a bell.
                self._transport.drop("Something went wrong inside cowrite.")
                if waiting:
                    waiting.popleft()
                if waiting:
                    self._transport.ring()
                raise
            if waiting:  # whoever was told of it may have left
                waiting.popleft()
        self._transport.tell_taken()
        self._pump()
        if teammates:
            self.presence.changed.emit()

    def _taken(self, event: TransportEvent) -> bool:
        """Takes in one event; says whether somebody came, moved or left."""
        match event:
            case Opened(connection):
                self._transport.opened(connection)
                self._peer.connected()
                self.presence.show_role(self._role)
            case Received(connection, message) if self._transport.is_at(connection):
                self._transport.take(event.cost)
                return self._react(self._peer.receive(message))
            case Drained(connection) if self._transport.is_at(connection):
                self._peer.drained()
            case Closed(_, code, reason):
                self._transport.closed()
                self.sealed.show_synced(False)
                self._react(self._peer.disconnected(code, reason))
                self.members.changed.emit()
                return True
            case _:
                pass
        return False

    def _came(self, take_in: Callable[[], None]) -> None:
        """The server's document, of which the peer has told, can be taken in."""
        self._react(self._peer.came(take_in))
        self._take_in()

    def _react(self, events: Sequence[object]) -> bool:
        """Does what events ask for; says whether somebody came, moved or left."""
        for event in events:
            match event:
                case Joined(hello):
                    self._refused.begin_anew()
                    self._clock.hear(hello.now)
                    self._transport.use_epoch(hello.epoch)
                    # From those to whom it gives no name it takes nothing that they would say by name.
                    self._take_role(hello.role, takes_said=hello.takes_said and hello.name is not None)
                    self.members.changed.emit()
                case RoleChanged(role):
                    self._take_role(role, takes_said=self._takes_said)
                    if self.sealed.reach is not Reach.AWAY:
                        self.offer_images()
                case MembersChanged():
                    self.members.changed.emit()
                case UpdateRefused() if not self._refused.go_on(event, self._role):
                    self.refused.emit(event)
                case UpdateHeld(refusal):
                    self._refused.go_on(refusal, self._role)
                case ServerHolds(update):
                    self._react(self._refused.say_anew(update, self._role))
                case Coming(update):
                    self.arriving.begin(update)
                case Synced():  # and not before, for the room may hold a stranger, who gets no images and no notes
                    self.sealed.show_synced(True)
                    self.offer_images()
                case Strangers():
                    self._transport.halt(None, "The room holds another document.")
                case Leave(close):
                    self._transport.halt(int(close), close.sentence)
                case Unreadable(reason):
                    self._transport.drop(reason)
                case BlobArrived(digest, blob):
                    self.images.take(digest, blob)
                case BlobSaved(digest):
                    self.images.note_saved(digest)
                case BlobRejected():
                    self.images.withdraw_unnamed()
                    self.refused.emit(event)
                case _:
                    pass
        # A caret can become known with the text that it stands in, so every change may move one.
        return bool(events)

    def _take_role(self, role: Role, *, takes_said: bool) -> None:
        if (role, takes_said) != (self._role, self._takes_said):
            self._role, self._takes_said = role, takes_said
            self._document.mends = role.may_suggest
            self.presence.show_role(self._role)
            self.rights_changed.emit(Rights.of(role, takes_said=takes_said))
            self.sealed.show_role()

    # Sending

    def _pump_soon(self) -> None:
        if not self._pump_timer.isActive() and not self._transport.has_left:
            self._pump_timer.start(0)

    def _tick(self) -> None:
        if self._react(self._peer.tick()):
            self.presence.changed.emit()
        self._pump()

    def _pump(self) -> None:
        if self._transport.has_left:
            return
        self._document.settle()
        self._send()
        self.history.tell()
        self.members.tell()
        self.sealed.tell()
        status = self._peer.status
        if status != self._status:
            self._status = status
            if status.kind is Kind.SAVED:
                self._refused.begin_anew()
            self.status_changed.emit(status)
        self._tell_record()
        due = self._peer.next_tick()
        if due is not None:
            self._tick_timer.start(max(0, round((due - time.monotonic()) * 1000)))

    def _tell_record(self) -> None:
        record = self._peer.record
        if record != self._record:
            self._record = record
            self.record_changed.emit(record)

    def _send(self) -> None:
        self._transport.send(self._peer.data_to_send())
