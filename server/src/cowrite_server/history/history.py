"""History: what a room was, and the way back there.

Reads what is stored and works on a thread beside the event loop, one request at a time. That thread and the library
keep the interpreter from everybody else: from the event loop, and from the store, whose commits it would slow down a
hundredfold. So it has a `Share` of the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence, Set
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from weakref import WeakValueDictionary

from cowrite_server.background import beside
from cowrite_server.document.ranges import count_units, joined
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import merge
from cowrite_server.errors import (
    BadVersionName,
    BrokenUpdate,
    NoSuchMoment,
    RoomUnreadable,
    StoreFailed,
    WithinMoment,
)
from cowrite_server.history.moments import all_parts, decode_parts
from cowrite_server.history.odd_rows import odd_rows, refuse
from cowrite_server.history.replay import Replay
from cowrite_server.history.restoring import restoring, who_wrote
from cowrite_server.share import Share
from cowrite_server.store.membership import names_of
from cowrite_server.store.records import Entry, Moment, RoomHistory, RoomRecord, Version, split_by
from cowrite_server.store.store import Store
from cowrite_server.wire.encoding import MAX_VAR_UINT, MalformedMessage
from cowrite_server.wire.history import (
    VERSION_NAME_UNITS,
    Brought,
    MomentList,
    MomentSummary,
    Naming,
    OpenedMoment,
    VersionName,
)
from cowrite_server.wire.names import clean_name

_CREDIT_SECONDS = 6.0
"""What of its share was not used in this time it may use at once."""

_NAMINGS = 3
"""So often a name is tried to be given while compaction or other nodes change the moments."""

_Stored = tuple[int, int, int, frozenset[int]]
"""With what a replay began: the room, the last entry of its snapshot, how many moments, and those that end in any
case."""


class History:
    """The histories of a store's rooms."""

    def __init__(self, store: Store, keeps: float = 10.0) -> None:
        """The history of the rooms in `store`.

        Args:
            store: where they are.
            keeps: seconds for which the last replay is kept, and the last moment that was opened: who drags through
                history asks for one moment after the other, and many may ask for one at once.
        """
        self._store = store
        self._keeps = keeps
        self._kept: tuple[_Stored, Replay] | None = None
        self._opened: tuple[tuple[str, int], OpenedMoment] | None = None  # after which epoch's entry
        self._forgetting: asyncio.TimerHandle | None = None
        self._share = Share(_CREDIT_SECONDS)
        self._namings: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()  # one for each room, while needed

    async def moments(self, room: RoomRecord) -> MomentList:
        """The moments of a room, up to what is on disk.

        Raises:
            RoomUnreadable: what is stored is damaged.
            StoreFailed: it could not be read.
        """
        async with self._share.turn():
            history = await self._store.read_history(room.id)
            found = await beside(_summaries, room, await self._moments(room, history), history)
        return replace(found, names=await names_of(self._store, found.people))

    async def brought(self, room: RoomRecord, clients: Set[int]) -> tuple[Brought, ...]:
        """Which member has brought which units of some client ids, as far as it is on disk.

        Raises:
            RoomUnreadable: what is stored is damaged.
            StoreFailed: it could not be read.
        """
        async with self._share.turn():
            moments = await self._moments(room, await self._store.read_history(room.id))
            names = {member.id: member.name for member in await self._store.list_members(room.name)}
            return await beside(_brought, room, moments, clients, names)

    async def open(self, room: RoomRecord, seq: int) -> OpenedMoment:
        """The document as it was after an entry of the log.

        Args:
            room: which room.
            seq: number of the entry.

        Raises:
            NoSuchMoment: there is no such entry, or it is no longer kept by itself.
            RoomUnreadable: what is stored is damaged.
            StoreFailed: it could not be read.
        """
        async with self._share.turn():
            if self._opened is None or self._opened[0] != (room.epoch, seq):
                self._opened = None  # two would take twice the memory
                self._opened = (room.epoch, seq), await beside(_open, room, seq, *await self._read(room, seq))
            self._forget_later()
            return self._opened[1]

    def turn_to_restore(self, room: RoomRecord) -> AbstractAsyncContextManager[None]:
        """See `Store.turn_to_restore`."""
        return self._store.turn_to_restore(room.id)

    async def restoring(self, room: RoomRecord, seq: int, now: bytes | None = None) -> bytes:
        """The edit that makes a room's document what it was, as an update; it may be empty.

        Args:
            room: which room.
            seq: number of the entry after which it was that.
            now: the document as it is, where it may not be what is stored. Then the edit brings along what it lacks of
                that.

        Raises:
            NoSuchMoment: there is no such entry, or it is no longer kept by itself.
            RoomUnreadable: what is stored is damaged.
            StoreFailed: it could not be read.
        """
        async with self._share.turn():
            return await beside(_restoring, room, seq, now, *await self._read(room, seq))

    async def name(self, room: RoomRecord, naming: Naming, member: int | None, now: int, most: int) -> None:
        """Gives the moment that ends with an entry a name, or takes it away; it ends there from then on.

        Args:
            room: which room.
            naming: which entry, and which name.
            member: number of the member who names it, or None.
            now: milliseconds since 1970.
            most: so many names the room may have.

        Raises:
            BadVersionName: nothing can be called so.
            NamedOtherwise: it has another name than whoever names it knows.
            NoSuchMoment: there is no such entry, or it is no longer kept by itself.
            RoomUnreadable: what is stored is damaged.
            StoreFailed: it could not be read or written.
            TooManyVersions: the room has as many names as it may.
        """
        if not 1 <= naming.seq <= MAX_VAR_UINT:
            raise NoSuchMoment(room.name, naming.seq)
        version = Version(room.id, naming.seq, version_name(naming.name), member, now)
        pieces: Sequence[Moment] = ()
        turn = self._namings.setdefault(room.id, asyncio.Lock())
        async with turn:  # two within one moment would each cut the ground from under the other
            for _ in range(_NAMINGS):
                try:
                    await self._store.name_version(version, naming.before, most, pieces)
                    return
                except WithinMoment:
                    pieces = await self._pieces(room, naming.seq)
        raise StoreFailed(f"the moments of the room {room.name} change while one is named")

    async def _moments(self, room: RoomRecord, history: RoomHistory) -> Sequence[Moment]:
        """All moments, the last one as far as it has come."""
        if history.entries:
            return (await self._replay(room, history)).moments
        refuse(odd_rows(room, history))  # all moments are there, and the document is not needed
        return history.moments

    async def _pieces(self, room: RoomRecord, seq: int) -> Sequence[Moment]:
        """What takes the place of the stored moment within which an entry stands; nothing where it does no more."""
        async with self._share.turn():
            history = await self._store.read_history(room.id)
            moment = split_by(history.moments, (seq,))
            if moment is None:
                return ()
            entries = await self._store.read_after(room.id, moment.first - 1, moment.last)
            replay = await self._replay(room, history)
            return await beside(replay.pieces, moment, seq, entries)

    async def _read(self, room: RoomRecord, seq: int) -> tuple[Replay, list[Entry]]:
        if seq > MAX_VAR_UINT:  # more than a store can be asked for
            raise NoSuchMoment(room.name, seq)
        replay = await self._replay(room, await self._store.read_history(room.id))
        after, upto = replay.needs(seq)
        return replay, await self._store.read_after(room.id, after, upto) if after < upto else []

    async def _replay(self, room: RoomRecord, history: RoomHistory) -> Replay:
        replay = await beside(self._replayed, room, history)
        self._forget_later()
        return replay

    def _replayed(self, room: RoomRecord, history: RoomHistory) -> Replay:
        """All that is stored of a room; runs beside the event loop."""
        snapshot, entries = history.snapshot, history.entries
        begun = snapshot.seq if snapshot else 0
        last = entries[-1].seq if entries else begun
        stored = (room.id, begun, len(history.moments), history.ends)
        kept, self._kept = self._kept, None  # one that could not be played is of no use, and two take twice the memory
        if kept is not None and kept[0] == stored and kept[1].seq <= last:
            replay = kept[1]
            replay.play([entry for entry in entries if entry.seq > replay.seq])
        else:
            kept = None
            replay = Replay.read(room, history)
        self._kept = stored, replay
        return replay

    def _forget_later(self) -> None:
        if self._forgetting is not None:
            self._forgetting.cancel()
        self._forgetting = asyncio.get_running_loop().call_later(self._keeps, self._forget)

    def _forget(self) -> None:
        self._kept = self._opened = None


def version_name(text: str) -> str:
    """A name as it is kept: without what nobody sees; an empty one where it is to have none.

    Raises:
        BadVersionName: it is too long, or has nothing that can be seen.
    """
    name = clean_name(text, VERSION_NAME_UNITS) if len(text) <= VERSION_NAME_UNITS else None
    if text and name is None:
        raise BadVersionName(text)
    return name or ""


def _summaries(room: RoomRecord, moments: Sequence[Moment], history: RoomHistory) -> MomentList:
    names = {each.seq: VersionName(each.name, each.member, each.time) for each in history.versions if each.name}
    try:
        return MomentList(tuple(_summary(moment, names.get(moment.last)) for moment in moments), history.fine_from)
    except MalformedMessage as error:
        raise RoomUnreadable(room.name, moments[-1].last, str(error)) from error


def _summary(moment: Moment, name: VersionName | None) -> MomentSummary:
    every = decode_parts(moment.data)
    # Whoever is named without a part has sent only what was there already.
    parts = {member: part for member, part in every.items() if part.inserted or part.deleted} or every
    return MomentSummary(
        moment.last,
        moment.begun,
        moment.ended,
        tuple(parts),
        sum(count_units(part.inserted) for part in parts.values()),
        sum(count_units(part.deleted) for part in parts.values()),
        name,
    )


def _brought(
    room: RoomRecord, moments: Sequence[Moment], clients: Set[int], names: Mapping[int, str | None]
) -> tuple[Brought, ...]:
    try:
        parts = all_parts(moments)
    except MalformedMessage as error:
        raise RoomUnreadable(room.name, moments[-1].last, str(error)) from error
    found: list[Brought] = []
    for member, part in parts.items():
        units = {client: runs for client, runs in part.inserted.items() if client in clients}
        if units:
            runs = tuple((client, *run) for client, each in joined(units).items() for run in each)
            found.append(Brought(member, None if member is None else names.get(member), runs))
    return tuple(found)


def _open(room: RoomRecord, seq: int, replay: Replay, entries: list[Entry]) -> OpenedMoment:
    earlier = replay.at(seq, entries)
    try:
        document = Replica([earlier.document()]).whole()  # without what had been deleted by then
        return OpenedMoment(seq, document, tuple(who_wrote(document, earlier.parts())))
    except BrokenUpdate as error:
        raise RoomUnreadable(room.name, seq, error.reason) from error


def _restoring(room: RoomRecord, seq: int, now: bytes | None, replay: Replay, entries: list[Entry]) -> bytes:
    try:
        stored, then = replay.document(), replay.at(seq, entries).document()
        if now is None:
            return restoring(stored, then)
        document = Replica([now])
        lacking = document.lacking(Replica([stored]).whole())  # without what was deleted
        document.apply(lacking)
        return merge([lacking, restoring(document.whole(), then)])
    except BrokenUpdate as error:
        raise RoomUnreadable(room.name, seq, error.reason) from error
