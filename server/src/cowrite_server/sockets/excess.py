"""Excess: for how long somebody has been beyond their rate, and who has been so for too long. Without I/O.

Whoever is beyond it is read more slowly, see `pace`, and loses nothing by that: people paste, import and come back
after days. Nobody does so for minutes without a pause.
"""

from __future__ import annotations

from collections.abc import Hashable
from weakref import WeakValueDictionary


class Excess:
    """How long somebody had to wait because of their rate, less how long they had not to."""

    __slots__ = ("__weakref__", "_most", "_seconds", "_until")

    def __init__(self, most: float) -> None:
        """There was no wait yet.

        Args:
            most: seconds of it.
        """
        self._most = most
        self._seconds = 0.0
        self._until = 0.0

    def waited(self, since: float, until: float) -> bool:
        """Takes account of a wait; several at one time, of the same person, count once.

        Args:
            since: its beginning, in seconds of any clock.
            until: its end.

        Returns:
            Whether that is more than may be.
        """
        self._seconds = self._left(since)
        self._seconds += max(until - max(since, self._until), 0.0)
        self._until = max(until, self._until)
        return self._seconds > self._most

    def is_over(self, now: float) -> bool:
        """Whether there is nothing to remember any more."""
        return self._left(now) == 0

    def _left(self, now: float) -> float:
        return max(self._seconds - max(now - self._until, 0.0), 0.0)


class Excesses:
    """Those of all who are connected, or were not long ago: whoever comes again at once goes on with theirs."""

    def __init__(self, most: float) -> None:
        """Nobody's yet; see `Excess`."""
        self._most = most
        self._of: WeakValueDictionary[Hashable, Excess] = WeakValueDictionary()
        self._remembered: dict[Hashable, Excess] = {}

    def of(self, person: Hashable) -> Excess:
        """That of a person.

        Args:
            person: by what the server tells them from all others; None where it cannot, for one of its own.
        """
        excess = None if person is None else self._of.get(person)
        if excess is None:
            excess = Excess(self._most)
            if person is not None:
                self._of[person] = excess
        return excess

    def left(self, person: Hashable, now: float) -> None:
        """A person has gone from one connection; theirs is remembered until nothing is left of it.

        Args:
            person: as in `of`.
            now: seconds of the clock of `Excess.waited`.
        """
        if person in self._of:
            self._remembered[person] = self._of[person]
        self._remembered = {each: excess for each, excess in self._remembered.items() if not excess.is_over(now)}
