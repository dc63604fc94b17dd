"""How often the worker's process has ended by itself lately. Runs anywhere."""

from __future__ import annotations

from collections import deque

TOO_MANY = 3  # deaths
WITHIN = 300.0  # seconds


class Deaths:
    """The latest deaths: a process that keeps ending is not started for ever."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=TOO_MANY)

    def add(self, now: float) -> bool:
        """Counts one.

        Args:
            now: seconds, monotonic.

        Returns:
            Whether it was one too many.
        """
        self._times.append(now)
        return len(self._times) == TOO_MANY and now - self._times[0] <= WITHIN

    def forget(self) -> None:
        """Begins counting anew."""
        self._times.clear()
