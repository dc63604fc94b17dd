"""The log: commits in groups, never drops, never says saved too early."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from cowrite_server.database import open_database, transaction
from cowrite_server.errors import StoreFailed
from cowrite_server.invites import RoomRecord, ensure_room
from cowrite_server.log import Log
from cowrite_server.records import Record, Update, read_room, write
from cowrite_server.settings import Settings
from sync_clients import until


class Disk:
    """Writes like the real one, counts the commits, and can be stopped or made to fail."""

    def __init__(self) -> None:
        self.commits: list[int] = []
        self.failures = 0
        self.go = threading.Event()
        self.go.set()

    def write(self, connection: sqlite3.Connection, records: Sequence[Record]) -> None:
        """Writes records, or fails as often as was asked for."""
        self.go.wait()
        if self.failures:
            self.failures -= 1
            raise StoreFailed("the disk is full")
        write(connection, records)
        self.commits.append(len(records))


@asynccontextmanager
async def open_log(folder: Path, disk: Disk, **changes: object) -> AsyncIterator[tuple[Log, RoomRecord]]:
    """A log on a real database."""
    settings = Settings(data=folder, retry_seconds=0.001, retry_most_seconds=0.002, **changes)
    log = Log(settings, disk.write)
    await log.open(folder)
    try:
        yield log, await log.read(ensure_room, "room", 0)
    finally:
        disk.go.set()
        await log.close(5)


def entry(room: RoomRecord, seq: int, data: bytes = b"\x00\x00") -> Update:
    return Update(room.id, seq, 0, None, data)


def stored(folder: Path) -> list[int]:
    with closing(open_database(folder)) as connection:
        return [seq for (seq,) in connection.execute("SELECT seq FROM updates ORDER BY rowid")]


async def test_updates_that_arrive_during_a_commit_share_the_next_one(tmp_path: Path) -> None:
    disk = Disk()
    async with open_log(tmp_path, disk) as (log, room):
        disk.go.clear()
        for seq in range(1, 101):
            log.append([entry(room, seq)])
            await asyncio.sleep(0)
        disk.go.set()
        await log.flushed()
        assert sum(disk.commits) == 100
        assert len(disk.commits) <= 3
    assert stored(tmp_path) == list(range(1, 101))


async def test_an_update_counts_as_saved_only_after_its_commit(tmp_path: Path) -> None:
    disk, told = Disk(), []
    async with open_log(tmp_path, disk) as (log, room):
        disk.go.clear()
        log.append([entry(room, 1), entry(room, 2)], lambda: told.append(stored(tmp_path)))
        await asyncio.sleep(0.01)
        assert told == []
        disk.go.set()
        await log.flushed()
        assert told == [[1, 2]]


async def test_a_failed_commit_is_repeated_in_order_until_it_succeeds(tmp_path: Path) -> None:
    disk, told = Disk(), []
    disk.failures = 5
    async with open_log(tmp_path, disk) as (log, room):
        log.append([entry(room, 1)], lambda: told.append(1))
        log.append([entry(room, 2)], lambda: told.append(2))
        await until(lambda: log.failure)
        assert told == []
        log.append([entry(room, 3)], lambda: told.append(3))
        await log.flushed()
        assert log.failure is None
        assert told == [1, 2, 3]
    assert stored(tmp_path) == [1, 2, 3]


async def test_a_full_log_says_so_and_calls_back_when_it_has_room(tmp_path: Path) -> None:
    disk, relieved = Disk(), asyncio.Event()
    async with open_log(tmp_path, disk, unsaved_bytes=1000) as (log, room):
        disk.go.clear()
        log.append([entry(room, 1, bytes(2000))])
        assert log.full
        log.when_relieved(relieved.set)
        disk.go.set()
        async with asyncio.timeout(5):
            await relieved.wait()
        assert not log.full


async def test_a_database_that_another_process_has_locked_is_waited_for(tmp_path: Path) -> None:
    disk = Disk()
    async with open_log(tmp_path, disk) as (log, room):
        with closing(sqlite3.connect(tmp_path / "cowrite-server.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            log.append([entry(room, 1)])
            await until(lambda: log.failure)
            assert (await log.read(read_room, room)).seq == 0  # reading goes on
            other.execute("COMMIT")
        await log.flushed()
    assert stored(tmp_path) == [1]


async def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    def limit(pages: int) -> Callable[[sqlite3.Connection], None]:
        return lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").close()

    disk = Disk()
    async with open_log(tmp_path, disk) as (log, room):
        await log.read(limit(1))  # SQLite takes this as: no more pages than there are
        log.append([entry(room, 1, bytes(100_000))])
        await until(lambda: log.failure)
        assert log.failure is not None
        assert "full" in log.failure.reason
        await log.read(limit(1_000_000))
        await log.flushed()
    assert stored(tmp_path) == [1]


async def test_a_commit_is_on_the_disk_itself_when_it_returns(tmp_path: Path) -> None:
    async with open_log(tmp_path, Disk()) as (log, _):
        full = 2
        assert await log.read(lambda connection: connection.execute("PRAGMA synchronous").fetchone()) == (full,)
        assert await log.read(lambda connection: connection.execute("PRAGMA journal_mode").fetchone()) == ("wal",)


async def test_a_write_that_is_repeated_changes_nothing(tmp_path: Path) -> None:
    with closing(open_database(tmp_path)) as connection:
        room = ensure_room(connection, "room", 0)
        write(connection, [entry(room, 1)])
        write(connection, [entry(room, 1), entry(room, 2)])
    assert stored(tmp_path) == [1, 2]


async def test_an_update_that_another_program_wrote_is_not_taken_for_ours(tmp_path: Path) -> None:
    with closing(open_database(tmp_path)) as connection:
        room = ensure_room(connection, "room", 0)
        write(connection, [entry(room, 1)])
        with pytest.raises(StoreFailed):
            write(connection, [entry(room, 1, b"theirs"), entry(room, 2)])
    assert stored(tmp_path) == [1]


async def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with closing(open_database(tmp_path)) as connection:
        room = ensure_room(connection, "room", 0)
        try:
            with transaction(connection):
                connection.execute("INSERT INTO updates (room, seq, time, data) VALUES (?, 1, 0, x'0000')", (room.id,))
                connection.execute("INSERT INTO nowhere VALUES (1)")
        except StoreFailed:
            assert not connection.in_transaction
    assert stored(tmp_path) == []


async def test_closing_gives_up_on_a_disk_that_fails(tmp_path: Path) -> None:
    disk = Disk()
    disk.failures = 1_000_000
    log = Log(Settings(data=tmp_path, retry_seconds=0.001, retry_most_seconds=0.001), disk.write)
    await log.open(tmp_path)
    room = await log.read(ensure_room, "room", 0)
    log.append([entry(room, 1)])
    assert not await log.close(0.05)
