"""Whether the event loop goes on while something else happens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer

from helpers.stopwatch import Stopwatch

LONGEST_GAP = 0.1  # seconds without a turn of the event loop, while others leave it a processor
BEAT = 5  # milliseconds; at every turn of the event loop, it would take a processor from the worker


class Heart:
    """Beats every BEAT, where the event loop lets it, and knows the longest wait between two beats."""

    def __init__(self) -> None:
        self._watch = Stopwatch()
        self.longest_gap = 0.0
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.start(BEAT)

    def stop(self) -> None:
        """Beats no more."""
        self._timer.stop()

    def _beat(self) -> None:
        self.longest_gap = max(self.longest_gap, self._watch.restart())


def shortest_of_three(work: Callable[[], object]) -> float:
    """The longest wait between two turns of the event loop while something is done; where another process of the
    machine has the processor, one of three tries goes without it."""
    gaps: list[float] = []
    for _ in range(3):
        heart = Heart()
        work()
        heart.stop()
        gaps.append(heart.longest_gap)
        if gaps[-1] < LONGEST_GAP:
            break
    return min(gaps)
