"""When the log commits: what waits for others, how long, and what does not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from counting_disk import entry, open_log, stored
from cowrite_server.rooms import log as log_module
from cowrite_server.rooms import rest
from house import MakeHouse
from sync_clients import PATIENCE, until


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
