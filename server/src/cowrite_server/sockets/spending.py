"""Spending: what one connection takes of its person's pace, and for how long it has been beyond it. Without I/O.

Whoever is beyond their pace is read more slowly and loses nothing by that: people paste, import and come back after
days. Nobody does so for minutes without a pause.
"""

from __future__ import annotations

from cowrite_server.sockets.pace import Pace


class Spending:
    """A pace as one connection has it. It answers for what it sends itself, not for others who have the same pace."""

    __slots__ = ("_beyond_until", "_counted", "_most", "_owed", "_seconds", "exceeded", "pace")

    def __init__(self, pace: Pace, most: float) -> None:
        """Nothing is spent yet.

        Args:
            pace: that of the person whose connection it is.
            most: seconds that it may be beyond it, less those in which it is not.
        """
        self.pace = pace
        self.exceeded: str | None = None
        """The name of the limit beyond which it has been for too long."""
        self._most = most
        self._seconds = self._owed = self._counted = self._beyond_until = 0.0

    def spend(self, messages: int, size: int, now: float) -> float:
        """See `Pace.spend`."""
        wait = self.pace.spend(messages, size, now)
        if wait > 0:
            limit, cost = self.pace.dearest(messages, size)
            self._count(limit, cost, now, now + wait)
        return wait

    def work(self, seconds: float, now: float) -> bool:
        """See `Pace.work`."""
        if not self.pace.work(seconds, now):
            return False
        self._count("work_seconds", self.pace.cost_of(seconds), now, self.pace.worked_until)
        return True

    def is_used_up(self, now: float) -> bool:
        """See `Pace.is_used_up`."""
        return self.pace.is_used_up(now)

    def _count(self, limit: str, cost: float, now: float, until: float) -> None:
        """It is beyond a limit; what has passed since it was so last counts, and what is spent now counts next time.

        Args:
            limit: its name.
            cost: seconds of the pace that were spent now.
            now: seconds of the clock of all calls.
            until: when the pace is kept to again, if nothing more is spent.
        """
        rest = max(now - self._beyond_until, 0.0)
        passed = min(self._owed, now - rest - self._counted)  # where it is less, others have spent of the pace, too
        self._seconds = max(self._seconds + passed - rest, 0.0)
        self._owed = (0.0 if rest else self._owed - passed) + cost
        self._counted, self._beyond_until = now, max(until, self._beyond_until)
        if self._seconds > self._most:
            self.exceeded = limit
