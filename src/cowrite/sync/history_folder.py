"""HistoryFolder: the histories of documents that are on this computer only.

A store of the server's kind without a server: a room for each document, by its id. So history is the same thing here
and there: the same moments, the same compaction, the same way back. Runs in the network thread's loop.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cowrite.errors import CowriteError
from cowrite_server.audit import history_restored
from cowrite_server.document.ranges import deletion
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import EMPTY_UPDATE, clocks, merge
from cowrite_server.errors import DamagedData, ForeignData, NoSuchMoment, NoSuchRoom, ServerError
from cowrite_server.history.history import History
from cowrite_server.history.moments import TOGETHER
from cowrite_server.patience import patiently
from cowrite_server.rooms.compaction import Compactor
from cowrite_server.rooms.loading import Loader
from cowrite_server.settings.settings import Settings
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.opening import open_store, sqlite_address
from cowrite_server.store.records import RoomRecord, Update, hash_secret
from cowrite_server.store.store import Store
from cowrite_server.wire.history import MomentList, Naming, OpenedMoment
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Limits, Role

COMPACT_AFTER = 256 * 1024
"""Bytes of a document's log after which it is made shorter, the next time that the document is opened."""

_ASIDE = "-damaged-"

_log = logging.getLogger(__name__)


class HistoryUnusable(CowriteError):
    """The histories on this computer can be neither read nor written.

    Attributes:
        folder: where they are.
        reason: the store's own sentence.
    """

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(f"The history of the documents on this computer cannot be kept. {reason}")


class HistoryGone(CowriteError):
    """The history that was to go on is not there any more: it was removed while its document is open.

    Attributes:
        folder: where it was.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"The history was taken away from {folder}; it begins anew with the document as it is.")


class Start(NamedTuple):
    """A document at the time from which on its changes are kept.

    Attributes:
        time: when it came to be that, in milliseconds since 1970.
        updates: what it is made of.
        seen: the state vector of the document now. Where its history has seen more, its file was put back from a
            backup: in the history as well, what that lacks goes then. None where it is that of the updates.
    """

    time: int
    updates: Sequence[bytes]
    seen: bytes | None = None


class KeptHistory(NamedTuple):
    """A history in the folder.

    Attributes:
        document: the id of its document.
        written: when something was added last, in milliseconds since 1970.
        bytes: how much it takes.
    """

    document: str
    written: int
    bytes: int


@dataclass(frozen=True, slots=True)
class _Opened:
    """What works on the folder while it is open."""

    store: Store
    loader: Loader
    history: History
    compactor: Compactor
    writers: dict[str, tuple[RoomRecord, int]] = field(default_factory=dict)
    """The rooms of documents that were written since, and the number of the member that writes there."""


class HistoryFolder:
    """The histories in a folder. One thing is done after the other, in the order in which it was asked for."""

    def __init__(self, folder: Path, now: Callable[[], int]) -> None:
        """Touches nothing; the folder is opened, and made, when it is first needed.

        Args:
            folder: where the histories are.
            now: gives milliseconds since 1970.
        """
        self._folder = folder
        self._now = now
        self._turn = asyncio.Lock()
        self._opened: _Opened | None = None
        self._has_traces = False  # of a history that was removed

    async def keep(
        self,
        document: str,
        start: Start | None,
        updates: Sequence[bytes],
        restored: int | None = None,
        *,
        apart: Sequence[Sequence[bytes]] = (),
        goes_on: bool = False,
    ) -> None:
        """Adds to a document's history; where it fails, all of it can be given again.

        Args:
            document: the document's id.
            start: the document before these updates; what of it the history lacks is added first, as nobody's. None
                where the history has it.
            updates: what the person has done since.
            restored: number of the entry to which they lead back, where that is what they do.
            apart: what they have done then, in runs, each an entry of its own.
            goes_on: whether something was added before, on which these build.

        Raises:
            BrokenUpdate: one of them is no update.
            HistoryGone: there is nothing on which they could build.
            HistoryUnusable, StoreFailed: they could not be written.
            RoomUnreadable: what there is of the history is damaged.
        """
        async with self._turned(writes=True) as opened:
            if goes_on and await opened.store.find_room(document) is None:
                raise HistoryGone(self._folder)
            room, writer = await self._writer(opened, document)
            if start is not None:
                # A file may say a time that is still to come; and what comes after it is to be a moment of its own.
                await _catch_up(opened, room, start._replace(time=min(start.time, self._now() - 2 * TOGETHER)))
            deed = None if restored is None else history_restored(restored)
            records = []
            for at, run in enumerate((updates, *apart)):
                if run:
                    update = await asyncio.to_thread(merge, run)
                    records.append(Update(room.id, self._now(), writer, update, None if at else deed))
            if records:
                await opened.store.commit(records)

    async def moments(self, document: str) -> MomentList:
        """The moments of a document.

        Raises:
            HistoryUnusable, StoreFailed: they cannot be read.
        """
        async with self._turned() as opened:
            room = await opened.store.find_room(document)
            return MomentList((), 0) if room is None else await opened.history.moments(room)

    async def moment(self, document: str, seq: int) -> OpenedMoment:
        """A document as it was after an entry.

        Raises:
            NoSuchMoment: there is no such entry, or it is no longer kept by itself.
            HistoryUnusable, StoreFailed: it cannot be read.
        """
        async with self._turned() as opened:
            return await opened.history.open(await _room(opened, document, seq), seq)

    async def restoring(self, document: str, seq: int, now: bytes) -> bytes:
        """The edit that makes a document what it was after an entry, as an update; it may be empty.

        Args:
            document: the document's id.
            seq: number of the entry.
            now: the document as it is. What its history has and it lacks, as a file has that was put back from a
                backup, comes with the edit, which builds on it.

        Raises:
            NoSuchMoment: there is no such entry, or it is no longer kept by itself.
            HistoryUnusable, StoreFailed: it cannot be read.
        """
        async with self._turned() as opened:
            return await opened.history.restoring(await _room(opened, document, seq), seq, now)

    async def last(self, document: str) -> int:
        """The number of the last entry of a document's history; 0 where there is none.

        Raises:
            HistoryUnusable, StoreFailed: it cannot be read.
        """
        async with self._turned() as opened:
            room = await opened.store.find_room(document)
            return 0 if room is None else (await opened.store.last_numbers([room.id]))[room.id]

    async def kept(self) -> list[KeptHistory]:
        """All histories that have anything in them.

        Raises:
            HistoryUnusable, StoreFailed: they cannot be read.
        """
        async with self._turned() as opened:
            sizes = await opened.store.list_sizes()
            return [KeptHistory(each.name, each.written, each.bytes) for each in sizes if each.written is not None]

    async def last_state(self, document: str) -> bytes:
        """A document as it was last, as one update.

        Raises:
            NoSuchMoment: it has no history.
            HistoryUnusable, StoreFailed: it cannot be read.
        """
        return (await self.moment(document, await self.last(document))).document

    async def name(self, document: str, naming: Naming) -> int:
        """Gives a moment a name, or takes it away; gives the number of its last entry.

        Raises:
            BadVersionName, NamedOtherwise, TooManyVersions: see `History.name`.
            NoSuchMoment: there is no such entry, or it is no longer kept by itself.
            HistoryUnusable, StoreFailed: it cannot be written.
        """
        async with self._turned() as opened:
            room = await _room(opened, document, naming.seq)
            _, writer = await self._writer(opened, document)
            await opened.history.name(room, naming, writer, self._now(), Limits().room_versions)
            return naming.seq

    async def forget(self, document: str) -> None:
        """Removes the history of a document for good, and what was set aside as damaged: it may be there too.

        Raises:
            HistoryUnusable, StoreFailed: it is still there, or traces of it.
        """
        async with self._turned() as opened:
            opened.writers.pop(document, None)
            try:
                await asyncio.to_thread(_remove_set_aside, self._folder)
            except OSError as error:
                raise HistoryUnusable(self._folder, str(error)) from error
            try:
                await opened.store.forget_room(document, self._now())
            except NoSuchRoom:
                if not self._has_traces:
                    return
            self._has_traces = True
            if rest := await opened.store.wipe():
                raise HistoryUnusable(self._folder, rest)
            self._has_traces = False

    async def close(self) -> None:
        """Waits for what is under way, and closes the folder."""
        async with self._turn:
            await self._let_go()

    @asynccontextmanager
    async def _turned(self, *, writes: bool = False) -> AsyncIterator[_Opened]:
        async with self._turn:
            if writes and self._opened is not None and await asyncio.to_thread(_was_taken_away, self._folder):
                await self._let_go()
            if self._opened is None:
                settings = Settings(store=sqlite_address(self._folder))
                store = await self._open(settings.store)
                self._opened = _Opened(store, Loader(store), History(store), Compactor(store, settings, self._now))
            yield self._opened

    async def _let_go(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.compactor.close()
            await opened.store.close()

    async def _open(self, address: str) -> Store:
        try:
            try:
                return await open_store(address, serving=True)
            except (DamagedData, ForeignData) as error:
                # What was damaged is kept for whoever can read it; the documents themselves are elsewhere.
                kept = await asyncio.to_thread(_set_aside, self._folder)
                _log.error("The histories in %s begin anew; what was there is in %s. %s", self._folder, kept, error)
                return await open_store(address, serving=True)
        except (ServerError, OSError) as error:
            raise HistoryUnusable(self._folder, str(error)) from error

    async def _writer(self, opened: _Opened, document: str) -> tuple[RoomRecord, int]:
        """The room of a document, made where there is none, and the number of whoever writes there."""
        known = opened.writers.get(document)
        if known is None:
            now = self._now()
            room = await opened.store.ensure_room(document, now, anew=True)
            # By this the store knows the one member that each room has; nobody comes in by it, for nobody can.
            secret = hash_secret(f"whoever writes in {document} on this computer")
            arrival = Arrival(document, secret)
            joined = await opened.store.join(arrival, now)
            if not isinstance(joined, Joined):
                await opened.store.add_invite(room.id, InviteWish(Role.OWNER), secret, now)
                joined = await opened.store.join(arrival, now)
            assert isinstance(joined, Joined), "whoever has an invite is let in"
            known = opened.writers[document] = room, joined.member.id
        return known


async def _catch_up(opened: _Opened, room: RoomRecord, start: Start) -> None:
    """Adds what a history lacks of the document: all of it at first, and what came about without it later."""
    loaded = await opened.loader.load(room)
    if start.updates:
        lacking = await asyncio.to_thread(_lacking, loaded.replica, start)
        if lacking != EMPTY_UPDATE:
            await opened.store.commit([Update(room.id, start.time, None, lacking)])
    if loaded.tail_bytes > COMPACT_AFTER:
        await opened.compactor.compact(room)


def _lacking(history: Replica, start: Start) -> bytes:
    document = Replica(start.updates)
    # What was deleted by then stays out: a history that is deleted is to be gone, though undo still has it.
    lacking = history.lacking(document.whole())
    gone = history.beyond(document.clocks() if start.seen is None else clocks(start.seen))
    return merge([lacking, deletion(gone)]) if gone else lacking


async def _room(opened: _Opened, document: str, seq: int) -> RoomRecord:
    room = await opened.store.find_room(document)
    if room is None:
        raise NoSuchMoment(document, seq)
    return room


def _was_taken_away(folder: Path) -> bool:
    """Whether there is no database any more where the folder is, or was; a drive that is away comes back."""
    return folder.parent.is_dir() and not any(folder.glob("*.sqlite3"))


def _remove_set_aside(folder: Path) -> None:
    for aside in folder.parent.glob(f"{folder.name}{_ASIDE}*"):
        shutil.rmtree(aside)


def _set_aside(folder: Path) -> Path:
    for number in range(1, 1000):
        aside = folder.with_name(f"{folder.name}{_ASIDE}{number}")
        if not aside.exists():
            patiently(folder.rename, aside)
            return aside
    raise OSError(f"there are too many damaged ones beside {folder}")
