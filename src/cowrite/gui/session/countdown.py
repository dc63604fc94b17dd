"""Countdown: how long a phase is still meant to last, told from a shared deadline and a clock.

Runs on the GUI thread. Nobody is cut off when it is over; it goes on counting, in another colour.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from cowrite.bridge.single_shot import repeated
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import set_look
from cowrite.gui.look.times import DAY, HOUR, MINUTE, date_and_time

SECOND = 1000
UNTIL, OVER = "until", "over since"
"""Words before the day and hour of a deadline that is more than a day away."""


def left_in_words(ends: int, now: int) -> str:
    """How long it is until a deadline, or since then, both in milliseconds: "04:32", "1:04:32", "+00:12", or its day
    and hour."""
    left = ends - now
    if abs(left) > DAY:
        return f"{UNTIL if left > 0 else OVER} {date_and_time(ends)}"
    seconds = abs(-(-left // SECOND) if left > 0 else -left // SECOND)
    hours, rest = divmod(seconds, HOUR // SECOND)
    minutes, seconds = divmod(rest, MINUTE // SECOND)
    words = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
    return words if left > 0 else f"+{words}"


class Countdown(QToolButton):
    """`start_wanted(minutes)`, `more_wanted`, `stop_wanted`.

    Args:
        clock: milliseconds since 1970.
        sound: on while the person wants to hear that it is over; stands in the menu too.
    """

    start_wanted = Signal(int)
    more_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, clock: Callable[[], int], sound: QAction) -> None:
        super().__init__()
        self._clock = clock
        self._ends = 0
        self._minutes = 5
        self._has_rung = self._has_warned = True
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_look(self, kind="menu")
        self._menu = QMenu(self)
        self._start = self._menu.addAction("St&art")
        self._start.triggered.connect(lambda: self.start_wanted.emit(self._minutes))
        self._more = self._menu.addAction("&One minute more")
        self._more.triggered.connect(self.more_wanted)
        self._stop = self._menu.addAction("S&top")
        self._stop.triggered.connect(self.stop_wanted)
        self._menu.addSeparator()
        self._sound = sound
        self._menu.addAction(sound)
        self.setMenu(self._menu)
        self._tick = repeated(self, self.show_time, SECOND)
        self.show_deadline(0, 5)

    @property
    def is_over(self) -> bool:
        """Whether there is a deadline and it is past."""
        return bool(self._ends) and self._clock() >= self._ends

    def show_deadline(self, ends: int, minutes: int) -> None:
        """Takes another deadline, 0 for none, and for how many minutes one would be set."""
        if ends != self._ends:
            self._has_rung = ends <= self._clock()
            self._has_warned = ends - self._clock() <= MINUTE
        self._ends, self._minutes = ends, minutes or 5
        self._start.setText(f"St&art {self._minutes} min")
        self._start.setVisible(not ends)
        self._more.setVisible(bool(ends))
        self._stop.setVisible(bool(ends))
        if ends:
            self._tick.start()
        else:
            self._tick.stop()
        self.show_time()

    def set_may_write(self, on: bool) -> None:
        """Lets the person set the time, or only see it."""
        for action in (self._start, self._more, self._stop):
            action.setEnabled(on)

    def show_time(self) -> None:
        """Says how much is left by the clock."""
        words = left_in_words(self._ends, self._clock()) if self._ends else f"Timer ({self._minutes} min)"
        self.setText(words)
        what = "Time over by" if self.is_over else "Time left" if self._ends else "No time is set"
        offered = "" if self._ends else f", {self._minutes} minutes are offered"
        named = f"Timer: {what} {words.removeprefix('+')}" if self._ends else f"Timer: no time is set{offered}"
        if words.startswith(OVER):
            what, named = "The time is over", f"Timer: {words}"
        if not (self.hasFocus() and self._tick.isActive()):  # a screen reader would read out each second
            self.setAccessibleName(named)
        self.setToolTip(f"{what}{offered}; nobody is cut off when it is over")
        set_look(self, tone="over" if self.is_over else "")
        if self._ends - self._clock() <= MINUTE and not self._has_warned:
            self._has_warned = True
            say(self, "One minute left")
        if self.is_over and not self._has_rung:
            self._has_rung = True
            QApplication.alert(self.window())
            say(self, "The time is over; you can go on")
            if self._sound.isChecked():
                QApplication.beep()
