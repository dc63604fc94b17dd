"""When a room passes on what has come in. Without I/O."""

from __future__ import annotations

import math
from collections.abc import Callable

_PAIR_SECONDS = 0.7e-6
"""What a room rests for, for every pair of its clients, so that 100 gather for 7 ms, 50 for 2 and ten for none to speak
of. All of them write, each to all others: by the square goes what they cost at once, and what gathering saves."""

_UPDATE_SECONDS = 0.0017
"""What an update that waits is worth: where there is one for so much of a rest, the room rests no longer. So five end
the rest of 100 people."""

_CREDIT_SECONDS = 0.1
"""A room that has not passed on for this long may do so several times at once."""


class Rest:
    """The time after passing on in which a room gathers for the next time.

    Passing on costs a write for each client, however much goes into it. So a room pays for it with time in which it
    gathers; while it owes some, it rests. (The generic cell rate algorithm, as in `pace`.) Where there is little to do,
    or few to tell, nothing waits at all.

    It rests no longer than until enough updates wait. Of all rules, one that goes by their number makes them wait least
    for so many times of passing on (Deb and Serfozo, Optimal control of batch service queues, 1973).
    """

    __slots__ = ("_clock", "_enough", "_least", "_most", "_until")

    def __init__(self, most: float, clock: Callable[[], float]) -> None:
        """None yet.

        Args:
            most: seconds that anything may wait.
            clock: gives seconds.
        """
        self._most = most
        self._clock = clock
        self._until = self._least = -math.inf
        self._enough = math.inf

    @property
    def over(self) -> bool:
        """Whether the room may pass on, however little."""
        return self._until <= self._clock()

    @property
    def left(self) -> float:
        """Seconds until then."""
        return self._until - self._clock()

    def is_over_with(self, updates: int) -> bool:
        """Whether the room may pass on where so many updates wait."""
        now = self._clock()
        return self._until <= now or (updates >= self._enough and self._least <= now)

    def begin(self, taken: float, receivers: int) -> None:
        """The room has passed on.

        Args:
            taken: seconds that it took; the room rests at least as long, or would do nothing else.
            receivers: clients that it was for.
        """
        now = self._clock()
        begun, earliest = self._until, now - _CREDIT_SECONDS
        if begun < earliest:  # written out: it is asked for each update, and `max` takes longer than the rest
            begun = earliest
        elif begun > now:  # what was left of it, the updates that waited have paid
            begun = now
        rest = _PAIR_SECONDS * (receivers - 1) ** 2
        until = begun + taken + rest
        self._until = min(until, now + self._most)
        self._least = now + taken
        self._enough = rest / _UPDATE_SECONDS
