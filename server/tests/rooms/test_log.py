"""The log: commits in groups, never drops, never says saved too early."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from cowrite_server.errors import StoreFailed
from cowrite_server.rooms import log as log_module
from cowrite_server.rooms import rest
from cowrite_server.rooms.log import Log
from cowrite_server.settings.settings import Settings
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import Record, Update
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.sqlite.store import SqliteStore
from house import MakeHouse
from sync_clients import PATIENCE, until


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
async def open_log(folder: Path, *, others_wait: bool = False, **changes: object) -> AsyncIterator[tuple[Log, Disk]]:
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


async def test_what_waits_for_others_is_written_at_once_when_the_server_ends(tmp_path: Path) -> None:
    async with open_log(tmp_path, commit_seconds=3600) as (log, disk):
        log.append([entry()])
        await until(lambda: disk.commits)
        log.append([entry()])
        async with asyncio.timeout(PATIENCE):
            await log.flushed()
        assert disk.commits == [1, 1]


async def test_updates_that_arrive_during_a_commit_share_the_next_one(tmp_path: Path) -> None:
    async with open_log(tmp_path) as (log, disk):
        disk.go.clear()
        for _ in range(100):
            log.append([entry()])
            await asyncio.sleep(0)
        disk.go.set()
        await log.flushed()
        assert sum(disk.commits) == 100
        assert len(disk.commits) <= 3
    assert stored(tmp_path) == list(range(1, 101))


async def test_what_has_piled_up_is_written_in_parts_and_in_its_order(tmp_path: Path) -> None:
    told: list[int] = []
    async with open_log(tmp_path) as (log, disk):
        disk.failures = 2
        for size in (*[500_000] * 6, 5_000_000, *[500_000] * 3):
            log.append([entry(b"\x00" * size)], told.extend)
        await log.flushed()
        assert disk.commits == [4, 2, 1, 3]
        assert told == list(range(1, 11))


async def test_while_others_come_an_update_waits_for_them(tmp_path: Path) -> None:
    async with open_log(tmp_path, commit_seconds=3600) as (log, disk):
        log.append([entry()])
        await until(lambda: disk.commits)
        log.append([entry()])
        await asyncio.sleep(0)
        log.append([entry()])
        await log.flushed()
        assert disk.commits == [1, 2]


@pytest.mark.parametrize(
    ("sizes", "others_wait"), [([2] * 8, False), ([64 * 1024], False), ([2], True)], ids=["many", "much", "other nodes"]
)
async def test_where_many_wait_or_other_nodes_do_an_update_does_not_wait_long(
    tmp_path: Path, sizes: list[int], others_wait: bool
) -> None:
    async with open_log(tmp_path, others_wait=others_wait, commit_seconds=3600) as (log, disk):
        log.append([entry()])
        await until(lambda: disk.commits)
        for size in sizes:
            log.append([entry(bytes(size))])
        await until(lambda: sum(disk.commits) == 1 + len(sizes))
        assert len(disk.commits) == 2


async def test_where_hundreds_of_people_type_updates_wait_longer_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_log(tmp_path, commit_seconds=3600) as (log, disk):
        for now, count in ((0.0, 1), (0.5, 2000), (1.5, 8)):
            monkeypatch.setattr(log_module, "monotonic", lambda now=now: now)
            log.append([entry()] * count)
            await until(lambda: log.idle)
        log.append([entry()] * 8)
        asyncio.get_running_loop().call_later(0.05, log.append, [entry()])
        await until(lambda: sum(disk.commits) == 2018)
        assert disk.commits[-1] == 9


async def test_an_update_that_has_waited_long_is_written_with_the_next_that_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_log(tmp_path, commit_seconds=3600) as (log, disk):
        for now in (0.0, 1.0, 2.0, 3000.0):
            monkeypatch.setattr(log_module, "monotonic", lambda now=now: now)
            log.append([entry()])
            if not disk.commits:
                await until(lambda: disk.commits)
        await until(lambda: disk.commits == [1, 3])


async def test_what_comes_at_the_same_tick_of_a_coarse_clock_is_written_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "monotonic", lambda: 100.0)
    async with open_log(tmp_path, commit_seconds=0) as (log, disk):
        for count in (1, 2):
            log.append([entry()])
            await until(lambda count=count: sum(disk.commits) == count)


async def test_an_update_for_which_nobody_comes_is_written_after_the_time_that_the_settings_give(
    tmp_path: Path,
) -> None:
    seconds = 0.7
    loop = asyncio.get_running_loop()
    async with open_log(tmp_path, commit_seconds=seconds) as (log, disk):
        log.append([entry()])
        await until(lambda: disk.commits)
        begun = loop.time()
        log.append([entry()])
        await until(lambda: disk.commits == [1, 1])
        assert loop.time() - begun > 0.9 * seconds


async def test_after_a_pause_an_update_is_written_at_once(tmp_path: Path) -> None:
    async with open_log(tmp_path, commit_seconds=3600) as (log, disk):
        log.append([entry()])
        await until(lambda: disk.commits)


async def test_what_waits_for_others_is_written_at_once_when_its_writer_leaves(make_house: MakeHouse) -> None:
    house = await make_house(commit_seconds=3600)
    ann, _ben = await house.two_and_an_update_that_waits()
    assert stored(house.folder) == [1]
    await ann.leave()
    await until(lambda: stored(house.folder) == [1, 2])


async def test_what_its_writer_sent_last_is_written_when_they_leave_though_the_room_rests(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "_PAIR_SECONDS", 3600.0)
    house = await make_house(commit_seconds=3600, merge_seconds=3600)
    ann, ben = await house.client(), await house.client()
    await ann.write("a")
    await ann.until_saved()
    await ann.write("b")
    await ann.leave()
    await until(lambda: stored(house.folder) == [1, 2])
    await ben.until(lambda: ben.text == "ab")


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
