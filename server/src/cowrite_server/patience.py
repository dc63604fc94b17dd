"""Patience with programs that have a file open for a moment. For server and app; runs on whatever thread calls it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

_TRIES = 20
_WAIT = 0.05  # seconds between tries


def patiently(work: Callable[[Path], object], target: Path) -> None:
    """Does something with a file, such as giving it this name; on Windows again and again for a second.

    WORKAROUND: virus scanners, the search indexer and programs that copy files elsewhere open a new file for a moment,
    and Windows lets nobody rename or replace an open one.

    Raises:
        OSError: it could not be done.
    """
    if sys.platform == "win32":
        for _ in range(_TRIES):
            try:
                work(target)
            except PermissionError:
                time.sleep(_WAIT)
            else:
                return
    work(target)
