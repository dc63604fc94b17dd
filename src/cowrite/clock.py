"""The time of day, as documents, histories and servers state it, and the clocks for how long something takes."""

from __future__ import annotations

import sys
import time


def milliseconds_now() -> int:
    """The time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def monotonic_milliseconds() -> int:
    """Milliseconds on a clock that nobody sets, such as undo steps are measured with."""
    return time.monotonic_ns() // 1_000_000


def steady_milliseconds() -> int:
    """Milliseconds on a clock that nobody sets, and that goes on while the computer sleeps."""
    if sys.platform == "linux":
        now = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":  # where that of `time.monotonic` stands still
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    else:
        now = time.monotonic_ns()
    return now // 1_000_000
