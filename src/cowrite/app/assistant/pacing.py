"""Pacing: when a suggestion may be asked for by itself.

Runs anywhere; time is handed in. Asked after a pause that grows with the time that the model takes to begin, and hardly
ever where it takes too long: a late suggestion only disturbs.
"""

from __future__ import annotations

SHORTEST, LONGEST = 0.3, 0.6  # seconds of pause, unless the person wants a longer one
SLOWEST = 1.5  # seconds until the first word, above which nothing is asked for by itself
LATE = 4.0  # seconds after which what was asked for by itself is not shown any more
USUAL = 16  # tokens that are read anew after a few words were typed
AGAIN = 30.0  # seconds after which a slow model is tried once more: the machine may have had something else to do
WEIGHT = 0.3  # of the newest measurement


class Pacing:
    """The pauses of one draft. All times are seconds of one monotonic clock.

    Attributes:
        longest: the longest pause that is waited for.
    """

    def __init__(self) -> None:
        self.longest = LONGEST
        self._latency: float | None = None
        self._tried = 0.0
        self._due: float | None = None

    @property
    def pause(self) -> float:
        """How long nobody may have typed before a suggestion is asked for."""
        return min(max(self._latency or 0.0, SHORTEST), self.longest)

    @property
    def is_fast_enough(self) -> bool:
        """Whether the model begins soon enough to be asked by itself; unknown counts as yes."""
        return self._latency is None or self._latency <= SLOWEST

    @property
    def latency(self) -> float:
        """How long the model takes to write its first word, in seconds; 0 where nothing was measured."""
        return self._latency or 0.0

    @property
    def due(self) -> float | None:
        """When to ask, unless somebody types before; None for not at all."""
        return self._due

    def typed(self, now: float) -> None:
        """Somebody has typed here."""
        may_ask = self.is_fast_enough or now - self._tried >= AGAIN
        self._due = now + self.pause if may_ask else None

    def moved(self) -> None:
        """The caret has gone elsewhere, or what was to be asked has become void."""
        self._due = None

    def take(self, now: float) -> bool:
        """Whether to ask now; then it is not due any more."""
        if self._due is None or now < self._due:
            return False
        self._due, self._tried = None, now
        return True

    def measured(self, seconds: float, read: int = 0) -> None:
        """The model took so long to write its first word.

        Args:
            seconds: that it took.
            read: tokens that it had to read for it and keeps. A draft that it has not read before takes many times as
                long as what is typed after that, so of the time for more than USUAL the share of so many counts.
        """
        seconds *= min(1.0, USUAL / max(1, read))
        self._latency = seconds if self._latency is None else self._latency + WEIGHT * (seconds - self._latency)

    def forget(self) -> None:
        """Another model may be quicker."""
        self._latency = None
