"""Which entries of its log a room's document holds. Without I/O."""

from __future__ import annotations


class Reach:
    """Every entry up to a number, and some beyond it.

    Where several nodes write, an entry may be known before the one in front of it.
    """

    __slots__ = ("_beyond", "seq")

    def __init__(self, seq: int) -> None:
        """All entries up to `seq`."""
        self.seq = seq
        """Number of the last entry before the first that is lacking."""
        self._beyond: dict[int, int] = {}

    @property
    def gap(self) -> bool:
        """Whether an entry is lacking in front of one that is held."""
        return bool(self._beyond)

    @property
    def last(self) -> int:
        """Number of the last entry that is held."""
        return max(self.seq, *self._beyond.values()) if self._beyond else self.seq

    def holds(self, first: int, last: int) -> bool:
        """Whether all entries from one number to another are held."""
        return last <= self.seq or any(at <= first and last <= end for at, end in self._beyond.items())

    def add(self, first: int, last: int) -> None:
        """The entries from one number to another are held from now on."""
        if first > self.seq + 1:
            self._beyond[first] = max(last, self._beyond.get(first, 0))
            return
        if last > self.seq:
            self.seq = last
        if not self._beyond:
            return
        for at in sorted(self._beyond):
            if at > self.seq + 1:
                break
            self.seq = max(self.seq, self._beyond.pop(at))
