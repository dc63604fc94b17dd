"""Loading: how what is stored of a room becomes its document."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from cowrite_server.document.bounds import first_clocks
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import check_update
from cowrite_server.errors import BrokenUpdate, RoomUnreadable
from cowrite_server.store.records import Entry, RoomLog, RoomRecord
from cowrite_server.store.store import Store

_logger = logging.getLogger(__name__)

_MOST_ASIDE = 32
"""Entries that are left out of one document at most: for each of them it is read anew."""

_LONG, _REST_AT_MOST = 0.005, 0.1
"""Seconds of the library's work after which a thread rests, and for how long it does at most."""


@dataclass(frozen=True, slots=True)
class LoadedRoom:
    """A room as it was read.

    Attributes:
        replica: its document; belongs to the caller.
        seq: number of the last entry of its log, 0 if there is none.
        tail_bytes: size of the entries that come after the snapshot.
        snapshot_bytes: size of the snapshot, 0 if there is none.
        aside: numbers of the entries that contradict what came before them. They are in the log and not in the
            document.
        writers: which member each client id belongs to that has written in entries after the snapshot.
    """

    replica: Replica
    seq: int
    tail_bytes: int
    snapshot_bytes: int
    aside: tuple[int, ...] = ()
    writers: Mapping[int, int] = field(default_factory=dict)


class Loader:
    """Reads rooms from a store. Documents are built beside the event loop, one at a time."""

    def __init__(self, store: Store) -> None:
        """A loader for the rooms of `store`."""
        self._store = store
        self._turn = asyncio.Lock()  # the library holds the interpreter: a second thread would only slow the loop down

    async def load(self, record: RoomRecord) -> LoadedRoom:
        """Reads a room.

        Raises:
            StoreFailed: the database could not be read.
            RoomUnreadable: an entry is damaged.
        """
        log = await self._store.read_room(record.id)
        async with self._turn:
            loaded = await asyncio.to_thread(build, record, log)
        if loaded.aside:
            _logger.error(
                "Room %s: what entries %s say contradicts what came before; they stay in the log and are left out.",
                record.name,
                ", ".join(map(str, loaded.aside)),
            )
        return loaded

    async def read_after(self, record: RoomRecord, seq: int) -> list[Entry]:
        """The entries of a room's log with larger numbers than `seq`.

        Raises:
            StoreFailed: the database could not be read.
        """
        return await self._store.read_after(record.id, seq)

    async def last_numbers(self, rooms: Sequence[int]) -> dict[int, int]:
        """The number of the last entry of each room's log.

        Raises:
            StoreFailed: the database could not be read.
        """
        return await self._store.last_numbers(rooms)


def build(record: RoomRecord, log: RoomLog) -> LoadedRoom:
    """Builds a room's document from its snapshot and the updates after it.

    Raises:
        RoomUnreadable: an entry is damaged.
    """
    updates = []
    if log.snapshot is not None:
        try:
            updates.append((log.snapshot.seq, log.snapshot.document()))
        except ValueError as error:
            raise RoomUnreadable(record.name, log.snapshot.seq, str(error)) from error
    snapshot_bytes = len(updates[0][1]) if updates else 0
    updates += [(entry.seq, entry.data) for entry in log.entries]
    for number, update in updates:
        if not isinstance(update, bytes):
            raise RoomUnreadable(record.name, number, "it holds no update")
        try:
            check_update(update)
        except BrokenUpdate as error:
            raise RoomUnreadable(record.name, number, error.reason) from error
    last = updates[-1][0] if updates else 0
    aside: tuple[int, ...] = ()
    try:
        replica = Replica((update for _, update in updates), pause=_rest)
    except BrokenUpdate:
        try:
            replica, aside = _as_far_as_sound(updates, has_snapshot=log.snapshot is not None)
        except BrokenUpdate as error:
            raise RoomUnreadable(record.name, last, error.reason) from error
    return LoadedRoom(
        replica, last, sum(len(entry.data) for entry in log.entries), snapshot_bytes, aside, _writers(log)
    )


def _rest(seconds: float) -> None:
    """Lets the event loop and the store have the interpreter for as long as the library has just had it."""
    if seconds > _LONG:
        time.sleep(min(seconds, _REST_AT_MOST))


def _writers(log: RoomLog) -> dict[int, int]:
    """Whose client ids are in the entries of a log: each belongs to who brought it first."""
    writers: dict[int, int] = {}
    for entry in log.entries:
        if entry.member is not None:
            with suppress(BrokenUpdate):  # the library reads kinds of content that Yjs has not, and took it
                for client, _ in first_clocks(entry.data):
                    writers.setdefault(client, entry.member)
    return writers


def _as_far_as_sound(updates: Sequence[tuple[int, bytes]], *, has_snapshot: bool) -> tuple[Replica, tuple[int, ...]]:
    """The document of updates of which some contradict others, and the numbers of those that are left out of it.

    Of two updates that claim the same units with different content the library takes one or the other, depending on
    what it reads together; so a log can hold what was taken when it came and is not taken any more. Honest writers
    never send such updates, and whoever does is not to keep a room from all the others.

    Raises:
        BrokenUpdate: the snapshot is one of them, or there are too many.
    """
    sound: list[bytes] = []
    aside: list[int] = []
    replica = Replica()
    for number, update in updates:
        try:
            replica.apply(update)
            sound.append(update)
        except BrokenUpdate:
            if len(aside) == _MOST_ASIDE or (has_snapshot and not sound):
                raise
            aside.append(number)
            replica = Replica()
            for each in sound:
                replica.apply(each)
    return replica, tuple(aside)
