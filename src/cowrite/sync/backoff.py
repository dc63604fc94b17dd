"""How long to wait before connecting again."""

from __future__ import annotations

from random import Random

LONGEST = 2.5
"""Seconds. With an attempt that is given up after five, work that waited flows within five seconds of the network's
return, of which nobody tells us."""


class Backoff:
    """Exponential backoff with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).

    Each wait is drawn evenly from zero up to a bound that doubles with each failure, so that the clients of a server
    that comes back do not all knock at once.
    """

    def __init__(self, random: Random, first: float = 0.25, longest: float = LONGEST) -> None:
        """Starts with a bound of `first` seconds, which grows to `longest`."""
        self._random = random
        self._first = first
        self._longest = longest
        self._bound = first

    def next(self) -> float:
        """Seconds to wait after one more failure."""
        wait = self._random.uniform(0.0, self._bound)
        self._bound = min(2 * self._bound, self._longest)
        return wait

    def reset(self) -> None:
        """The connection was stable, or someone asks for an attempt: the next failure counts as the first."""
        self._bound = self._first
