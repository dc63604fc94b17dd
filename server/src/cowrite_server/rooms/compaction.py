"""Compaction: makes of a room's log a snapshot and moments, and drops single entries that are old enough.

Works on what is stored, on a document of its own, so no room waits for it. Beside a running server it does so in a
process of its own where there is much: on a thread the library would keep the interpreter from the event loop. What it
writes says the same as what it read: history before and after is the same, only its steps become coarser with time.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import signal
import sys
from collections.abc import Awaitable, Callable

from cowrite_server.background import end_tasks
from cowrite_server.document.replica import Replica
from cowrite_server.errors import BrokenUpdate, StoreFailed
from cowrite_server.history.replay import Replay
from cowrite_server.rooms.child import WITH_THE_SERVER, be_the_first_to_go, carry_out
from cowrite_server.settings.settings import Settings
from cowrite_server.store.records import Moment, RoomHistory, RoomRecord, Snapshot
from cowrite_server.store.store import Store

_logger = logging.getLogger(__name__)

_THINNED_AT_ONCE = 2000
"""Entries deleted in one transaction, about 10 ms; updates that are to be saved come in between."""

COMMAND = "make-snapshot"
"""What makes `python -m cowrite_server` a process that compacts; not for people."""

_LITTLE = 16 * 1024
"""Bytes of updates that are compacted on a thread: a process takes longer to begin."""

_COMPRESSED = 16
"""So many times as large as it is stored a snapshot may well be."""

_PATIENCE = 600.0
"""Seconds that a process may take."""

_FAILED = 3

_DAY = 24 * 60 * 60 * 1000


Made = tuple[Snapshot, list[Moment], int, float]
"""See `compacted`; and how many seconds the library takes to make that document anew."""

Done = Callable[[int, float | None], None]
"""Told of a room that it is compacted: the size of the new snapshot's document in bytes, 0 where none was made, and how
many seconds the library takes to make that document anew, None where nobody has found out."""


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

    def begin(self, room: RoomRecord, done: Done) -> None:
        """Compacts a room beside everything else, unless that is under way.

        Args:
            room: which room.
            done: told when it is compacted, or cannot be.
        """
        if room.id not in self._tasks:
            work = self._compact_and_tell(room, done)
            task = asyncio.get_running_loop().create_task(work, name=f"compact {room.name}")
            self._tasks[room.id] = task

    async def compact(self, room: RoomRecord) -> int:
        """Compacts a room.

        Returns:
            Size of the new snapshot's document in bytes; 0 where there was nothing to do or another node was faster.

        Raises:
            StoreFailed: the room could not be read or written. What is stored is as it was.
        """
        size, _ = await self._made(room, _on_a_thread)
        return size

    async def sweep(self) -> None:
        """Compacts the rooms that have entries to drop, whether anybody is in them or not.

        Raises:
            StoreFailed: which rooms these are could not be read.
        """
        before = self._now() - int(self._settings.history_fine_days * _DAY)
        for room in await self._store.list_rooms(before):
            await self._compact(room)

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

    async def _compact_and_tell(self, room: RoomRecord, done: Done) -> None:
        made: tuple[int, float | None] = 0, None
        try:
            made = await self._compact(room)
        finally:
            del self._tasks[room.id]  # whoever is told may begin the next one
            done(*made)

    async def _compact(self, room: RoomRecord) -> tuple[int, float | None]:
        try:
            return await self._made(room, _beside)
        except TimeoutError:
            _logger.error("Room %s gets no snapshot: that takes more than %g s.", room.name, _PATIENCE)
            return 0, None
        except StoreFailed as error:
            _logger.error("Room %s gets no snapshot. %s", room.name, error)
            return 0, None

    async def _made(
        self, room: RoomRecord, make: Callable[[RoomRecord, RoomHistory, int], Awaitable[Made]]
    ) -> tuple[int, float | None]:
        async with self._turn:
            history = await self._store.read_history(room.id)
            made, seconds = 0, None
            if history.entries:
                snapshot, moments, size, seconds = await make(room, history, self._now())
                if seconds > self._settings.document_seconds:
                    # Its entries are read one after the other, and others are served in between.
                    _logger.warning("Room %s gets no snapshot, which would take %.1f s to read.", room.name, seconds)
                elif await self._store.compact(
                    0 if history.snapshot is None else history.snapshot.seq, snapshot, moments
                ):
                    made = size
            before = self._now() - int(self._settings.history_fine_days * _DAY)
            while await self._store.thin(room.id, before, _THINNED_AT_ONCE):
                pass
            return made, seconds


def make_snapshot() -> int:
    """Compacts a room's history from standard input, and writes what came of it; gives the process's exit status."""
    for name in WITH_THE_SERVER:
        if hasattr(signal, name):  # Windows has fewer of these
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    be_the_first_to_go()
    room, history, now = pickle.load(sys.stdin.buffer)
    try:
        made = _weighed(room, history, now)
    except StoreFailed as error:
        sys.stdout.buffer.write(error.reason.encode())
        return _FAILED
    pickle.dump(made, sys.stdout.buffer)
    return 0


async def _on_a_thread(room: RoomRecord, history: RoomHistory, now: int) -> Made:
    return await asyncio.to_thread(_weighed, room, history, now)


async def _beside(room: RoomRecord, history: RoomHistory, now: int) -> Made:
    """What `_weighed` says, on a thread or in a process.

    Raises:
        TimeoutError: the process has taken too long.
        StoreFailed: it has failed.
    """
    size = 0 if history.snapshot is None else _COMPRESSED * len(history.snapshot.data)
    if size + sum(len(entry.data) for entry in history.entries) <= _LITTLE:
        return await _on_a_thread(room, history, now)
    try:
        # On a thread, for of very many entries that takes a second.
        given = await asyncio.to_thread(pickle.dumps, (room, history, now))
        status, written = await carry_out(COMMAND, given, _PATIENCE)
    except TimeoutError:
        raise
    except OSError as error:
        raise StoreFailed(f"the room {room.name} cannot be compacted ({error})") from error
    if status == _FAILED:
        raise StoreFailed(written.decode())
    if status:
        raise StoreFailed(f"the process that compacted the room {room.name} ended with {status}")
    made: Made = await asyncio.to_thread(pickle.loads, written)
    return made


def _weighed(room: RoomRecord, history: RoomHistory, now: int) -> Made:
    """What `compacted` gives, and how long the library takes to make the document anew.

    Raises:
        RoomUnreadable: something of it is damaged.
        StoreFailed: the document cannot be written as one update.
    """
    snapshot, moments, size = compacted(room, history, now)
    try:
        return snapshot, moments, size, Replica([snapshot.document()]).seconds
    except BrokenUpdate as error:
        raise StoreFailed(error.reason) from error


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
