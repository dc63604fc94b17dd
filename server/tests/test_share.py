"""Share: work that leaves the time to others."""

from __future__ import annotations

import asyncio

from cowrite_server.share import Share


class Time:
    """Time that passes when somebody works or sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    async def sleep(self, seconds: float) -> None:
        """Lets so much pass."""
        self.now += seconds


async def test_it_rests_as_long_as_it_works_once_much_was_asked_for() -> None:
    time = Time()
    share = Share(6.0, lambda: time.now, time.sleep)

    async def work(times: int) -> None:
        for _ in range(times):
            async with share.turn():
                time.now += 0.25

    await work(12)
    assert time.now == 3.0  # whoever looks through history does not wait
    await work(40)
    assert 2 * 13.0 - 6.0 - 0.5 <= time.now <= 2 * 13.0


async def test_it_rests_no_longer_than_it_works() -> None:
    time = Time()
    share = Share(0.0, lambda: time.now, time.sleep)
    for _ in range(4):
        async with share.turn():
            time.now += 0.25
    assert time.now == 4 * 0.25 + 3 * 0.25


async def test_a_turn_lasts_until_all_of_it_is_done() -> None:
    share, done = Share(), []
    first_may_end = asyncio.Event()

    async def first() -> None:
        async with share.turn():
            await first_may_end.wait()
            done.append("first")

    async def second() -> None:
        async with share.turn():
            done.append("second")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(first())
        tasks.create_task(second())
        await asyncio.sleep(0)
        first_may_end.set()
    assert done == ["first", "second"]
