"""When a room passes on what has come in. Without I/O."""

from __future__ import annotations

import math
from collections.abc import Callable

_WRITE_SECONDS = 10e-6
"""What it takes the system, roughly, to send one frame to one client."""

_SHARE = 5
"""The writes of one room take at most one part in this many of a core, as far as waiting can help it."""


class Rest:
    """The time after passing on in which a room gathers for the next time.

    It rests for as long as passing on took it, so that the event loop has time for everything else, and longer the more
    clients it has: each time costs a write for each of them, however much goes into it. Two people never wait for that,
    and where there is little to do nothing waits at all.
    """

    __slots__ = ("_clock", "_most", "_until")

    def __init__(self, most: float, clock: Callable[[], float]) -> None:
        """None yet.

        Args:
            most: seconds that it may last.
            clock: gives seconds.
        """
        self._most = most
        self._clock = clock
        self._until = -math.inf

    @property
    def left(self) -> float:
        """Seconds until the room may pass on; 0 or less when it may."""
        return self._until - self._clock()

    def begin(self, taken: float, receivers: int) -> None:
        """The room has passed on.

        Args:
            taken: seconds that it took, the system's part of sending not counted.
            receivers: clients that it was for.
        """
        writes = _SHARE * _WRITE_SECONDS * (receivers - 1)
        self._until = self._clock() + min(taken + writes, self._most)
