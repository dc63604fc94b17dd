"""When a room passes on what has come in. Without I/O."""

from __future__ import annotations

import math
from collections.abc import Callable

_PAIR_SECONDS = 0.75e-6
"""What a room rests for, for every pair of its clients, so that 100 gather for 7 ms, 50 for 2 and ten for none to speak
of. All of them write, each to all others: by the square goes what they cost at once, and what gathering saves."""

_CREDIT_SECONDS = 0.1
"""A room that has not passed on for this long may do so several times at once."""


class Rest:
    """The time after passing on in which a room gathers for the next time.

    Passing on costs a write for each client, however much goes into it. So a room pays for it with time in which it
    gathers; while it owes some, it rests. (The generic cell rate algorithm, as in `pace`.) Where there is little to do,
    or few to tell, nothing waits at all.
    """

    __slots__ = ("_clock", "_most", "_until")

    def __init__(self, most: float, clock: Callable[[], float]) -> None:
        """None yet.

        Args:
            most: seconds that anything may wait.
            clock: gives seconds.
        """
        self._most = most
        self._clock = clock
        self._until = -math.inf

    @property
    def over(self) -> bool:
        """Whether the room may pass on."""
        return self._until <= self._clock()

    @property
    def left(self) -> float:
        """Seconds until then."""
        return self._until - self._clock()

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
        until = begun + taken + _PAIR_SECONDS * (receivers - 1) ** 2
        self._until = min(until, now + self._most)
