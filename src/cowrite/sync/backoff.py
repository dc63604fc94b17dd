"""How long to wait before connecting again."""

from __future__ import annotations

from random import Random

FIRST = 0.25
"""Seconds that the first wait may last."""

LONGEST = 2.5
"""Seconds. With an attempt that is given up after five, work that waited flows within five seconds of the network's
return, of which nobody tells us."""


class Backoff:
    """Exponential backoff with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).

    Each wait is drawn evenly from zero up to a bound that doubles with each failure, so that the clients of a server
    that comes back do not all knock at once.
    """

    def __init__(self, random: Random) -> None:
        """Starts with a bound of FIRST, which grows to LONGEST."""
        self._random = random
        self._bound = FIRST

    def next(self, rest: float = 0.0) -> float:
        """Seconds to wait after one more failure.

        Args:
            rest: so long the server wants to be left alone, at least.
        """
        wait = self._random.uniform(rest, max(self._bound, 2 * rest))
        self._bound = min(2 * self._bound, LONGEST)
        return wait

    def reset(self) -> None:
        """The connection was stable, or someone asks for an attempt: the next failure counts as the first."""
        self._bound = FIRST
