"""A server's clock that a test sets forward or back."""

from __future__ import annotations

import time

HOUR = 60 * 60 * 1000


class Clock:
    """Milliseconds since 1970, and whatever somebody adds."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead
