"""Counts the updates of one connection and tells how far they are on disk (the SAVED message). Without I/O."""

from __future__ import annotations

from collections import deque


class Ledger:
    """Updates are numbered from 1 as they come; each is settled at once or held until the disk has it."""

    __slots__ = ("_held", "_received", "_told")

    def __init__(self) -> None:
        self._received = 0
        self._told = 0
        self._held: deque[int] = deque()

    def next(self) -> int:
        """Counts one more update; gives its number."""
        self._received += 1
        return self._received

    @property
    def held(self) -> int:
        """How many updates are on their way to the disk."""
        return len(self._held)

    def hold(self, number: int) -> None:
        """The update of this number, the latest, is on its way to the disk."""
        self._held.append(number)

    def settle(self, number: int) -> None:
        """The held update of this number needs no disk: it was refused, or adds nothing."""
        if number in self._held:  # it may have been released with later ones
            self._held.remove(number)

    def release(self, last: int) -> None:
        """All held updates up to this number are settled: on disk, or refused."""
        while self._held and self._held[0] <= last:
            self._held.popleft()

    def news(self) -> int | None:
        """The number up to which all updates are settled, or None if that was told before."""
        settled = self._held[0] - 1 if self._held else self._received
        if settled <= self._told:
            return None
        self._told = settled
        return settled
