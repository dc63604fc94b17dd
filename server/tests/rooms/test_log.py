"""The log: commits in groups, never drops, never says saved too early."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from counting_disk import entry, open_log, stored
from cowrite_server.errors import StoreFailed
from cowrite_server.rooms import log as log_module
from cowrite_server.rooms.log import Log
from cowrite_server.settings.settings import Settings
from cowrite_server.store.records import Record
from cowrite_server.store.sqlite.database import FILE_NAME
from sync_clients import PATIENCE, until


async def test_an_update_counts_as_saved_only_after_its_commit_and_learns_its_number(tmp_path: Path) -> None:
    told: list[tuple[list[int], list[int]]] = []
    async with open_log(tmp_path) as (log, disk):
        disk.go.clear()
        log.append([entry()], lambda numbers: told.append((list(numbers), stored(tmp_path))))
        log.append([entry()])
        log.append([entry(), entry()], lambda numbers: told.append((list(numbers), stored(tmp_path))))
        await asyncio.sleep(0.01)
        assert told == []
        disk.go.set()
        await log.flushed()
        assert told == [([1], [1, 2, 3, 4]), ([3, 4], [1, 2, 3, 4])]


async def test_a_failed_commit_is_repeated_in_order_until_it_succeeds(tmp_path: Path) -> None:
    told: list[int] = []
    async with open_log(tmp_path) as (log, disk):
        disk.failures = 5
        log.append([entry()], told.extend)
        log.append([entry()], told.extend)
        await until(lambda: log.failure)
        assert told == []
        log.append([entry()], told.extend)
        await log.flushed()
        assert log.failure is None
        assert told == [1, 2, 3]
    assert stored(tmp_path) == [1, 2, 3]


async def test_pauses_between_attempts_double_up_to_the_longest_and_are_short_again_after_a_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    async with open_log(tmp_path) as (_, disk):
        log = Log(Settings(store="", retry_seconds=10, retry_most_seconds=50, commit_seconds=0), disk.commit)
        monkeypatch.setattr(log_module.asyncio, "sleep", note)
        for failures in (4, 1):
            disk.failures = failures
            log.append([entry()])
            await log.flushed()
    assert pauses == [10, 20, 40, 50, 10]


async def test_a_commit_after_a_failed_one_begins_with_the_same_records(tmp_path: Path) -> None:
    async with open_log(tmp_path) as (_, disk):
        asked: list[list[Record]] = []
        failures = [StoreFailed("the disk is full")]

        async def commit(records: Sequence[Record]) -> list[int]:
            asked.append(list(records))
            if failures:
                log.append([entry(b"third")])
                raise failures.pop()
            return await disk.commit(records)

        log = Log(Settings(store="", retry_seconds=0.001), commit)
        log.append([entry(b"first"), entry(b"second")])
        await log.flushed()
        assert asked[1] == [*asked[0], entry(b"third")]


async def test_a_full_log_says_so_and_calls_back_when_it_has_room(tmp_path: Path) -> None:
    relieved = asyncio.Event()
    async with open_log(tmp_path, unsaved_bytes=1000) as (log, disk):
        disk.go.clear()
        log.append([entry(bytes(2000))])
        assert log.full
        log.when_relieved(relieved.set)
        disk.go.set()
        async with asyncio.timeout(PATIENCE):
            await relieved.wait()
        assert not log.full


async def test_a_database_that_another_process_has_locked_is_waited_for(tmp_path: Path) -> None:
    async with open_log(tmp_path) as (log, disk):
        with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            log.append([entry()])
            await until(lambda: log.failure)
            assert await disk.store.read_after(1, 0) == []  # reading goes on
            other.execute("COMMIT")
        await log.flushed()
    assert stored(tmp_path) == [1]


async def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    def limit(pages: int) -> Callable[[sqlite3.Connection], None]:
        return lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").close()

    async with open_log(tmp_path) as (log, disk):
        await disk.store.run(limit(1))  # SQLite takes this as: no more pages than there are
        log.append([entry(bytes(100_000))])
        await until(lambda: log.failure)
        assert log.failure is not None
        assert log.failure.reason == "its disk is full; make room there"
        await disk.store.run(limit(1_000_000))
        await log.flushed()
    assert stored(tmp_path) == [1]


async def test_a_commit_is_on_the_disk_itself_when_it_returns(tmp_path: Path) -> None:
    async with open_log(tmp_path) as (_, disk):
        full = 2
        run = disk.store.run
        assert await run(lambda connection: connection.execute("PRAGMA synchronous").fetchone()) == (full,)
        assert await run(lambda connection: connection.execute("PRAGMA journal_mode").fetchone()) == ("wal",)
        assert await run(lambda connection: connection.execute("PRAGMA checkpoint_fullfsync").fetchone()) == (1,)


async def test_closing_gives_up_on_a_disk_that_fails(tmp_path: Path) -> None:
    async with open_log(tmp_path) as (log, disk):
        disk.failures = 1_000_000
        log.append([entry()])
        assert not await log.close(0.05)


async def test_what_comes_while_the_disk_fails_does_not_put_off_what_waits_for_it(tmp_path: Path) -> None:
    async with open_log(tmp_path, commit_seconds=3600) as (log, disk):
        disk.failures = 1_000_000
        log.append([entry()])
        await until(lambda: log.failure)
        log.append([entry()])
        disk.failures = 0
        await until(lambda: sum(disk.commits) == 2)


async def test_catching_up_waits_for_what_came_before_and_for_nothing_later(tmp_path: Path) -> None:
    async with open_log(tmp_path) as (log, disk):
        await log.caught_up()  # there is nothing to wait for
        disk.go.clear()
        log.append([entry()])
        waiting = asyncio.create_task(log.caught_up())
        await asyncio.sleep(0)
        assert not waiting.done()
        disk.go.set()
        await waiting
        assert disk.commits[0] == 1


async def test_whoever_catches_up_does_not_wait_for_others_to_come(tmp_path: Path) -> None:
    async with open_log(tmp_path, commit_seconds=3600) as (log, disk):
        for _ in range(2):
            log.append([entry()])
            await log.caught_up()
        assert sum(disk.commits) == 2


async def test_catching_up_ends_when_the_disk_fails_and_waits_again_when_it_works(tmp_path: Path) -> None:
    async with open_log(tmp_path) as (log, disk):
        disk.failures = 1
        log.append([entry()])
        with pytest.raises(StoreFailed):
            await log.caught_up()
        await log.flushed()
        log.append([entry()])
        await log.caught_up()
        assert disk.commits == [1, 1]


async def test_who_cannot_take_that_it_is_saved_keeps_nobody_else_from_being_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    def fail(_: object = None) -> None:
        raise RuntimeError("whoever waited is in no state to be told")

    async with open_log(tmp_path, unsaved_bytes=1) as (log, disk):
        disk.go.clear()
        log.append([entry()], fail)
        log.append([entry()], lambda _: told.append("second"))
        log.when_relieved(fail)
        log.when_relieved(lambda: told.append("relieved"))
        disk.go.set()
        await until(lambda: log.idle)
        assert told == ["second", "relieved"]
        assert log.queued_bytes == 0
        assert [record.exc_info is not None for record in caplog.records] == [True, True]
        caplog.clear()


async def test_a_commit_that_fails_as_nobody_foresaw_is_repeated_and_not_taken_for_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_log(tmp_path) as (_, disk):
        failing = True

        async def commit(records: Sequence[Record]) -> list[int]:
            if failing:
                raise MemoryError
            return await disk.commit(records)

        log = Log(Settings(store="", retry_seconds=0.001, retry_most_seconds=0.002), commit)
        log.append([entry()])
        await until(lambda: log.failure or log.idle)
        assert not log.idle
        assert not log.works
        with pytest.raises(StoreFailed, match="MemoryError"):
            await log.caught_up()
        failing = False
        await log.flushed()
        assert log.works
        caplog.clear()
    assert stored(tmp_path) == [1]
