"""A log on a real database whose commits are counted, and can be stopped or made to fail."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from cowrite_server.errors import StoreFailed
from cowrite_server.rooms.log import Log
from cowrite_server.settings.settings import Settings
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import Record, Update
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.sqlite.store import SqliteStore


class Disk:
    """A store that counts its commits, and can be stopped or made to fail."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.commits: list[int] = []
        self.failures = 0
        self.go = asyncio.Event()
        self.go.set()

    async def commit(self, records: Sequence[Record]) -> list[int]:
        """Writes records, or fails as often as was asked for."""
        await self.go.wait()
        if self.failures:
            self.failures -= 1
            raise StoreFailed("the disk is full")
        numbers = await self.store.commit(records)
        self.commits.append(len(records))
        return numbers


@asynccontextmanager
async def open_log(folder: Path, *, others_wait: bool = False, **changes: Any) -> AsyncIterator[tuple[Log, Disk]]:
    """A log on a real database with one room, which is room 1."""
    settings = Settings(store=sqlite_address(folder), retry_seconds=0.001, retry_most_seconds=0.002, **changes)
    store = await SqliteStore.open(folder, serving=True)
    disk = Disk(store)
    log = Log(settings, disk.commit, others_wait=others_wait)
    try:
        assert (await store.ensure_room("room", 0)).id == 1
        yield log, disk
    finally:
        disk.go.set()
        await log.close(5)
        await store.close()


def entry(data: bytes = b"\x00\x00") -> Update:
    return Update(1, 0, None, data)


def stored(folder: Path) -> list[int]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        return [seq for (seq,) in connection.execute("SELECT seq FROM updates ORDER BY rowid")]
