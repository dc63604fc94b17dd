"""How often the worker's process has ended by itself lately, and how. Runs anywhere."""

from __future__ import annotations

from collections import deque

from cowrite.assist.engine.problems import Reason

TOO_MANY = 3  # deaths
WITHIN = 300.0  # seconds

ILLEGAL_INSTRUCTION = ("signal 4", "exit status 3221225501", "exit status -1073741795")
"""How a process has ended whose processor does not know an instruction: SIGILL, and on Windows
STATUS_ILLEGAL_INSTRUCTION."""


class Deaths:
    """The latest deaths: a process that keeps ending is not started for ever."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=TOO_MANY)

    def add(self, now: float, how: str) -> Reason | None:
        """Counts one.

        Args:
            now: seconds, monotonic.
            how: what is known of it, such as "signal 9".

        Returns:
            Why no process is to be started any more; None where one may be.
        """
        if how in ILLEGAL_INSTRUCTION:  # it would end in the same way each time
            return Reason.FOREIGN
        self._times.append(now)
        is_often = len(self._times) == TOO_MANY and now - self._times[0] <= WITHIN
        return Reason.OFF if is_often else None

    def forget(self) -> None:
        """Begins counting anew."""
        self._times.clear()
