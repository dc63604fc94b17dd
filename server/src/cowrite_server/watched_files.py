"""Files that others replace while the server runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from cowrite_server.errors import ServerError

_Sign = tuple[int, int, int] | None


class WatchedFiles:
    """Has a few files read again when one of them has become another one."""

    def __init__(self, *paths: Path) -> None:
        """Takes the files as they are now for known.

        Args:
            paths: the files; they need not be there.
        """
        self._paths = paths
        self._known = self._seen = self._look()
        self._is_refused = False

    def read_again(self, read: Callable[[], None]) -> bool:
        """Has them read if they are others than those that are known; to be called again and again.

        What cannot be used is tried again at each call, and refused aloud only once: the files may get their owner
        later, or the process be out of open files for a moment.

        Args:
            read: reads them, and takes up what it read.

        Returns:
            Whether they were read, and what they hold was taken up.

        Raises:
            ServerError: what `read` raised, where they changed since it did the last time.
        """
        is_new = self._changed()
        if not (is_new or self._is_refused):
            return False
        signs = self._look()
        try:
            read()
        except ServerError:
            self._is_refused = True
            if is_new:
                raise
            return False
        self._known, self._is_refused = signs, False
        return True

    def _changed(self) -> bool:
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
        """Takes up what is new; called on a thread beside the event loop."""


async def keep_fresh(what: Sequence[Refreshed], seconds: float) -> None:
    """Has each of several things refreshed now and again, for as long as it is awaited.

    Args:
        what: the things.
        seconds: how often.
    """
    while True:
        await asyncio.sleep(seconds)
        for each in what:
            await asyncio.to_thread(each.refresh)  # the drive that they are on may hang


def _sign(path: Path) -> _Sign:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
