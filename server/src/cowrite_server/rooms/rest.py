"""When a room passes on what has come in. Without I/O."""

from __future__ import annotations

import math
from collections.abc import Callable

_WRITE_SECONDS = 10e-6
"""What it takes the system, roughly, to send one frame to one client."""

_SHARE = 7
"""The writes of one room take at most one part in this many of a core, as far as waiting can help it."""

_CREDIT_SECONDS = 0.1
"""What a room has not used of its share in this time it may use at once."""


class Rest:
    """The time after passing on in which a room gathers for the next time.

    Passing on costs a write for each client, however much goes into it. A room uses up its share of a core that way,
    and of the event loop's time with the rest of the work; while it has none left, it rests. (The generic cell rate
    algorithm, as in `pace`.) Where there is little to do, or few to tell, nothing waits at all.
    """

    __slots__ = ("_clock", "_until", "most")

    def __init__(self, most: float, clock: Callable[[], float]) -> None:
        """None yet.

        Args:
            most: seconds that anything may wait.
            clock: gives seconds.
        """
        self.most = most
        self._clock = clock
        self._until = -math.inf

    @property
    def over(self) -> bool:
        """Whether the room may pass on."""
        return self._until <= self._clock()

    def begin(self, taken: float, receivers: int) -> None:
        """The room has passed on.

        Args:
            taken: seconds that it took.
            receivers: clients that it was for.
        """
        now = self._clock()
        begun, earliest = self._until, now - _CREDIT_SECONDS
        if begun < earliest:  # written out: it is asked for each update, and `max` takes longer than the rest
            begun = earliest
        until = begun + taken + _SHARE * _WRITE_SECONDS * (receivers - 1)
        self._until = min(until, now + self.most)
