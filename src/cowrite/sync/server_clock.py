"""What time it is at a server, which says so once as it is joined.

No I/O; time is handed in.
"""

from __future__ import annotations

from collections.abc import Callable

SET = 1000  # milliseconds from which on a difference means that this computer's clock was set


class ServerClock:
    """By how much the clock of a server differs from this computer's, also once somebody has set the latter.

    Args:
        clock: this computer's, in milliseconds since 1970.
        steady: milliseconds on one that nobody sets, and that goes on while the computer sleeps.
    """

    def __init__(self, clock: Callable[[], int], steady: Callable[[], int]) -> None:
        self._clock = clock
        self._steady = steady
        self._begin: int | None = None  # of the steady clock, by the server's
        self._ahead = 0

    def hear(self, now: int | None) -> None:
        """Takes what time the server says that it is, in milliseconds since 1970; None where it says nothing."""
        self._begin = None if now is None else now - self._steady()
        self._ahead = 0 if now is None else now - self._clock()

    @property
    def ahead(self) -> int | None:
        """Milliseconds by which the server's clock is ahead of this computer's; None until the server says its time."""
        if self._begin is None:
            return None
        ahead = self._begin + self._steady() - self._clock()
        if abs(ahead - self._ahead) >= SET:  # two clocks never differ by quite the same, and who asks compares
            self._ahead = ahead
        return self._ahead
