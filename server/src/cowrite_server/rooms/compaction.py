"""Compaction: makes of a room's log a snapshot and moments, and drops single entries that are old enough.

Works on what is stored, on a document of its own and a thread beside the event loop, so no room waits for it. What it
writes says the same as what it read: history before and after is the same, only its steps become coarser with time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from cowrite_server.background import end_tasks
from cowrite_server.errors import BrokenUpdate, StoreFailed
from cowrite_server.history.replay import Replay
from cowrite_server.settings.settings import Settings
from cowrite_server.store.records import Moment, RoomHistory, RoomRecord, Snapshot
from cowrite_server.store.store import Store

_logger = logging.getLogger(__name__)

_THINNED_AT_ONCE = 2000
"""Entries deleted in one transaction, about 10 ms; updates that are to be saved come in between."""

_DAY = 24 * 60 * 60 * 1000


class Compactor:
    """Compacts the rooms of a store, one at a time."""

    def __init__(self, store: Store, settings: Settings, now: Callable[[], int]) -> None:
        """A compactor with nothing to do.

        Args:
            store: whose rooms.
            settings: how long single entries are kept.
            now: gives milliseconds since 1970.
        """
        self._store = store
        self._settings = settings
        self._now = now
        self._turn = asyncio.Lock()
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def begin(self, room: RoomRecord, done: Callable[[int], None]) -> None:
        """Compacts a room beside everything else, unless that is under way.

        Args:
            room: which room.
            done: told the size of the room's new snapshot in bytes, if one was made.
        """
        if room.id not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._compact(room, done), name=f"compact {room.name}")
            self._tasks[room.id] = task
            task.add_done_callback(lambda _: self._tasks.pop(room.id))

    async def compact(self, room: RoomRecord) -> int:
        """Compacts a room.

        Returns:
            Size of the new snapshot's document in bytes; 0 where there was nothing to do or another node was faster.

        Raises:
            StoreFailed: the room could not be read or written. What is stored is as it was.
        """
        async with self._turn:
            history = await self._store.read_history(room.id)
            size = 0
            if history.entries:
                snapshot, moments, size = await asyncio.to_thread(compacted, room, history, self._now())
                base = 0 if history.snapshot is None else history.snapshot.seq
                if not await self._store.compact(base, snapshot, moments):
                    size = 0
            before = self._now() - int(self._settings.history_fine_days * _DAY)
            while await self._store.thin(room.id, before, _THINNED_AT_ONCE):
                pass
            return size

    async def sweep(self) -> None:
        """Compacts the rooms that have entries to drop, whether anybody is in them or not.

        Raises:
            StoreFailed: which rooms these are could not be read.
        """
        before = self._now() - int(self._settings.history_fine_days * _DAY)
        for room in await self._store.list_rooms(before):
            await self._compact(room, lambda _: None)

    async def keep_swept(self) -> None:
        """Sweeps now and again, for as long as it is awaited."""
        while True:
            await asyncio.sleep(self._settings.sweep_seconds)
            try:
                await self.sweep()
            except StoreFailed as error:
                _logger.warning("Old history could not be looked up. %s", error)

    async def close(self) -> None:
        """Stops what is under way."""
        await end_tasks(list(self._tasks.values()))

    async def _compact(self, room: RoomRecord, done: Callable[[int], None]) -> None:
        try:
            size = await self.compact(room)
        except StoreFailed as error:
            _logger.error("Room %s gets no snapshot. %s", room.name, error)
            return
        if size:
            done(size)


def compacted(room: RoomRecord, history: RoomHistory, now: int) -> tuple[Snapshot, list[Moment], int]:
    """What takes the place of a room's snapshot and moments.

    Args:
        room: which room.
        history: all that is stored of it.
        now: milliseconds since 1970.

    Returns:
        The snapshot, the moments that are new or longer than before, and the size of the snapshot's document.

    Raises:
        RoomUnreadable: something of it is damaged.
        StoreFailed: the document cannot be written as one update.
    """
    replay = Replay.read(room, history)
    try:
        document = replay.document()
    except BrokenUpdate as error:
        raise StoreFailed(error.reason) from error
    known = set(history.moments)
    moments = [moment for moment in replay.moments if moment not in known]
    return Snapshot(room.id, replay.seq, now, Snapshot.compressed(document)), moments, len(document)
