"""The time of day, as documents, histories and servers state it."""

from __future__ import annotations

import time


def milliseconds_now() -> int:
    """The time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
