"""Keeps one document in step with one server.

Sans-I/O: takes bytes and the time, gives bytes and events; a test joins two of them with a loop. Runs on the
document's thread. Knows no sockets: bytes come from and go to `sync.transport` by way of the bridge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from cowrite.errors import CowriteError
from cowrite.sync import state_vector
from cowrite.sync.awareness import Awareness
from cowrite.sync.blob_exchange import BlobExchange
from cowrite.sync.delivery import Delivery
from cowrite.sync.events import (
    Event,
    Joined,
    Leave,
    MembersChanged,
    PresenceChanged,
    RoleChanged,
    Strangers,
    Unreadable,
)
from cowrite.sync.questions import Questions
from cowrite.sync.reception import Reception
from cowrite.sync.record import SyncRecord
from cowrite.sync.status import Kind, Status, close_of
from cowrite.sync.strangers import StrangersGuard
from cowrite.sync.synced_document import SyncedDocument
from cowrite_server.wire.awareness import awareness_message, read_awareness
from cowrite_server.wire.blobs import read_blob_part, read_blob_refused
from cowrite_server.wire.encoding import MalformedMessage, Reader
from cowrite_server.wire.hello import Hello, read_hello
from cowrite_server.wire.protocol import Close, Message, Role, Sync, read_refused, sync_message

MOST_PRESENCE = 1024 * 1024  # bytes of an awareness message that is read at all

MOST_STATE = 16 * 1024  # bytes of what one client says there of itself, many times what programs say

_IF_NEWER = "If it is newer than this cowrite, update cowrite."
_PERMISSION_DENIED = 0  # the only kind of AUTH message (y-protocols/auth.js)


class SyncPeer:
    """This computer's side of one document's connection to a server.

    Whoever owns it tells it what happens (`connected`, `receive`, `local_update`, `disconnected`, `drained`, and
    `tick` at the time of `next_tick`) and after each of these sends what `data_to_send` returns, on the connection
    that is open at that moment. `status` and `record` may have changed after each of them too.
    """

    def __init__(
        self,
        document: SyncedDocument,
        awareness: Awareness,
        *,
        clock: Callable[[], float],
        record: SyncRecord | None = None,
        blobs: BlobExchange | None = None,
        questions: Sequence[Questions[Any]] = (),
        merge: Callable[[Sequence[bytes]], bytes] | None = None,
        cut: Callable[[bytes], Sequence[bytes]] = lambda update: (update,),
        joins: bool = True,
        takes_long: Callable[[bytes], bool] = lambda _update: False,
    ) -> None:
        """Starts unconnected.

        Args:
            document: what is kept in step.
            awareness: this client's presence in the room.
            clock: seconds, monotonic.
            record: what the document file holds of earlier connections; None for a document that is newly shared.
            blobs: the pictures' way to and from the server; None where there are none.
            questions: what else the server is asked, over the same connection.
            merge: makes one update of several; without it each local update travels as a message of its own.
            cut: makes several of an update that has more parts than the server takes at once.
            joins: whether the document came into being to join this room, so that whatever was written in it belongs
                there. Where not, a room that holds another document is left alone (see `StrangersGuard`).
            takes_long: whether to take in a server's document would take so long that it is left to the owner, who is
                told by Coming.
        """
        record = record or SyncRecord()
        self._outbox: list[bytes] = []
        self._delivery = Delivery(document, record, self._outbox.append, merge, clock, cut)
        self._document = document
        self._awareness = awareness
        self._clock = clock
        self._blobs = blobs or BlobExchange(lambda _digest: None)
        self._questions = questions
        self._epoch = record.epoch
        self._closed: Close | None = None
        self._detail, self._rests = "", False
        self._ever_connected = False
        self._confirms = self._epoch is not None  # only servers that confirm have one
        self._guard = StrangersGuard(passed=joins or self._epoch is not None)
        self._reception = Reception(document, self._guard, took_in=self._delivery.took_in, takes_long=takes_long)
        self._online = False
        self._begin()

    def _begin(self) -> None:
        """Forgets all that holds for one connection."""
        self._hello: Hello | None = None
        self._over = False
        self._reception.begin()
        self._outbox.clear()

    @property
    def waiting(self) -> int:
        """Number of local changes and pictures that are not known to be on the server's disk."""
        return self._delivery.waiting + self._blobs.waiting

    @property
    def record(self) -> SyncRecord:
        """What is to be stored in the document file; changes with local updates too."""
        return SyncRecord(self._epoch, self._delivery.acknowledged, self._delivery.waiting)

    @property
    def role(self) -> Role | None:
        """What this client may do, as the server said on this connection; None where it has not said."""
        return self._hello.role if self._hello else None

    @property
    def status(self) -> Status:
        """How the document stands with its server."""
        waiting = self.waiting
        if self._closed is not None:
            return Status.closed(self._closed, waiting)
        if self._guard.are_strangers:
            return Status(Kind.STRANGERS, waiting)
        if not self._online:
            kind = Kind.OFFLINE if self._ever_connected or self._detail else Kind.CONNECTING
            return Status(kind, waiting, confirms=self._confirms, detail=self._detail, rests=self._rests)
        refusal = self._delivery.refusal or self._blobs.rejection
        is_put_right = self._reception.asks_for_all and self._hello is not None and self._hello.role.may_suggest
        if refusal is not None and not is_put_right:
            limit = refusal.limit
            most = getattr(self._hello.limits, limit, None) if self._hello and limit else None
            return Status(Kind.REFUSED, waiting, reason=refusal.reason, limit=limit, most=most)
        if not self._reception.is_synced or (self._delivery.in_flight and not waiting):
            return Status(Kind.SYNCING, waiting)
        if not self._confirms:
            return Status(Kind.SHARED, confirms=False)
        return Status(Kind.WAITING, waiting) if waiting else Status(Kind.SAVED)

    def connected(self) -> None:
        """A connection is open. Asks for what is lacking here."""
        self._begin()
        self._delivery.connected()
        self._guard.connected()
        self._online = self._ever_connected = True
        self._closed, self._detail, self._rests = None, "", False
        self._outbox.append(sync_message(Sync.STEP_1, self._document.state_vector()))

    def merge_strangers(self) -> None:
        """The person wants this document and the room's to become one, with the next connection."""
        self._guard.let_pass()

    def disconnected(self, code: int | None = None, reason: str = "") -> list[Event]:
        """The connection has ended, or could not be made.

        Args:
            code: the server's close code; None where there was no farewell.
            reason: what happened, in one sentence.
        """
        self._begin()
        self._online = False
        self._detail = reason
        self._delivery.disconnected()
        self._blobs.disconnected()
        for questions in self._questions:
            questions.disconnected()
        close = close_of(code)
        self._rests = close is not None and close.rest > 0
        if close is not None and close.final:
            self._closed = close
        return _presence_events(self._awareness.disconnected())

    def local_update(self, update: bytes) -> list[Event]:
        """The user made one change; the document already has it. To be told of each of them, in order."""
        return self._delivery.change(update)

    def receive(self, message: bytes) -> list[Event]:
        """Takes in one message of the server."""
        if not self._online or self._over:
            return []
        return self._reading(lambda: self._received(Reader(message), len(message))) + self._blob_events()

    def _reading(self, read: Callable[[], list[Event]]) -> list[Event]:
        try:
            return read()
        except (MalformedMessage, RecursionError) as error:  # JSON nested too deep raises RecursionError
            return self._give_up(f"The server sent a message that cannot be read ({error}). {_IF_NEWER}")
        except CowriteError as error:
            return self._give_up(f"The server sent a change that cannot be read ({error}).")

    def came(self, take_in: Callable[[], None]) -> list[Event]:
        """The document that was told by Coming can be taken in now; nothing else was received meanwhile.

        Args:
            take_in: does what is left of that; may raise a CowriteError.
        """
        return self._reading(lambda: self._reception.came(take_in)) + self._blob_events()

    def data_to_send(self) -> list[bytes]:
        """Messages for the open connection, oldest first. What is returned counts as sent."""
        if not self._online or self._over:
            return []
        now = self._clock()
        self._delivery.flush()
        entries = self._awareness.entries_to_send(now)
        if entries:
            self._outbox.append(awareness_message(entries))
        self._outbox += self._blobs.messages_to_send(now)
        for questions in self._questions:  # behind the edits, so that the answer holds them
            self._outbox += questions.messages_to_send()
        messages = self._outbox.copy()
        self._outbox.clear()
        return messages

    def drained(self) -> None:
        """The transport has handed all messages over to the network: parts of pictures may follow."""
        self._blobs.drained()

    def leave(self) -> None:
        """Says goodbye to the others in the room. Send what `data_to_send` returns, then close."""
        self._awareness.leave()

    @property
    def asks_for_all(self) -> bool:
        """Whether the server has been asked for its whole document, and has not answered."""
        return self._reception.asks_for_all

    def ask_for_all(self) -> None:
        """Asks for the whole document of the server, which comes as ServerHolds. Then send what `data_to_send`
        returns."""
        self._reception.ask_for_all()
        self._outbox.append(sync_message(Sync.STEP_1, state_vector.EMPTY))

    def send_again(self) -> list[Event]:
        """Sends what the server has refused once more, as the document has it now. Then send what `data_to_send`
        returns."""
        return self._delivery.send_again()

    def send_beside(self, update: bytes) -> None:
        """Sends what builds on nothing that the server has refused, while that waits. Then send what `data_to_send`
        returns.

        Args:
            update: which this copy has taken in.
        """
        self._delivery.send_beside(update)

    def tick(self) -> list[Event]:
        """Does what is due with time: renews presence, drops the silent, asks again for pictures, gives up waiting, and
        tries again what was too large."""
        for questions in self._questions:
            questions.tick()
        late = self._delivery.tick() if self._online and not self._over else []
        return late + _presence_events(self._awareness.tick(self._clock())) + self._blob_events()

    def next_tick(self) -> float | None:
        """When `tick` and `data_to_send` are to be called at the latest, in seconds of the clock."""
        if self._over:
            return None
        times = [
            self._awareness.next_tick(),
            self._delivery.next_tick(),
            self._blobs.next_tick(),
            *(questions.next_tick() for questions in self._questions),
        ]
        return min((time for time in times if time is not None), default=None)

    def _received(self, reader: Reader, size: int) -> list[Event]:
        kind = reader.var_uint()
        match kind:
            case Message.HELLO:
                return self._greeted(read_hello(reader))
            case Message.SYNC:
                return self._sync_received(reader)
            case Message.AWARENESS if size <= MOST_PRESENCE:
                return self._presence_received(reader)
            case Message.QUERY_AWARENESS if self._delivery.answered:
                self._outbox.append(awareness_message(self._awareness.answer(self._clock())))
            case Message.AUTH if reader.var_uint() == _PERMISSION_DENIED:
                return self._leave(Close.NOT_INVITED)
            case Message.SAVED:
                self._delivery.saved(reader.var_uint())
            case Message.REFUSED:
                return self._delivery.refused(read_refused(reader))
            case Message.ROLE if self._hello:
                return self._role_changed(self._hello, Role.told(reader.var_string()))
            case Message.MEMBERS_CHANGED:
                return [MembersChanged()]
            case Message.BLOB_PART:
                self._blobs.part_received(read_blob_part(reader), self._clock())
            case Message.BLOB_SAVED:
                self._blobs.saved(reader.bytes(32))
            case Message.BLOB_MISSING:
                self._blobs.missing(reader.bytes(32), self._clock())
            case Message.BLOB_REFUSED:
                self._blobs.refused(read_blob_refused(reader))
            case _:
                for questions in self._questions:
                    if kind in questions.kinds:
                        questions.receive(kind, reader)
                # any other is a type of a later version
        return []

    def _presence_received(self, reader: Reader) -> list[Event]:
        with suppress(MalformedMessage):  # what others' programs tell of where they are is not worth the connection
            return _presence_events(self._awareness.receive(read_awareness(reader, MOST_STATE), self._clock()))
        return []

    def _greeted(self, hello: Hello) -> list[Event]:
        if self._epoch is not None and self._epoch != hello.epoch:
            return self._leave(Close.EPOCH_CHANGED)
        if self._hello is None and self._delivery.answered:
            raise MalformedMessage("a hello that is not the first message")
        self._epoch = hello.epoch
        self._hello = hello
        self._confirms = True
        self._delivery.greeted(hello)
        self._awareness.greeted(hello.name)
        self._blobs.connected(hello.limits, hello.role.may_comment)
        for questions in self._questions:
            questions.connected(hello)
        return [Joined(hello)]

    def _role_changed(self, hello: Hello, role: Role) -> list[Event]:
        self._hello = hello._replace(role=role)
        self._blobs.connected(hello.limits, role.may_comment)
        return [RoleChanged(role), *self._delivery.role_changed(self._hello, hello.role)]

    def _sync_received(self, reader: Reader) -> list[Event]:
        # Agreeing on the subprotocol proves nothing: the `ws` package, under most Yjs servers, agrees to any. Only
        # a hello, and that as the first message, shows a server that confirms.
        self._confirms = self._hello is not None
        kind, content = reader.var_uint(), reader.var_bytes()
        match kind:
            case Sync.STEP_1:
                return self._meet(content)
            case Sync.STEP_2 | Sync.UPDATE:
                return self._reception.receive(kind, content)
            case _:
                raise MalformedMessage("a sync message of no known kind")

    def _meet(self, server: bytes) -> list[Event]:
        """Answers the server's step 1, and takes in what came before it, unless the room holds another document."""
        here = self._document.state_vector()
        held = self._guard.meet(here, server)
        if self._guard.are_strangers:
            self._over = True
            self._epoch = None
            return [Strangers()]
        if not self._delivery.answered:  # and not earlier: to a room that holds a stranger nobody shows name and caret
            self._awareness.connected()
        refused = self._delivery.answer(here, server)
        return [*refused, *(event for early in held for event in self._reception.receive(*early))]

    def _leave(self, close: Close) -> list[Event]:
        self._over = True
        self._closed = close
        return [Leave(close)]

    def _give_up(self, reason: str) -> list[Event]:
        self._over = True
        return [Unreadable(reason)]

    def _blob_events(self) -> list[Event]:
        return list(self._blobs.take_events())


def _presence_events(has_changed: bool) -> list[Event]:
    return [PresenceChanged()] if has_changed else []
