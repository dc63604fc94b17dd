"""Renames: how often members choose another name, for each time all in their room are told. Without I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

MOST, SECONDS = 10, 60.0
"""So many times within so many seconds a member may choose another name, on whichever of its connections to a node."""

Who = tuple[str, bytes]
"""A room's name, and the hash of the secret by which a member of it is known."""


class Renames:
    """When the members on one node have chosen their latest names."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Nobody has yet.

        Args:
            clock: gives seconds.
        """
        self._clock = clock
        self._times: dict[Who, deque[float]] = {}  # those who chose last come last

    def may(self, who: Who) -> bool:
        """Whether a member may choose another name now."""
        self._forget()
        times = self._times.get(who)
        return times is None or len(times) < MOST or self._clock() - times[0] >= SECONDS

    def chose(self, who: Who) -> None:
        """A member has chosen another name."""
        times = self._times.pop(who, deque(maxlen=MOST))
        times.append(self._clock())
        self._times[who] = times

    def _forget(self) -> None:
        now = self._clock()
        while self._times:
            who, times = next(iter(self._times.items()))
            if now - times[-1] < SECONDS:
                return
            del self._times[who]
