"""Files that others replace while the server runs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

_Sign = tuple[int, int, int] | None


class WatchedFiles:
    """Says when one of a few files has become another one."""

    def __init__(self, *paths: Path) -> None:
        """Takes the files as they are now for known.

        Args:
            paths: the files; they need not be there.
        """
        self._paths = paths
        self._known = self._seen = self._look()

    def changed(self) -> bool:
        """Whether they changed since they were known, and are at rest; from then on they are known.

        Files that differ from the last look are left for the next one: files that belong together are rarely replaced
        at the very same moment.
        """
        signs = self._look()
        at_rest, self._seen = signs == self._seen, signs
        if not at_rest or signs == self._known:
            return False
        self._known = signs
        return True

    def _look(self) -> tuple[_Sign, ...]:
        return tuple(_sign(path) for path in self._paths)


class Refreshed(Protocol):
    """What is read from such files."""

    def refresh(self) -> None:
        """Takes up what is new."""


async def keep_fresh(what: Sequence[Refreshed], seconds: float) -> None:
    """Has each of several things refreshed now and again, for as long as it is awaited.

    Args:
        what: the things.
        seconds: how often.
    """
    while True:
        await asyncio.sleep(seconds)
        for each in what:
            each.refresh()


def _sign(path: Path) -> _Sign:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
