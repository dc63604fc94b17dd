"""SqliteStore: one SQLite file in a data folder, for one server.

A thread of its own owns the connection; what is asked runs there, one after the other, so reads come between commits.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from cowrite_server.errors import DataFolderUnusable, StoreFailed
from cowrite_server.folder import FolderLock, running_server
from cowrite_server.store import acts
from cowrite_server.store.moving import Batch, Giving, Table, Taking
from cowrite_server.store.records import (
    UNBOUNDED,
    Record,
)
from cowrite_server.store.soundness import Fault
from cowrite_server.store.sqlite import backup as sqlite_backup
from cowrite_server.store.sqlite import forgetting as sqlite_forgetting
from cowrite_server.store.sqlite import log as sqlite_log
from cowrite_server.store.sqlite import moving as sqlite_moving
from cowrite_server.store.sqlite import soundness as sqlite_soundness
from cowrite_server.store.sqlite.database import (
    FILE_NAME,
    changes_by_others,
    is_full,
    is_outdated,
    open_database,
    require_writable,
)
from cowrite_server.store.sqlite.drafts import remove_stale_drafts
from cowrite_server.store.sqlite.files import DatabaseFiles
from cowrite_server.store.sqlite.reserve import Reserve
from cowrite_server.store.sqlite.tables import at_once
from cowrite_server.store.sqlite.thread import StoreThread
from cowrite_server.store.table_store import TableStore
from cowrite_server.store.tables import Tables

P = ParamSpec("P")
T = TypeVar("T")

_BUSY_SECONDS = 5.0
"""How long a statement of a command waits while another process writes."""

_BUSY_SECONDS_SERVING = 1.0
"""The same on a server, where a longer wait is a repeat, so that reads come in between."""

_UNASKED_AT_MOST = 3
"""So often one after the other `changes_by_others` believes that nobody has written, before it asks whether the
database can be read at all. To ask its thread takes many times as long."""

_SHUTTING_OUT = (acts.withdraw, acts.set_role, acts.remove_member)
"""By these somebody may do less than before; a full disk does not keep them from being done."""


class SqliteStore(TableStore):
    """A store in a folder; see `store.Store` for what its methods do."""

    shared = False

    def __init__(self, folder: Path) -> None:
        """Not for callers: `open` makes stores."""
        self._folder = folder
        self._thread = StoreThread()
        self._closed = False
        self._numbers = sqlite_log.Numbers()
        self._reserve = Reserve(folder)
        self._is_announced = False  # else nobody comes who could have to be shut out
        self._lock: FolderLock | None = None
        self._connection: sqlite3.Connection | None = None
        self._files: DatabaseFiles | None = None
        self._changes = self._unasked = 0
        self._mark: bytes | None = None

    @classmethod
    async def open(
        cls,
        folder: Path,
        *,
        make: bool = True,
        serving: bool = False,
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> Self:
        """Opens the store of a data folder.

        Args:
            folder: the data folder.
            make: whether to make the folder and the database where they are missing.
            serving: whether to be the one server that works on it.
            before: what is to succeed before a database is made or changed; what it raises passes through.

        Raises:
            DamagedData: the file is damaged. Nothing was touched.
            DataFolderInUse: another server works on it.
            DataFolderUnusable: the folder or the file cannot be made or opened.
            ForeignData: the file is another program's. Nothing was touched.
            NewerData: the file is of a newer version. Nothing was touched.
        """
        store = cls(folder)
        try:
            await store._thread.run(lambda: store._lock_folder(serving))
            if before is not None:
                await before()
            await store._thread.run(lambda: store._open(make, serving))
        except BaseException:
            await store.close()
            raise
        return store

    async def commit(self, records: Sequence[Record], room_blob_bytes: int = UNBOUNDED) -> list[int]:
        # Written also where nobody waits any more: who sent it may have no other copy.
        return await self._thread.finish(self._with_files(self._write, records, room_blob_bytes))

    @asynccontextmanager
    async def turn_to_restore(self, room: int) -> AsyncIterator[None]:
        yield  # there is no other server

    async def back_up(self, path: Path) -> None:
        sqlite_backup.refuse_own_name(self._folder, path)
        given_up = threading.Event()
        try:
            await self.run(sqlite_backup.back_up, path, given_up.is_set)
        except asyncio.CancelledError:
            given_up.set()  # or the thread would copy on to the end
            raise

    async def damage(self) -> list[Fault]:
        return await self.run(sqlite_soundness.damage)

    async def forget_room(self, name: str, now: int) -> None:
        await self.run(sqlite_forgetting.forget_room, name, now)

    async def wipe(self) -> str:
        return await self.run(sqlite_forgetting.wipe)

    def known_changes(self) -> int | None:
        # Where commits follow each other, one has asked within the time in which this is asked again.
        news, self._numbers.news = self._numbers.news, None
        if news is not None:
            return news
        if self._files is None or self._closed or self._unasked >= _UNASKED_AT_MOST:
            return None
        if self._mark is None or self._files.mark() != self._mark:
            return None
        self._unasked += 1
        return self._changes

    async def changes_by_others(self) -> int:
        known = self.known_changes()
        if known is not None:
            return known
        mark = None if self._files is None or self._closed else self._files.mark()
        self._changes = await self.run(changes_by_others)
        self._mark, self._unasked = mark, 0
        return self._changes

    @asynccontextmanager
    async def giving(self, without: Collection[int] = ()) -> AsyncIterator[Giving]:
        await self.run(sqlite_moving.begin)
        try:
            yield _Moving(self, without)
        finally:
            await self.run(sqlite_moving.end, keep=False)

    @asynccontextmanager
    async def taking(self) -> AsyncIterator[Taking]:
        keep = False
        try:
            await self.run(sqlite_moving.begin_taking, str(self._folder))
            yield _Moving(self)
            keep = True
        finally:
            await self.run(sqlite_moving.end, keep=keep)

    async def announce(self, url: str) -> None:
        assert self._lock is not None, "only a server is announced"
        self._lock.note_address(url)
        self._is_announced = True
        await self._thread.run(self._reserve.keep_if_free)

    async def announced(self) -> str | None:
        return running_server(self._folder)

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        await self._thread.end(self._close)

    async def with_tables(
        self, rule: Callable[Concatenate[Tables, P], Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        query = at_once(rule)
        return await self.run(self._with_reserve(query) if rule in _SHUTTING_OUT else query, *args, **kwargs)

    async def run(self, query: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a query on the connection and its thread.

        Raises:
            StoreFailed: the store is closed, or its files are not there any more; what the query raises passes through.
        """
        return await self._thread.run(self._with_files(query, *args, **kwargs))

    def _with_files(
        self, query: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Callable[[], T]:
        """A query as it is done on the thread.

        Raises:
            StoreFailed: the store is closed; from what is given, that its files are not there any more.
        """
        connection, files = self._connection, self._files
        if connection is None or files is None or self._closed:
            raise StoreFailed("it is closed")

        def run_here() -> T:
            files.check()
            try:
                return query(connection, *args, **kwargs)
            finally:
                files.look()

        return run_here

    def _with_reserve(
        self, query: Callable[Concatenate[sqlite3.Connection, P], T]
    ) -> Callable[Concatenate[sqlite3.Connection, P], T]:
        """A query that is done once more with the reserve's space where the disk is full."""

        def run(connection: sqlite3.Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return query(connection, *args, **kwargs)
            except StoreFailed as error:
                if not is_full(error):
                    raise
                self._reserve.give()
                try:
                    return query(connection, *args, **kwargs)
                finally:
                    self._reserve.keep()

        return run

    def _lock_folder(self, serving: bool) -> None:
        # A command does not bring the data up to date under the hands of a server of the older version.
        if serving or is_outdated(self._folder):
            self._lock = FolderLock(self._folder)
            remove_stale_drafts(self._folder / FILE_NAME)

    def _open(self, make: bool, serving: bool) -> None:
        busy = _BUSY_SECONDS_SERVING if serving else _BUSY_SECONDS
        self._connection = self._open_database(make, busy)
        if serving:
            require_writable(self._connection, self._folder)
            with suppress(sqlite3.OperationalError):  # the next one does it
                # After a crash the index does not say what of the log is in the database, see `DatabaseFiles`.
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        try:
            self._files = DatabaseFiles(self._folder / FILE_NAME)
        except OSError as error:
            raise DataFolderUnusable(self._folder, error.strerror or str(error)) from error

    def _open_database(self, make: bool, busy: float) -> sqlite3.Connection:
        """Opens the database, for which SQLite makes files, where the disk is full with the reserve's space."""
        try:
            return open_database(self._folder, make=make, busy_seconds=busy)
        except DataFolderUnusable as error:
            if not is_full(error) or not self._reserve.is_there:
                raise
            self._reserve.give()
            try:
                return open_database(self._folder, make=make, busy_seconds=busy)
            finally:
                self._reserve.keep()

    def _write(self, connection: sqlite3.Connection, records: Sequence[Record], room_blob_bytes: int) -> list[int]:
        numbers = sqlite_log.write(connection, records, self._numbers, room_blob_bytes)
        if self._is_announced:
            self._reserve.keep_if_free()
        return numbers

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._files is not None:
            self._files.close()
        if self._lock is not None and self._connection is None:
            self._lock.withdraw()
        elif self._lock is not None:
            self._lock.release()


class _Moving:
    """Within `giving` or `taking`: a `moving.Giving` of what is there but for some rooms, and a `moving.Taking`."""

    def __init__(self, store: SqliteStore, without: Collection[int] = ()) -> None:
        self._store = store
        self._without = without

    async def batches(self, table: Table) -> AsyncIterator[Batch]:
        after = None
        while batch := await self._store.run(sqlite_moving.read, table, self._without, after):
            yield batch
            after = sqlite_moving.key_of(table, batch[-1])

    async def take(self, table: Table, batches: AsyncIterator[Batch]) -> None:
        async for batch in batches:
            await self._store.run(sqlite_moving.write, table, batch)
