"""Times for tests on a machine that others use too."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_SCHEDULE = Path("/proc/thread-self/schedstat")
"""Of the thread that reads it: nanoseconds on a processor and waiting for one, and how often it had one."""


class Stopwatch:
    """Measures how long the thread that made it takes, without the time in which others had its processor."""

    def __init__(self) -> None:
        self._begun = _now()

    @property
    def seconds(self) -> float:
        """Since the beginning, or since the last `restart`."""
        return _now() - self._begun

    def restart(self) -> float:
        """Begins again; gives the seconds until now."""
        seconds = self.seconds
        self._begun += seconds
        return seconds


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Something has to be done within so many seconds of an event loop that nobody else keeps from its processor."""
    watch = Stopwatch()
    async with asyncio.timeout(30):
        yield
    taken = watch.seconds
    assert taken < seconds, f"{taken:.2f} s"


def _now() -> float:
    return time.perf_counter() - _waited()


def _waited() -> float:
    """Seconds that this thread has waited for a processor; 0 where the system does not tell."""
    try:
        return int(_SCHEDULE.read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0
