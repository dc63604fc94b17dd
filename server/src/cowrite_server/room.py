"""Room: the server's side of one shared document.

Lives on the server's event loop. What clients send within one turn of the loop (or a few milliseconds, under load) is
merged, checked against the room's own copy of the document, passed on as one frame per client, and appended to the
log. Nothing here waits for the disk; the writers hear from the log when their updates are safe.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

from cowrite_server.errors import BrokenUpdate, StoreFailed
from cowrite_server.loading import LoadedRoom
from cowrite_server.log import Log
from cowrite_server.presence import Presence
from cowrite_server.protocol import Close, Sync, sync_message
from cowrite_server.replica import Replica, merge
from cowrite_server.settings import Settings
from cowrite_server.store.store import RoomRecord, Update
from cowrite_server.websocket import frame

_logger = logging.getLogger(__name__)

_TURN_BYTES = 256 * 1024
"""Updates of one turn beyond this size are not held back to be merged with more."""

_REST = 3
"""After passing on, a room rests for this many times as long as it took."""


class Member(Protocol):
    """A client in a room, as the room sees it."""

    @property
    def invite(self) -> int | None:
        """Id of the invite by which it came."""

    def send(self, frames: bytes) -> None:
        """Sends WebSocket frames as things happen."""

    def saved(self, last: int) -> None:
        """Its updates up to this number are on disk."""

    def answered(self, update: bytes) -> None:
        """The answer to a question of `Room.ask`."""

    def wait(self) -> None:
        """The room cannot take updates for a while: stop reading."""

    def go_on(self) -> None:
        """The room takes updates again."""

    def close(self, code: Close) -> None:
        """Ends the connection."""


class Room:
    """One shared document with the clients that have it open."""

    def __init__(
        self,
        record: RoomRecord,
        loaded: LoadedRoom,
        load: Callable[[], Awaitable[LoadedRoom]],
        log: Log,
        settings: Settings,
        now: Callable[[], int],
        compact: Callable[[Callable[[int], None]], None],
    ) -> None:
        """A room without clients.

        Args:
            record: which room.
            loaded: what was read of it.
            load: reads it again, or raises StoreFailed.
            log: where its updates go.
            settings: the server's.
            now: gives milliseconds since 1970.
            compact: begins to compact what is stored of it; tells the size of the new snapshot.
        """
        self.record = record
        self.presence = Presence()
        self.members: dict[Member, None] = {}
        self.lost = False
        """Whether nobody knows any more what the document is; the room has to be read anew, by another Room."""
        self._tail_bytes = self._snapshot_bytes = 0
        self._hold(loaded)
        self._load = load
        self._log = log
        self._settings = settings
        self._now = now
        self._begin_compaction = compact
        self._loop = asyncio.get_running_loop()
        self._turn: dict[Member, list[tuple[int, bytes]]] = {}
        self._turn_bytes = 0
        self._moved: set[int] = set()
        self._timer: asyncio.Handle | None = None
        self._next_flush = -math.inf
        self._unsaved = 0
        self._all_saved: asyncio.Future[None] | None = None
        self._repair: asyncio.Task[None] | None = None
        self._asked: list[tuple[Member, bytes]] = []
        self._waiting: dict[Member, None] = {}

    @property
    def settled(self) -> bool:
        """Whether nothing is left to pass on or to save."""
        return not self._turn and not self._unsaved and self._repair is None

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
        self._moved |= self.presence.leave(member)
        self._schedule()

    def submit(self, member: Member, number: int, update: bytes) -> None:
        """Takes an update that `check_update` has passed.

        Args:
            member: its sender, who may edit.
            number: the update's number on its connection.
            update: the update.
        """
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
        self._moved |= self.presence.receive(member, body)
        self._schedule()

    def flush(self) -> None:
        """Passes on and appends to the log what has come in."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._repair is not None or not (self._turn or self._moved):
            return
        turn, self._turn, self._turn_bytes = self._turn, {}, 0
        moved, self._moved = self._moved, set()
        begun = self._loop.time()
        accepted = self._accept(turn) if turn else []
        presence = self.presence.message(moved) if moved else None
        presence_frame = b"" if presence is None else frame(presence)
        if accepted:
            both = self._content_frames([data for _, _, data in accepted]) + presence_frame
            sole = accepted[0][0] if len(accepted) == 1 else None
            for member in list(self.members):
                if member is not sole:
                    member.send(both)
                elif presence_frame:
                    member.send(presence_frame)
            self._append(accepted)
        elif presence_frame:
            for member in list(self.members):
                member.send(presence_frame)
        # The longer it took, the more is gathered for the next time: so passing on leaves the loop time for the rest,
        # and where there is little to do nothing waits.
        ended = self._loop.time()
        self._next_flush = ended + min(_REST * (ended - begun), self._settings.merge_seconds)

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
        if self._repair is not None:
            self._repair.cancel()
            await asyncio.gather(self._repair, return_exceptions=True)

    def _schedule(self) -> None:
        if self._timer is not None or self._repair is not None:
            return
        if self._loop.time() >= self._next_flush:
            self._timer = self._loop.call_soon(self._flush_on_time)
        else:
            self._timer = self._loop.call_at(self._next_flush, self._flush_on_time)

    def _flush_on_time(self) -> None:
        self._timer = None
        self.flush()

    def _accept(self, turn: dict[Member, list[tuple[int, bytes]]]) -> list[tuple[Member, int, bytes]]:
        """Adds what came in to the document: who sent it, the number of its last update, and all of it merged."""
        accepted = []
        for member in list(turn):
            entries = turn.pop(member)
            try:
                data = merge([update for _, update in entries])
                self._replica.apply(data)
            except BrokenUpdate as error:
                # An update can be well-formed and still make the library fail when it is added. Then nobody knows
                # what the document in memory is, so it is read again; the log has none of this update.
                _logger.warning("Room %s: a client was expelled. %s", self.record.name, error)
                member.close(Close.MALFORMED)
                self._turn = turn
                self._waiting.update(dict.fromkeys(turn))
                for other in turn:
                    other.wait()
                self._repair = self._loop.create_task(self._read_again(), name=f"repair of {self.record.name}")
                break
            accepted.append((member, entries[-1][0], data))
        return accepted

    def _content_frames(self, updates: list[bytes]) -> bytes:
        """What was accepted, as one frame where the library can make one of it."""
        try:
            if len(updates) > 1:
                updates = [merge(updates)]
        except BrokenUpdate as error:
            _logger.error("Room %s: updates are passed on one by one. %s", self.record.name, error)
        for update in updates:
            try:
                self._replica.settle(update)
            except BrokenUpdate as error:
                _logger.error("Room %s: what waits for other content is not known. %s", self.record.name, error)
        return b"".join(frame(sync_message(Sync.UPDATE, update)) for update in updates)

    def _append(self, accepted: list[tuple[Member, int, bytes]]) -> None:
        now = self._now()
        records = [Update(self.record.id, now, member.invite, data) for member, _, data in accepted]
        size = sum(len(data) for _, _, data in accepted)
        self._unsaved += 1
        self._log.append(records, partial(self._saved, [(member, last) for member, last, _ in accepted], size))

    def _compacted(self, size: int) -> None:
        self._snapshot_bytes = size

    def _hold(self, loaded: LoadedRoom) -> None:
        self._replica: Replica = loaded.replica
        self._tail_bytes = loaded.tail_bytes
        self._snapshot_bytes = loaded.snapshot_bytes

    def _saved(self, writers: list[tuple[Member, int]], size: int, _: Sequence[int]) -> None:
        self._unsaved -= 1
        self._tail_bytes += size
        for member, last in writers:
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
