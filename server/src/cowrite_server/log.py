"""The way to the database: one thread that owns the connection, and a queue of records that commits in groups.

Lives on the server's event loop. Records that arrive while a commit runs go into the next one together, so one fsync
serves them all. A commit that fails is repeated until it succeeds; nothing leaves the queue unwritten.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from cowrite_server.database import open_database
from cowrite_server.errors import StoreFailed
from cowrite_server.records import Record, write
from cowrite_server.settings import Settings

_logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
Write = Callable[[sqlite3.Connection, Sequence[Record]], None]

_BUSY_SECONDS = 1.0
"""How long a statement waits for another process; longer waits are repeats, so that reads come in between."""

_RECORD_OVERHEAD = 200
"""Bytes that a queued record takes beside its data, roughly."""


class Log:
    """Writes records in the order in which they come, and tells when they are on disk."""

    def __init__(self, settings: Settings, write: Write = write) -> None:
        """A log that is not yet open; see `open`.

        Args:
            settings: the server's.
            write: puts records on disk in one transaction, or raises StoreFailed; runs on the store's thread.
        """
        self._settings = settings
        self._write = write
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cowrite-store")
        self._connection: sqlite3.Connection | None = None
        self._queue: list[tuple[Record, Callable[[], None] | None]] = []
        self._queued_bytes = 0
        self._writer: asyncio.Task[None] | None = None
        self._failure: StoreFailed | None = None
        self._relieved: list[Callable[[], None]] = []

    async def open(self, folder: Path) -> None:
        """Opens the database on the store's thread.

        Raises:
            DataFolderUnusable: it cannot be opened.
            ForeignData: it is another program's.
            NewerData: it is of a newer version.
        """
        loop = asyncio.get_running_loop()
        self._connection = await loop.run_in_executor(
            self._executor, partial(open_database, folder, busy_seconds=_BUSY_SECONDS)
        )

    @property
    def failure(self) -> StoreFailed | None:
        """Why the last commit failed, or None while commits succeed."""
        return self._failure

    @property
    def queued_bytes(self) -> int:
        """Size of what waits for the disk."""
        return self._queued_bytes

    @property
    def full(self) -> bool:
        """Whether so much waits for the disk that no more should be taken from clients."""
        return self._queued_bytes > self._settings.unsaved_bytes

    @property
    def idle(self) -> bool:
        """Whether everything appended is on disk."""
        return self._writer is None

    def when_relieved(self, call: Callable[[], None]) -> None:
        """Calls back once when the log is no longer full."""
        self._relieved.append(call)

    def append(self, records: Sequence[Record], saved: Callable[[], None] | None = None) -> None:
        """Queues records for the next commit.

        Args:
            records: what to write, in this order.
            saved: called on the loop when all of them are on disk.
        """
        if not records:
            return
        self._queue.extend((record, None) for record in records[:-1])
        self._queue.append((records[-1], saved))
        self._queued_bytes += sum(len(record.data) + _RECORD_OVERHEAD for record in records)
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write_all(), name="log writer")

    async def read(
        self, query: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs a query on the store's thread, between two commits.

        Raises:
            StoreFailed: what the query raises passes through.
        """
        connection = self._connection
        if connection is None:
            raise StoreFailed("it is closed")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: query(connection, *args, **kwargs))

    async def flushed(self) -> None:
        """Waits until everything appended so far, and since, is on disk."""
        while self._writer is not None:
            await asyncio.shield(self._writer)

    async def close(self, patience: float) -> bool:
        """Writes what is queued and closes the database.

        Args:
            patience: seconds after which a disk that fails is given up.

        Returns:
            Whether everything is on disk.
        """
        try:
            if not self.idle:
                await asyncio.wait_for(self.flushed(), patience)
        except TimeoutError:
            _logger.error("%d bytes of updates could not be saved before the end", self._queued_bytes)
        complete = self.idle
        if self._writer is not None:
            self._writer.cancel()
        connection, self._connection = self._connection, None
        if connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._executor, connection.close)
        self._executor.shutdown(wait=True)
        return complete

    async def _write_all(self) -> None:
        pause = self._settings.retry_seconds
        try:
            while self._queue:
                batch = list(self._queue)
                try:
                    await self.read(self._write, [record for record, _ in batch])
                except StoreFailed as error:
                    if self._failure is None:
                        _logger.error("%s Trying again until it works.", error)
                    self._failure = error
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, self._settings.retry_most_seconds)
                    continue
                if self._failure is not None:
                    _logger.warning("The database can be written again.")
                self._failure = None
                pause = self._settings.retry_seconds
                self._settle(batch)
        finally:
            self._writer = None

    def _settle(self, batch: list[tuple[Record, Callable[[], None] | None]]) -> None:
        del self._queue[: len(batch)]
        self._queued_bytes -= sum(len(record.data) + _RECORD_OVERHEAD for record, _ in batch)
        for _, saved in batch:
            if saved is not None:
                saved()
        if self._relieved and not self.full:
            relieved, self._relieved = self._relieved, []
            for call in relieved:
                call()
