"""How fast a person is read, and how much of the server's time they take, on however many connections. Without I/O."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from weakref import WeakValueDictionary

from cowrite_server.wire.protocol import Limits

_BURST_SECONDS = 1.0
"""What somebody has not used of their rate in this time they may use at once."""


class Pace:
    """Tells how long to wait before a connection is read again.

    Time is spent as those send whose pace it is: each message and each byte costs its share of a second. (The generic
    cell rate algorithm, ITU-T I.371: one number instead of a bucket that is filled by a timer.)
    """

    __slots__ = ("__weakref__", "_byte_cost", "_message_cost", "_paid_until", "_work_cost", "worked_until")

    def __init__(self, limits: Limits, work_seconds: float) -> None:
        """A pace of which nothing is used.

        Args:
            limits: how much may be read in a second.
            work_seconds: how long the server may work in each second on what was read.
        """
        self._message_cost = 1 / limits.updates_per_second
        self._byte_cost = 1 / limits.bytes_per_second
        self._work_cost = 1 / work_seconds
        self._paid_until = self.worked_until = 0.0

    def spend(self, messages: int, size: int, now: float) -> float:
        """Takes account of what was read.

        Args:
            messages: number of messages.
            size: number of bytes.
            now: seconds of any clock.

        Returns:
            Seconds to wait before the next read; 0 or less for none.
        """
        cost, read = messages * self._message_cost, size * self._byte_cost
        if cost < read:  # written out, here and below: it is asked for each read, and `max` takes longer than the rest
            cost = read
        paid_until, earliest = self._paid_until, now - _BURST_SECONDS
        if paid_until < earliest:
            paid_until = earliest
        self._paid_until = paid_until = paid_until + cost
        return paid_until - now

    def dearest(self, messages: int, size: int) -> tuple[str, float]:
        """The name of the limit that a read costs most of, and how many seconds of it."""
        cost, read = messages * self._message_cost, size * self._byte_cost
        return ("updates_per_second", cost) if cost > read else ("bytes_per_second", read)

    def cost_of(self, seconds: float) -> float:
        """How many seconds of the pace it costs that the server works for so many."""
        return seconds * self._work_cost

    def work(self, seconds: float, now: float) -> bool:
        """Takes account of how long the server has worked on what was read.

        Args:
            seconds: so long.
            now: seconds of any clock.

        Returns:
            Whether that is more than may be.
        """
        worked_until, earliest = self.worked_until, now - _BURST_SECONDS
        if worked_until < earliest:
            worked_until = earliest
        self.worked_until = worked_until = worked_until + seconds * self._work_cost
        return worked_until > now

    def is_used_up(self, now: float) -> bool:
        """Whether the server has worked more than may be; see `work`."""
        return self.worked_until > now


class Paces:
    """The paces of all who are connected: one for each person."""

    __slots__ = ("_limits", "_of", "_work_seconds")

    def __init__(self, limits: Limits, work_seconds: float) -> None:
        """Nobody's yet; see `Pace`."""
        self._limits = limits
        self._work_seconds = work_seconds
        self._of: WeakValueDictionary[Hashable, Pace] = WeakValueDictionary()

    def __iter__(self) -> Iterator[Hashable]:
        """Those who have a pace."""
        return iter(self._of)

    def of(self, person: Hashable) -> Pace:
        """The pace of a person; the same for as long as one of their connections has it.

        Args:
            person: by what the server knows them on another connection; None where it cannot, for a pace of its own.
        """
        pace = None if person is None else self._of.get(person)
        if pace is None:
            pace = Pace(self._limits, self._work_seconds)
            if person is not None:
                self._of[person] = pace
        return pace
