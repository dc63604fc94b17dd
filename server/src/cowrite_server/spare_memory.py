"""Spare memory: what clients and rooms have left that are gone, given back to the system.

Their parts know each other, so Python lets go of them only when it looks for garbage, which it does by the number of
its own objects: a document of many megabytes is hardly one of them. Meanwhile others are made beside them, all over the
memory. And what was let go of stays with the C library, which gives back by itself only what lies at the end
(https://sourceware.org/glibc/wiki/MallocInternals). Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable
from time import monotonic
from typing import cast

_SECONDS = 0.05
"""Many may leave together; so long the first of them waits for the others."""

_RARITY = 60.0
"""Seconds until the next time where a million of Python's pieces of memory stay, and by the square of their number
where there are more or fewer: all have to be looked through, while everybody waits, a million for a twentieth of a
second."""

_MILLION = 1_000_000


class SpareMemory:
    """Memory that nothing uses any more."""

    def __init__(self) -> None:
        """There is none yet."""
        self._timer: asyncio.TimerHandle | None = None
        self._earliest = 0.0
        self._pieces = sys.getallocatedblocks()
        self._trim = _trim()

    @property
    def is_there(self) -> bool:
        """Whether some is to be given back."""
        return self._timer is not None

    def give_back_soon(self) -> None:
        """A client has gone, or a room has left memory."""
        if self._timer is None:
            wait = max(_SECONDS, self._earliest - monotonic())
            self._timer = asyncio.get_running_loop().call_later(wait, self._give_back)

    def close(self) -> None:
        """Gives back nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_back(self) -> None:
        self._timer = None
        if gc.isenabled():  # else an application looks for garbage by itself, on the thread where its windows are
            gc.collect()
        if self._trim is not None:
            self._trim(0)
        stay = sys.getallocatedblocks() - self._pieces
        self._earliest = monotonic() + _RARITY * (stay / _MILLION) ** 2


def _trim() -> Callable[[int], object] | None:
    """The C library's function that gives back what lies between what is in use, where it has one, as glibc does."""
    if sys.platform != "linux":
        return None
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim.argtypes = (ctypes.c_size_t,)
    return cast("Callable[[int], object] | None", trim)
