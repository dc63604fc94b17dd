"""Playing: goes through the moments of a history one after the other.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import single_shot
from cowrite.gui.history.foot import HistoryFoot
from cowrite.sync.timeline import Timeline

PLAY_PAUSE = 700  # milliseconds for which a moment stays while the moments are gone through
MOST_SHOWN = 120  # moments in which one goes through a history of thousands: some one and a half minutes


class Playing(QObject):
    """Plays the moments of one history.

    Args:
        foot: where that is begun, and shown.
        timeline: gives the moments.
        go_to: shows another one, by its index.
        parent: Qt parent.
    """

    def __init__(
        self, foot: HistoryFoot, timeline: Callable[[], Timeline], go_to: Callable[[int], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._foot = foot
        self._timeline = timeline
        self._go_to = go_to
        self._timer = single_shot(self, self._go_on, PLAY_PAUSE)
        foot.play.toggled.connect(self.play)

    def play(self, on: bool) -> None:
        """Begins, from the first moment on where the newest one is shown, or stops."""
        self._foot.show_playing(on)
        if not on:
            self._timer.stop()
            return
        timeline = self._timeline()
        if timeline.at == len(timeline.moments) - 1:
            self._go_to(0)
        self._timer.start()

    def _go_on(self) -> None:
        timeline = self._timeline()
        last = len(timeline.moments) - 1
        if timeline.opened is not None and timeline.at < last:
            self._go_to(min(last, timeline.at + ceil(last / MOST_SHOWN)))
        elif timeline.opened is not None or timeline.problem is not None:
            self._foot.show_playing(False)
            return
        self._timer.start()
