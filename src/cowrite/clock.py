"""The time of day, as documents, histories and servers state it, and the clock for how long something takes."""

from __future__ import annotations

import time


def milliseconds_now() -> int:
    """The time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def monotonic_milliseconds() -> int:
    """Milliseconds on a clock that nobody sets, such as undo steps are measured with."""
    return time.monotonic_ns() // 1_000_000
