"""Room: the server's side of one shared document.

Lives on the server's event loop. What a client sends at once (and what all send while the room rests) is gathered
(`gathering`), added to the room's own copy of the document (`intake`), passed on as one frame per client
(`participants`), and appended to the log (`tail`). A copy that an update broke is read again (`repair`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from time import monotonic

from cowrite_server.bus.bus import Bus
from cowrite_server.document.permissions import Gate
from cowrite_server.document.presence import Presence
from cowrite_server.document.replica import Replica
from cowrite_server.document.space import Space
from cowrite_server.errors import BrokenUpdate
from cowrite_server.figures import Figures
from cowrite_server.rooms.burden import Burden, Scales, part_of
from cowrite_server.rooms.client import Client
from cowrite_server.rooms.compaction import Done
from cowrite_server.rooms.gathering import Gathering
from cowrite_server.rooms.intake import Intake, Turn
from cowrite_server.rooms.loading import LoadedRoom, Loader
from cowrite_server.rooms.log import Log
from cowrite_server.rooms.participants import Participants
from cowrite_server.rooms.repair import Repair
from cowrite_server.rooms.siblings import Siblings
from cowrite_server.rooms.tail import Tail
from cowrite_server.settings.settings import Settings
from cowrite_server.sockets.framing import frame
from cowrite_server.store.records import RoomRecord
from cowrite_server.wire.protocol import Close, Role, Sync, sync_message

_logger = logging.getLogger(__name__)

_UPDATE = Sync.UPDATE  # read off its class, it would cost ten times as much

_LONG = 0.002
"""Seconds of judging for which a turn does not go on gathering."""


class Room:
    """One shared document with the clients that have it open."""

    def __init__(
        self,
        record: RoomRecord,
        loaded: LoadedRoom,
        loader: Loader,
        log: Log,
        bus: Bus,
        settings: Settings,
        figures: Figures,
        now: Callable[[], int],
        compact: Callable[[Done], None],
        scales: Scales,
    ) -> None:
        """A room without clients.

        Args:
            record: which room.
            loaded: what was read of it.
            loader: reads it again, or what it lacks.
            log: where its updates go.
            bus: joins it with the same room on other nodes.
            settings: the server's.
            figures: the server's.
            now: gives milliseconds since 1970.
            compact: begins to compact what is stored of it, and tells what came of it.
            scales: weigh its document.
        """
        self.record = record
        self.lost = False
        """Whether nobody knows any more what the document is; the room has to be read anew, by another Room."""
        self.awaited = 0
        """How many updates that it may get are still worked on elsewhere; it stays in memory for them."""
        self.restoring = asyncio.Lock()
        """Held by the one restoring that is worked out: two at once would bring the same back twice."""
        presence = Presence()
        self._gate = Gate(presence)
        for client, member in loaded.writers.items():
            self._gate.saw(client, member)
        self._to_judge = 0  # how many updates of the turn
        self._gathering = Gathering(settings.merge_seconds, self.flush)
        self.pass_on = self._gathering.pass_on
        """Passes on what was submitted and shown, now or with the first that comes when the room has rested."""
        self.participants = Participants(presence, self._gate, self._gathering, figures)
        self._intake = Intake(record.name, loaded.replica, self._gate)
        self.siblings = Siblings(
            record, self, self.participants, bus, partial(loader.read_after, record), settings.gap_seconds
        )
        self._compact = compact
        self._tail = Tail(record, log, self.siblings, figures, now, self._begin_compaction, settings.snapshot_bytes)
        self.siblings.loaded(loaded.seq)
        self._tail.measure(loaded.tail_bytes, loaded.snapshot_bytes)
        self._loader = loader
        self._settings = settings
        self._figures = figures
        self.space = Space(
            settings.limits.document_bytes, loaded.snapshot_bytes + loaded.tail_bytes, self._measure, monotonic
        )
        """How much the document may still grow; what is given space has to be submitted."""
        self._repair: Repair | None = None
        self._log_lacks = False  # entries that a repair cannot find again
        self.burden = Burden(record.name, settings.document_seconds, scales, self.document, self._weighed, monotonic)
        """How slow the document is to read, which may keep it from growing."""
        self.burden.note(self._intake.replica.seconds, ())

    @property
    def known(self) -> Replica | None:
        """The document, to be looked at; None while nobody knows what it is."""
        return self._intake.replica if self._repair is None and not self.lost else None

    @property
    def settled(self) -> bool:
        """Whether nothing is left to take in, to pass on or to save."""
        taken_in = not self._gathering.turn and not self._gathering.arrived and not self.siblings.behind
        return taken_in and not self._tail.unsaved and self._repair is None

    @property
    def full(self) -> bool:
        """Whether as many clients are here as the limits allow."""
        return len(self.participants.clients) >= self._settings.limits.room_clients

    def state(self) -> bytes:
        """The state vector of the document."""
        return self._intake.replica.state()

    def join(self, client: Client) -> None:
        """Lets a client take part."""
        self.participants.join(client)
        self.burden.hold(client)

    def leave(self, client: Client) -> None:
        """A client is gone; what it sent before still counts."""
        self.participants.leave(client)
        if client in self._gathering.turn:
            self.flush()  # it may have no other copy, and the room may rest
        self.burden.leave(client)
        if self._repair is not None:
            self._repair.leave(client)
        if all(other.role.may_edit for other in self.participants.clients):
            self._gate.forget()

    def refuses(self, update: bytes, role: Role) -> str | None:
        """The limit by which the document takes no such update; where it is None, the update has to be submitted.

        Args:
            update: as `read_update` gives it.
            role: of its sender.
        """
        if self.burden.refuses(update, role):
            return "document_seconds"
        return None if self.space.take(update, part_of(role)) else "document_bytes"

    def submit(self, client: Client, number: int, update: bytes, *, is_alone: bool = False) -> None:
        """Takes an update; it goes out when the caller has no more at the moment and says so by `pass_on`.

        Args:
            client: its sender; what it may do is looked at when the update is added to the document.
            number: the update's number on its connection.
            update: as `read_update` gives it; an empty one, which anybody may send, counts as saved when all is that
                came before it.
            is_alone: whether it is not empty, and its sender has no more at the moment; where there is nothing else to
                pass on, it goes out at once.
        """
        if self.lost:
            client.close(Close.STORE_FAILED)
            return
        if self.burden.is_unknown:
            self.burden.hold(client, len(update))
        if is_alone and client.role.may_edit and self._repair is None and self._gathering.may_pass_on:
            self._pass_on_alone(client, number, update)
            return
        is_much = self._gathering.add(client, number, update)
        if not client.role.may_edit:
            # What takes long is not left to the end of the turn: those behind it go on when it is theirs, see `Turns`.
            self._to_judge += 1
            is_much |= self._to_judge * self._gate.seconds > _LONG
        if self._repair is not None:
            self._repair.hold((client,))
        if is_much:
            self.flush()

    def find(self, update: bytes, is_well: bool | None) -> None:
        """Somebody has found out of an update that was put off whether it stands where it can; see `Placing.find`."""
        self._gate.find(update, is_well)

    def ask(self, client: Client, state: bytes) -> None:
        """Answers what a document with this state vector lacks, now or, to the last that each client asked, as soon as
        the document is whole again.

        Raises:
            BrokenUpdate: `state` is no state vector.
        """
        self.flush()  # or the answer would contain what is passed on a moment later once more
        if self._repair is not None:
            self._repair.questions[client] = state
            return
        client.answered(*self._intake.replica.answer(state))

    def deletes_few(self, update: bytes, most: int) -> bool:
        """Whether an update that brings no items deletes few places more; not while nobody knows what the document is.

        Raises:
            BrokenUpdate: it is no update.
        """
        known = self.known
        return known is not None and known.deletes_few(update, most)

    def take(self, updates: Sequence[bytes]) -> None:
        """Takes updates that are in the log: what other nodes wrote."""
        if not self.lost:
            self.space.size += sum(map(len, updates))  # taken as it is: there is no saying no to it any more
            self._gathering.arrive(updates)

    def read_again(self) -> None:
        """Reads the document from the store: it lacks what its log does not have any more."""
        if self.known is not None:
            self._begin_repair(self._gathering.turn)

    def write_again(self) -> None:
        """Appends the whole document to the log, which has lost some of it.

        While it is read again, only its clients have that: they are sent away, and bring it when they come back.
        """
        self._log_lacks = self._repair is not None
        document = self.document()
        if document is not None:
            self._tail.append_whole(document)

    def flush(self) -> None:
        """Passes on and appends to the log what has come in."""
        gathering = self._gathering
        if self.lost or self._repair is not None:
            gathering.stop()
            return
        turn, moved = gathering.take()
        if not (turn or moved or gathering.arrived):
            return
        self._to_judge = 0
        turn_begun, begun = gathering.begun, monotonic()
        added, refused = self._intake.added, self._intake.refused_bytes
        accepted, contents = self._intake.accept(turn, saved=not self._tail.unsaved) if turn else ([], [])
        # Or whoever may not write could use up the space of those who may.
        self.space.size -= self._intake.refused_bytes - refused
        arrived: list[bytes] = []
        if gathering.arrived and not self._intake.broken:
            arrived, gathering.arrived = self._intake.take(gathering.arrived), []
        participants = self.participants
        self.burden.note(self._intake.replica.seconds, participants.clients)
        if self._intake.broken:
            self._begin_repair(turn)
        presence = participants.presence.message(moved) if moved else None
        presence_frame = b"" if presence is None else frame(presence)
        is_echo = len(accepted) == 1 and not arrived and not self._intake.completed
        self._send([*contents, *arrived], presence_frame, sole=accepted[0][0] if is_echo else None)
        self._figures.updates += self._intake.added - added
        if accepted:
            self._figures.broadcast.add(monotonic() - turn_begun)
            self._tail.append(accepted)
        if participants.moved:
            self.siblings.tell_moved()
        gathering.passed_on(monotonic() - begun, len(participants.clients))

    def _send(self, updates: Iterable[bytes], presence: bytes, sole: Client | None) -> None:
        """Sends updates and a frame of presence, if there are any, to all; to `sole`, whose the updates are, the frame
        alone."""
        if sole is not None and presence:
            sole.send(presence)
        self.participants.send(b"".join(frame(sync_message(_UPDATE, update)) for update in updates) + presence, sole)

    def _pass_on_alone(self, client: Client, number: int, update: bytes) -> None:
        """Passes on the one update that there is, of somebody who may edit, and appends it to the log.

        Does what `flush` does for many; nearly all updates come so.
        """
        begun = monotonic()
        intake, participants = self._intake, self.participants
        content = intake.take_from(client, update)
        self.burden.note(intake.replica.seconds, participants.clients)
        if content is None:
            self._begin_repair({})
            return
        participants.send(frame(sync_message(_UPDATE, content)), None if intake.completed else client)
        self._figures.updates += 1
        self._tail.append([(client, number, content)])
        taken = monotonic() - begun
        self._figures.broadcast.add(taken)
        self._gathering.passed_on(taken, len(participants.clients))

    def document(self) -> bytes | None:
        """The document as one update, with everything that `reach` names; None while nobody knows what it is."""
        self.flush()  # what is on its way counts too
        known = self.known
        if known is None:
            return None
        try:
            whole = known.whole()
        except BrokenUpdate as error:
            _logger.error("Room %s cannot be written as a whole. %s", self.record.name, error)
            return None
        self.space.size = len(whole)
        return whole

    def tell_end(self, tell: Callable[[int], None]) -> None:
        """Tells the number of the last entry of the log that is in the document now, once all of it is on disk.

        What comes later has a larger one. Nothing is told where nobody knows at the moment what the document is.
        """
        self.flush()  # what is on its way counts too
        if self.known is not None:
            self._tail.tell_end(tell)

    def end(self, close: Close) -> None:
        """The room is no more what it was: its clients are told so, and nothing more of it is kept."""
        self.lost = True
        turn, _ = self._gathering.take()
        self._gathering.arrived.clear()
        for client in dict.fromkeys([*self.participants.clients, *turn]):
            client.close(close)

    def compact(self) -> None:
        """Has the room compacted if loading it would have many updates to read."""
        self._tail.compact()

    async def close(self) -> None:
        """Stops what is still going on."""
        self._gathering.stop()
        await self.siblings.close()
        await self.burden.close()
        if self._repair is not None:
            await self._repair.close()

    def _begin_compaction(self, done: Callable[[int], None]) -> None:
        self._compact(partial(self._compacted, done, self._intake.replica.seconds))

    def _compacted(self, done: Callable[[int], None], counted: float, size: int, seconds: float | None) -> None:
        done(size)
        if self.participants.clients:  # very many updates that each take next to nothing are not counted
            self.burden.take(seconds, counted)

    def _weighed(self, less: float) -> None:
        self._intake.replica.seconds = max(self._intake.replica.seconds - less, 0.0)

    def _begin_repair(self, turn: Turn) -> None:
        self._gathering.turn = turn
        self._gate.forget()
        self._repair = Repair(self.record.name, self._read_again, self._repaired)
        self._repair.hold(turn)

    async def _read_again(self) -> LoadedRoom:
        await self._tail.all_saved()
        return await self._loader.load(self.record)

    def _repaired(self, repair: Repair, loaded: LoadedRoom | None) -> None:
        self._repair = None
        if loaded is None or self._log_lacks:
            self.end(Close.STORE_FAILED)  # nothing of what waits was acknowledged
            return
        told = self._intake.replica.sound
        self._intake.renew(loaded.replica)
        if self.siblings.joined:  # what they wrote, and has come on no other way
            self.participants.send(frame(sync_message(_UPDATE, loaded.replica.missing(told))))
        self.siblings.loaded(loaded.seq)
        self._tail.measure(loaded.tail_bytes, loaded.snapshot_bytes)
        repair.let_go()
        self.flush()  # what waited may break the document once more, and then its senders wait again
        for client, state in repair.questions.items():
            self._answer_late(client, state)

    def _answer_late(self, client: Client, state: bytes) -> None:
        if client in self.participants.clients:
            try:
                self.ask(client, state)
            except BrokenUpdate:
                client.close(Close.MALFORMED)

    def _measure(self) -> int:
        self.flush()  # what is on its way counts too
        try:
            return self.space.size if self._repair is not None else len(self._intake.replica.whole())
        except BrokenUpdate as error:  # which is no fault of whoever has sent something just now
            _logger.error("Room %s cannot be measured. %s", self.record.name, error)
            return self.space.size
