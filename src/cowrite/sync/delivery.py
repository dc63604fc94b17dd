"""Brings the changes made here to the server's disk, or holds them back where the server does not take them.

Sans-I/O, like the SyncPeer that it is a part of. Changes travel as updates while they happen, and in one step 2 after
a handshake, a refusal or a better role.

What has more parts than the server takes at once goes in instalments.

What is too large for the server may fit later, once something was deleted here or by others. So it is tried again from
time to time. Where it is too much in bytes or for the document, what only deletes goes before it, which a full document
still takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cowrite.sync import state_vector
from cowrite.sync.events import Event, UpdateHeld, UpdateRefused
from cowrite.sync.ledger import Ledger
from cowrite.sync.record import SyncRecord
from cowrite.sync.synced_document import SyncedDocument
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.protocol import Reason, Refused, Role, Sync, sync_message

FIRST_WAIT = 4.0  # seconds after which what was too large is tried again, and after which what was deleted goes out
LONGEST_WAIT = 64.0  # seconds between two tries; each is twice as long as the one before

_PARTS = "update_seconds"  # the limit that what has very many parts is beyond
_DELETES_ONLY = b"\x00"  # how an update begins that has no new content in it


class Delivery:
    """The local changes of one document on their way.

    Owns the count of them (a Ledger), the updates of this turn, the last refusal, and how much is acknowledged.
    """

    def __init__(
        self,
        document: SyncedDocument,
        record: SyncRecord,
        send: Callable[[bytes], None],
        merge: Callable[[Sequence[bytes]], bytes] | None,
        clock: Callable[[], float],
        cut: Callable[[bytes], Sequence[bytes]] = lambda update: (update,),
    ) -> None:
        """Starts unconnected.

        Args:
            document: whose changes.
            record: what is known of earlier connections.
            send: takes a message for the open connection.
            merge: makes one update of several; without it each local update travels as a message of its own.
            clock: seconds, monotonic.
            cut: makes several of an update that has very many parts.
        """
        self._document = document
        self._cut = cut
        self._clock = clock
        self._send = send
        self._merge = merge
        self._acknowledged = record.state_vector or state_vector.EMPTY  # as a damaged file may have it
        # Edits that reached the file without the count reaching it show as at least one.
        self._ledger = Ledger(max(record.waiting, int(record.is_behind(document.state_vector()))))
        self._updates: list[bytes] = []
        self.connected()

    def connected(self) -> None:
        """Forgets all that holds for one connection."""
        self._hello: Hello | None = None
        self._answered = False
        self._refusal: UpdateRefused | None = None
        self._trial = range(0)  # the messages by which what was refused is tried again
        self._instalments_of: tuple[bytes, Sequence[bytes]] = b"", ()  # what was cut last
        self._cuts = False  # whether the server has refused something for its many parts
        self._beside: set[int] = set()  # the messages that build on nothing that was refused
        self._tried_at = 0.0
        self._wait = FIRST_WAIT
        self._updates.clear()

    @property
    def waiting(self) -> int:
        """Number of local changes that are not known to be on the server's disk."""
        return self._ledger.waiting

    @property
    def in_flight(self) -> bool:
        """Whether the server still owes a confirmation."""
        return self._ledger.in_flight

    @property
    def acknowledged(self) -> bytes:
        """The state vector of what the server has confirmed or sent itself."""
        return self._acknowledged

    @property
    def refusal(self) -> UpdateRefused | None:
        """Why changes are held back on this connection; None where they are not."""
        return self._refusal

    @property
    def answered(self) -> bool:
        """Whether the server has got all that it lacked, so that changes follow as they happen."""
        return self._answered

    def disconnected(self) -> None:
        """The connection has ended: what was not confirmed has to be sent again."""
        self.connected()
        self._ledger.disconnected()

    def greeted(self, hello: Hello) -> None:
        """The server has said what this client may do and how large a message may be."""
        self._hello = hello

    def change(self, update: bytes) -> list[Event]:
        """Takes one local change, which the document already has."""
        self._ledger.change()
        role = self._hello.role if self._hello is not None else Role.EDITOR
        if not role.may_comment:
            return self._refuse(role.refusal, None)
        if update[:1] == _DELETES_ONLY:
            self._wait = FIRST_WAIT  # it may be what was too much
        # What those write who may comment and not edit, the server judges; behind what it has refused it takes nothing.
        if not role.may_edit and self._refusal is not None and not self._trial:
            self._ledger.hold()
            return [UpdateHeld(self._refusal)]
        if self._answered and not self._ledger.holding:
            if self._is_too_large(sync_message(Sync.UPDATE, update)):
                return self._refuse(Reason.TOO_LARGE, "message_bytes")
            self._updates.append(update)
        # Otherwise the bytes are not kept: step 2 of the next handshake carries everything that the server lacks.
        return []

    def answer(self, here: bytes, server: bytes) -> list[Event]:
        """Sends what the server lacks; from now on local updates follow as they happen.

        Args:
            here: the document's state vector.
            server: the server's.

        Raises:
            MalformedMessage: `server` is no state vector.
        """
        if state_vector.is_ahead(here, server) and not self._ledger.waiting:
            self._ledger.change()  # the server has lost something that it had, or that another client had sent it
        self._answered = True
        role = self._hello.role if self._hello is not None else Role.EDITOR
        if not role.may_edit and not self._ledger.waiting:
            return []
        return self._send_since(server) if role.may_comment else self._refuse(role.refusal, None)

    def role_changed(self, hello: Hello, before: Role) -> list[Event]:
        """Another role: what was held back is sent with a better one, and with a worse one nothing more is.

        Args:
            hello: what holds now.
            before: the role until now.
        """
        self._hello = hello
        if not hello.role.may_edit:
            # What is on its way, and what may be a comment, the server answers itself.
            if self._ledger.holding or (self._updates and not hello.role.may_comment):
                return self._refuse(hello.role.refusal, None)
        elif not before.may_edit and self._answered:
            return self._send_since(self._acknowledged)
        return []

    def send_again(self) -> list[Event]:
        """Sends what the server has not taken once more, with all that came after it: it may be another thing now."""
        return self._send_since(self._acknowledged) if self._answered else []

    def send_beside(self, update: bytes) -> None:
        """Sends what builds on nothing that was refused, while that is held back."""
        message = sync_message(Sync.UPDATE, update)
        if not self._is_too_large(message):
            self._ledger.send_update(0, None)
            self._beside.add(self._ledger.newest)
            self._send(message)

    def next_tick(self) -> float | None:
        """When `tick` is to be called, in seconds of the clock."""
        return self._tried_at + self._wait if self._is_too_much and not self._trial else None

    def tick(self) -> list[Event]:
        """Tries again, when it is due, what was too large."""
        due = self.next_tick()
        if due is None or self._clock() < due:
            return []
        assert self._hello is not None
        before = self._refusal
        known = self._acknowledged
        if self._hello.role.may_edit and not (before is not None and before.limit == _PARTS):
            self._send_deletions(known)
        first = self._ledger.newest + 1
        events = self._send_since(known)
        if not events:
            self._refusal, self._trial = before, range(first, self._ledger.newest + 1)  # until the server has it
        return [] if events == [before] else events

    def refused(self, refused: Refused) -> list[Event]:
        """The server did not take a message."""
        before, was_trial = self._refusal, refused.update in self._trial
        is_news = self._ledger.refused(refused.update)
        refusal = UpdateRefused(refused.reason, refused.limit)
        if not is_news and (self._refusal in (None, refusal) or self._trial):
            return []  # it was held back for that, or has been sent again meanwhile
        if refused.limit == _PARTS and not self._cuts and self._may_cut:
            self._cuts = True
            return self._send_since(self._acknowledged)
        builds_on_it = refused.reason is Reason.INCOMPLETE and not was_trial
        if self._refusal is not None and (builds_on_it or refused.update in self._beside):
            return []  # why something was refused before says more
        events = self._refuse(refused.reason, refused.limit)
        return [] if was_trial and self._refusal == before else events

    def saved(self, count: int) -> None:
        """The first `count` messages of this connection are on the server's disk."""
        newest = self._ledger.saved(count)
        if self._trial and self._trial[-1] <= count:
            self._refusal, self._trial = None, range(0)
        if self._ledger.waiting or self._ledger.in_flight or self._refusal is not None:
            self._acknowledged = newest or self._acknowledged
        else:
            self._acknowledged = self._document.state_vector()
            self._instalments_of = b"", ()

    def took_in(self, update: bytes) -> None:
        """The document has taken in an update of the server."""
        if self._refusal is not None:  # what it has is not to be sent with what was refused
            self._acknowledged = state_vector.with_update(self._acknowledged, update)
        if self._answered and self._refusal is None and not self._ledger.waiting:
            # All that the document has is confirmed, or has just come from the server itself.
            self._acknowledged = self._document.state_vector()

    def flush(self) -> None:
        """Sends the updates of this turn, merged into one message where they fit."""
        updates, self._updates = self._updates, []
        changes = 1
        if len(updates) > 1 and self._merge is not None:
            merged = self._merge(updates)
            if not self._is_too_large(sync_message(Sync.UPDATE, merged)):
                changes, updates = len(updates), [merged]
        for number, update in enumerate(updates, start=1):
            message = self._send_ahead(Sync.UPDATE, update)
            if self._hello is None:
                self._ledger.send_unconfirmed()
            else:
                is_last = number == len(updates)
                self._ledger.send_update(changes, self._document.state_vector() if is_last else None)
            self._send(message)

    @property
    def _may_cut(self) -> bool:
        """Whether what is written may go in instalments; the server judges as a whole what those write who may not
        edit."""
        return self._hello is not None and self._hello.role.may_edit

    def _send_ahead(self, kind: Sync, update: bytes) -> bytes:
        """The message of an update; where the server does not take so much at once, that of its last instalment, and
        the others have been sent."""
        *ahead, last = self._instalments(update) if self._cuts and self._may_cut else (update,)
        for each in ahead:
            self._ledger.send_update(0, None)
            self._send(sync_message(kind, each))
        return sync_message(kind, last)

    def _instalments(self, update: bytes) -> Sequence[bytes]:
        """Cuts an update; what was held back is tried again many times, and cut once while it stays the same."""
        if self._instalments_of[0] != update:
            self._instalments_of = update, self._cut(update)
        return self._instalments_of[1]

    def _send_since(self, server: bytes) -> list[Event]:
        """Sends everything that the owner of a state vector lacks, refused changes too."""
        here = self._document.state_vector()
        update = self._document.update_since(server)
        self._updates.clear()  # step 2 has them
        if self._is_too_large(sync_message(Sync.STEP_2, update)):
            return self._refuse(Reason.TOO_LARGE, "message_bytes")
        self._refusal, self._trial = None, range(0)
        message = self._send_ahead(Sync.STEP_2, update)
        if self._hello is None:
            self._ledger.send_unconfirmed()
        else:
            self._ledger.send_everything(here)
        self._send(message)
        return []

    def _send_deletions(self, known: bytes) -> None:
        """Sends what was deleted of what the server has: it builds on nothing that was refused."""
        update = state_vector.deletions_of_known(self._document.update_since(self._document.state_vector()), known)
        message = sync_message(Sync.STEP_2, update)
        if update != EMPTY_UPDATE and not self._is_too_large(message):
            self._ledger.send_update(0, None)
            self._send(message)

    @property
    def _is_too_much(self) -> bool:
        """Whether what is held back is so only for its size."""
        return self._refusal is not None and self._refusal.reason is Reason.TOO_LARGE

    def _is_too_large(self, message: bytes) -> bool:
        return self._hello is not None and len(message) > self._hello.limits.message_bytes

    def _refuse(self, reason: Reason, limit: str | None) -> list[Event]:
        self._ledger.hold()
        self._updates.clear()
        self._wait = min(2 * self._wait, LONGEST_WAIT) if self._refusal is not None else FIRST_WAIT
        self._tried_at = self._clock()
        self._refusal, self._trial = UpdateRefused(reason, limit), range(0)
        return [self._refusal]
