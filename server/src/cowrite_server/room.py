"""Room: the server's side of one shared document.

Lives on the server's event loop. What clients send within one turn of the loop (or while the room rests, see `rest`) is
merged, checked against the room's own copy of the document, passed on as one frame per client, and appended to the
log. Nothing here waits for the disk; the writers hear from the log when their updates are safe.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic

from cowrite_server.bus.bus import Bus
from cowrite_server.errors import BrokenUpdate, StoreFailed
from cowrite_server.figures import Figures
from cowrite_server.framing import frame
from cowrite_server.loading import LoadedRoom, Loader
from cowrite_server.log import Log
from cowrite_server.member import Member
from cowrite_server.permissions import Forbidden, Gate
from cowrite_server.presence import Presence
from cowrite_server.protocol import Close, Sync, sync_message
from cowrite_server.replica import EMPTY_UPDATE, Replica, merge
from cowrite_server.rest import Rest
from cowrite_server.settings import Settings
from cowrite_server.siblings import Siblings
from cowrite_server.space import Space
from cowrite_server.store.store import RoomRecord, Update

_logger = logging.getLogger(__name__)

_TURN_BYTES = 256 * 1024
"""Updates of one turn beyond this size are not held back to be merged with more."""

_CLIENTS_PER_NODE = 100_000
"""Clients that another node may name; it has counted them itself."""

_Turn = dict[Member, list[tuple[int, bytes]]]
"""What came in, by its sender: each update with its number."""

_Accepted = tuple[Member, int, bytes]
"""A sender, the number of its last update, and all of its updates merged."""


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
        compact: Callable[[Callable[[int], None]], None],
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
            compact: begins to compact what is stored of it; tells the size of the new snapshot.
        """
        self.record = record
        self.presence = Presence()
        self.members: dict[Member, None] = {}
        self.lost = False
        """Whether nobody knows any more what the document is; the room has to be read anew, by another Room."""
        self._tail_bytes = self._snapshot_bytes = 0
        self._gate = Gate(self.presence)
        self._careful = False
        read_after = partial(loader.read_after, record)
        self.siblings = Siblings(record, self, bus, read_after, settings.gap_seconds)
        self._hold(loaded)
        self._load = partial(loader.load, record)
        self._log = log
        self._settings = settings
        self._figures = figures
        self._space = Space(
            settings.limits.document_bytes, loaded.snapshot_bytes + loaded.tail_bytes, self._measure, monotonic
        )
        self._now = now
        self._begin_compaction = compact
        self._loop = asyncio.get_running_loop()
        self._turn: _Turn = {}
        self._turn_bytes = 0
        self._turn_begun = 0.0
        self._moved: set[int] = set()
        self._moved_here: set[int] = set()
        self._arrived: list[bytes] = []
        self._timer: asyncio.Handle | None = None
        self._rest = Rest(settings.merge_seconds, monotonic)
        self._unsaved = 0
        self._all_saved: asyncio.Future[None] | None = None
        self._repair: asyncio.Task[None] | None = None
        self._asked: list[tuple[Member, bytes]] = []
        self._waiting: dict[Member, None] = {}

    @property
    def settled(self) -> bool:
        """Whether nothing is left to take in, to pass on or to save."""
        taken_in = not self._turn and not self._arrived and not self.siblings.behind
        return taken_in and not self._unsaved and self._repair is None

    @property
    def full(self) -> bool:
        """Whether as many clients are here as the limits allow."""
        return len(self.members) >= self._settings.limits.room_clients

    def state(self) -> bytes:
        """The state vector of the document."""
        return self._replica.state()

    def join(self, member: Member) -> None:
        """Lets a client take part."""
        self.members[member] = None

    def leave(self, member: Member) -> None:
        """A client is gone; what it sent before still counts."""
        self.members.pop(member, None)
        self._waiting.pop(member, None)
        if all(other.role.may_edit for other in self.members):
            self._gate.forget()
        self._move(self.presence.leave(member))

    def takes(self, update: bytes) -> bool:
        """Whether the document has space for an update; where it has, the update has to be submitted."""
        return self._space.take(update)

    def submit(self, member: Member, number: int, update: bytes) -> None:
        """Takes an update that `check_update` has passed.

        Args:
            member: its sender; what it may do is looked at when the update is added to the document.
            number: the update's number on its connection.
            update: the update; an empty one, which anybody may send, counts as saved when all is that came before it.
        """
        if not self._turn:
            self._turn_begun = monotonic()
        entries = self._turn.get(member)
        if entries is None:
            self._turn[member] = [(number, update)]
        else:
            entries.append((number, update))
        if self._repair is not None and member not in self._waiting:
            self._waiting[member] = None
            member.wait()
        self._turn_bytes += len(update)
        if self._turn_bytes > _TURN_BYTES:
            self.flush()  # merging large updates gains nothing, and what waits here is in nobody's count
        else:
            self._schedule()

    def ask(self, member: Member, state: bytes) -> None:
        """Answers what a document with this state vector lacks, now or as soon as the document is whole again.

        Raises:
            BrokenUpdate: `state` is no state vector.
        """
        self.flush()  # or the answer would contain what is passed on a moment later once more
        if self._repair is not None:
            self._asked.append((member, state))
            return
        member.answered(self._replica.missing(state))

    def adds_nothing(self, update: bytes) -> bool:
        """Whether the document has all of an update.

        Raises:
            BrokenUpdate: it is no update.
        """
        return self._replica.has_all_of(update)

    def show(self, member: Member, body: bytes) -> None:
        """Takes a client's awareness states; all clients get them, the sender included.

        Stock clients close a connection on which nothing arrives for 30 s, and count on the echo of their own
        awareness message for that (yjs/y-websocket#24).

        Raises:
            MalformedMessage: `body` is no content of an awareness message.
        """
        moved = self.presence.receive(member, body, member.person, member.name)
        for client in moved:
            self._gate.saw(client, member.person)
        self._move(moved)

    def rename(self, member: Member) -> None:
        """Shows a client under its name of now; all clients get it."""
        if member.name is not None:
            self._move(self.presence.rename(member, member.name))

    def take(self, updates: Sequence[bytes]) -> None:
        """Takes updates that are in the log: what other nodes wrote."""
        if not self.lost:
            self._arrived += updates
            self._schedule()

    def show_others(self, node: bytes, body: bytes, everybody: bool) -> None:
        """Takes the awareness states of clients on another node.

        Args:
            node: which node.
            body: the states, the content of an AWARENESS message.
            everybody: whether these are all clients on that node.

        Raises:
            MalformedMessage: `body` is no such content.
        """
        receive = self.presence.receive_all if everybody else self.presence.receive
        self._moved |= receive(node, body, most=_CLIENTS_PER_NODE)
        self._schedule()

    def forget(self, node: bytes) -> None:
        """Another node is gone, and its clients with it."""
        self._moved |= self.presence.leave(node)
        self._schedule()

    def read_again(self) -> None:
        """Reads the document from the store: it lacks what its log does not have any more."""
        if self._repair is None and not self.lost:
            self._begin_repair(self._turn)

    def write_again(self) -> None:
        """Appends the whole document to the log, which has lost some of it."""
        data = self._whole()
        if data is not None:
            self._unsaved += 1
            self._log.append([Update(self.record.id, self._now(), None, data)], partial(self._saved, [], monotonic()))

    def everybody(self) -> bytes:
        """The awareness states of all clients on this node, as the content of an AWARENESS message."""
        return self.presence.body(self.presence.owned(self.members))

    def flush(self) -> None:
        """Passes on and appends to the log what has come in."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._repair is not None or not (self._turn or self._moved or self._arrived):
            return
        turn, self._turn, self._turn_bytes = self._turn, {}, 0
        turn_begun = self._turn_begun
        moved, self._moved = self._moved, set()
        begun = monotonic()
        count = sum(map(len, turn.values()))
        accepted, contents = self._accept(turn) if turn else ([], [])
        arrived = self._take_in() if self._arrived else []
        presence = self.presence.message(moved) if moved else None
        presence_frame = b"" if presence is None else frame(presence)
        if accepted or arrived:
            news = [*contents, *arrived]
            both = b"".join(frame(sync_message(Sync.UPDATE, update)) for update in news) + presence_frame
            sole = accepted[0][0] if len(accepted) == 1 and not arrived else None
            for member in list(self.members):
                if member is not sole:
                    if both:
                        member.send(both)
                elif presence_frame:
                    member.send(presence_frame)
            self._figures.updates += count - sum(map(len, turn.values()))  # without those that wait for a repair
            self._figures.sent_bytes += len(both) * (len(self.members) - (sole is not None))
            if accepted:
                self._figures.broadcast.add(monotonic() - turn_begun)
                self._append(accepted)
        elif presence_frame:
            for member in list(self.members):
                member.send(presence_frame)
            self._figures.sent_bytes += len(presence_frame) * len(self.members)
        if self._moved_here:
            self._tell_moved()
        self._rest.begin(monotonic() - begun, len(self.members))

    def compact(self) -> None:
        """Has the room compacted if loading it would have many updates to read."""
        if self._tail_bytes > self._settings.snapshot_bytes:
            self._tail_bytes = 0
            self._begin_compaction(self._compacted)

    async def close(self) -> None:
        """Stops what is still going on."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await self.siblings.close()
        if self._repair is not None:
            self._repair.cancel()
            await asyncio.gather(self._repair, return_exceptions=True)

    def _move(self, clients: set[int]) -> None:
        self._moved |= clients
        self._moved_here |= clients
        self._schedule()

    def _tell_moved(self) -> None:
        moved, self._moved_here = self._moved_here, set()
        if self.siblings.joined:
            self.siblings.shown(self.presence.body(moved))

    def _schedule(self) -> None:
        if self._timer is not None or self._repair is not None:
            return
        rest = self._rest.left
        if rest <= 0:
            self._timer = self._loop.call_soon(self._flush_on_time)
        else:
            self._timer = self._loop.call_later(rest, self._flush_on_time)

    def _flush_on_time(self) -> None:
        self._timer = None
        self.flush()

    def _accept(self, turn: _Turn) -> tuple[list[_Accepted], list[bytes]]:
        """Adds what came in to the document.

        Returns:
            Who sent it, the number of its last update and all of its updates merged, for each sender; and what is to be
            passed on, in one update where the library can make one of it.
        """
        if self._careful or len(turn) == 1 or not all(member.role.may_edit for member in turn):
            return self._accept_one_by_one(turn)
        try:
            accepted = [
                (member, entries[-1][0], merge([update for _, update in entries])) for member, entries in turn.items()
            ]
            contents = [data for _, _, data in accepted if data != EMPTY_UPDATE]
            whole = merge(contents) if len(contents) > 1 else contents[0] if contents else EMPTY_UPDATE
            self._replica.apply(whole)
        except BrokenUpdate:
            # Whose update it is shows when they are added one by one, to a document that is whole.
            self._careful = True
            self._begin_repair(turn)
            return [], []
        turn.clear()
        self._gate.follow(whole)
        self._heed_what_waits()
        return accepted, [whole] if contents else []

    def _accept_one_by_one(self, turn: _Turn) -> tuple[list[_Accepted], list[bytes]]:
        self._careful = False
        accepted: list[_Accepted] = []
        for member in list(turn):
            entries = turn.pop(member)
            try:
                if member.role.may_edit:
                    data = merge([update for _, update in entries])
                    self._replica.apply(data)
                    self._gate.follow(data)
                else:
                    entries = self._let_through(member, entries, saved=not (self._unsaved or accepted))
                    if not entries:
                        continue
                    data = merge([update for _, update in entries])
            except BrokenUpdate as error:
                # An update can be well-formed and still make the library fail when it is added. Then nobody knows
                # what the document in memory is, so it is read again; the log has none of this update.
                _logger.warning("Room %s: a client was expelled. %s", self.record.name, error)
                member.close(Close.MALFORMED)
                self._begin_repair(turn)
                break
            accepted.append((member, entries[-1][0], data))
        self._heed_what_waits()
        contents = [data for _, _, data in accepted if data != EMPTY_UPDATE]
        try:
            return accepted, [merge(contents)] if len(contents) > 1 else contents
        except BrokenUpdate as error:
            _logger.error("Room %s: updates are passed on one by one. %s", self.record.name, error)
            return accepted, contents

    def _take_in(self) -> list[bytes]:
        """Adds what other nodes wrote to the document: all of it merged, or nothing while the document is no whole."""
        if self._repair is not None:
            return []
        arrived, self._arrived = self._arrived, []
        try:
            data = merge(arrived)
            self._replica.apply(data)
        except BrokenUpdate as error:
            _logger.error("Room %s is read again: it cannot take what is in its log. %s", self.record.name, error)
            self._begin_repair({})
            return []
        self._gate.follow(data)
        self._heed_what_waits()
        return [data]

    def _begin_repair(self, turn: _Turn) -> None:
        self._turn = turn
        self._waiting.update(dict.fromkeys(turn))
        for member in turn:
            member.wait()
        self._gate.forget()
        self._repair = self._loop.create_task(self._read_again(), name=f"repair of {self.record.name}")

    def _heed_what_waits(self) -> None:
        if self._replica.waits:
            self._gate.forget()  # what waits comes into the document with an update that does not name it

    def _let_through(self, member: Member, entries: list[tuple[int, bytes]], *, saved: bool) -> list[tuple[int, bytes]]:
        """Adds what a member who may not edit may do; gives it.

        Args:
            member: who.
            entries: numbers and updates.
            saved: whether all that the document has is on disk.

        Raises:
            BrokenUpdate: the document could not take what its fork took.
        """
        passed: list[tuple[int, bytes]] = []
        for number, update in entries:
            try:
                data = (
                    EMPTY_UPDATE
                    if update == EMPTY_UPDATE
                    else self._gate.judge(self._replica, member.role, member.person, update)
                )
            except Forbidden as error:
                member.settled(number, error.reason)
                continue
            except BrokenUpdate as error:
                _logger.warning("Room %s: a client was expelled. %s", self.record.name, error)
                member.close(Close.MALFORMED)
                break
            if data == EMPTY_UPDATE and saved and not passed:
                member.settled(number)
            else:
                self._replica.apply(data)
                passed.append((number, data))
        return passed

    def _append(self, accepted: list[_Accepted]) -> None:
        now = self._now()
        records = [Update(self.record.id, now, member.id, data, member.deed) for member, _, data in accepted]
        self._unsaved += 1
        self._log.append(records, partial(self._saved, accepted, monotonic()))

    def _compacted(self, size: int) -> None:
        self._snapshot_bytes = size

    def _whole(self) -> bytes | None:
        """The document as one update, with everything that `reach` names; None while nobody knows what it is."""
        if self._arrived:
            self.flush()
        if self._repair is not None or self.lost:
            return None
        try:
            return self._replica.whole()
        except BrokenUpdate as error:
            _logger.error("Room %s cannot be written as a whole. %s", self.record.name, error)
            return None

    def _hold(self, loaded: LoadedRoom) -> None:
        self._replica: Replica = loaded.replica
        self.siblings.loaded(loaded.seq)
        self._tail_bytes = loaded.tail_bytes
        self._snapshot_bytes = loaded.snapshot_bytes

    def _measure(self) -> int:
        self.flush()  # what is on its way counts too
        if self._repair is not None:
            return self._space.size
        return len(self._replica.whole())

    def _saved(self, accepted: list[_Accepted], appended: float, numbers: Sequence[int]) -> None:
        self._figures.commit.add(monotonic() - appended)
        self._unsaved -= 1
        updates = [data for _, _, data in accepted]
        self._tail_bytes += sum(map(len, updates))
        self.siblings.saved(numbers[0], numbers[-1], updates)
        for member, last, _ in accepted:
            member.saved(last)
        # A document twice as large may wait twice as long for its next snapshot: so the cost per update stays level.
        if self._tail_bytes > self._snapshot_bytes:
            self.compact()
        if not self._unsaved and self._all_saved is not None and not self._all_saved.done():
            self._all_saved.set_result(None)

    async def _read_again(self) -> None:
        try:
            if self._unsaved:
                self._all_saved = self._loop.create_future()
                await self._all_saved
            loaded = await self._load()
        except StoreFailed as error:
            _logger.error("Room %s cannot be read again. %s", self.record.name, error)
            self.lost = True
            self._repair = None
            self._turn.clear()  # nothing of it was acknowledged
            for member in list(self.members):
                member.close(Close.STORE_FAILED)
            return
        self._hold(loaded)
        self._repair = None
        asked, self._asked = self._asked, []
        waiting, self._waiting = self._waiting, {}
        self.flush()
        for member in waiting:
            member.go_on()
        for member, state in asked:
            if member in self.members:
                try:
                    self.ask(member, state)
                except BrokenUpdate:
                    member.close(Close.MALFORMED)
