"""Times: as the server keeps them, in milliseconds since 1970, and as people read them, in UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


def milliseconds_now() -> int:
    """The time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def moment_text(milliseconds: int) -> str:
    """A time in UTC, to the second."""
    return _moment(milliseconds, "%Y-%m-%d %H:%M:%S")


def minute_text(milliseconds: int) -> str:
    """A time in UTC, to the minute."""
    return _moment(milliseconds, "%Y-%m-%d %H:%M")


def _moment(milliseconds: int, form: str) -> str:
    try:
        # Not `fromtimestamp`, which on Windows knows no year beyond 3000.
        return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)).strftime(form)
    except OverflowError:  # an older version let members ask for any number
        return "after the year 9999"
