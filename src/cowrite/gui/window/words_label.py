"""WordsLabel: how many words there are, and how far that is on the way to a person's goals.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QLocale, QRect, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from cowrite.core.text.direction import isolated
from cowrite.gui.look.theme import worn

LINE = 2  # device-independent pixels: height of the line that shows how far a goal is reached


class Goals(NamedTuple):
    """Goals of a person for words, and how far they are.

    Attributes:
        document: how many words the document is to have; 0 for no goal.
        a_day: how many are to be written a day; 0 for no goal.
        written: how many were written today.
    """

    document: int = 0
    a_day: int = 0
    written: int = 0

    def told(self, count: str) -> str:
        """How many words there are (`count`), of how many."""
        said = f"{count} of {numeral(self.document)}" if self.document else count
        return f"{said} · {numeral(self.written)} of {numeral(self.a_day)} today" if self.a_day else said

    def part(self, words: int) -> float | None:
        """How far the person is with a document that has so many words, 0 to 1, or else with the day; None without a
        goal."""
        there, goal = (words, self.document) if self.document else (self.written, self.a_day)
        return min(there / goal, 1) if goal else None

    def lines(self, words: int) -> list[str]:
        """The same in sentences, for a document that has so many words."""
        goals = (("goal", self.document, words), ("goal for today", self.a_day, self.written))
        return [
            f"{numbered(goal - there, 'word')} to your {name}" if there < goal else f"Your {name} is reached"
            for name, goal, there in goals
            if goal
        ]


class WordsLabel(QLabel):
    """How many words there are, and a line below that is as long as the part of a goal that is reached."""

    clicked = Signal()
    """The person wants to see, or set, their goals."""

    def __init__(self) -> None:
        super().__init__()
        self._short = ""
        self._part: float | None = None
        self.whole = ""
        """All that it says, also where it has room for the number of words alone."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def width_of_whole(self) -> int:
        """What all that it says takes, in device-independent pixels."""
        return self.fontMetrics().horizontalAdvance(self.whole)

    def show_words(self, words: str, whole: str = "", part: float | None = None) -> None:
        """Says how many words there are, and all of it where there is room.

        Args:
            words: the least that it says.
            whole: all of it.
            part: how much of a goal is reached, 0 to 1; None without a goal.
        """
        self._short, self.whole, self._part = words, whole or words, part
        self.update()

    def be_short(self, on: bool) -> None:
        """Says the number of words alone, or all."""
        self.setText(self._short if on else self.whole)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keeps the button, of which the strip would else hear."""
        event.setAccepted(event.button() is Qt.MouseButton.LeftButton)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Says that it is clicked."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The words, and the line."""
        super().paintEvent(event)
        if self._part is None:
            return
        painter, theme = QPainter(self), worn()
        line = QRect(0, self.height() - LINE, self.width(), LINE)
        painter.fillRect(line, QColor(theme.pressed))
        done = round(line.width() * self._part)
        line.setLeft(line.right() + 1 - done if self.isRightToLeft() else line.left())
        line.setWidth(done)
        painter.fillRect(line, QColor(theme.success if self._part >= 1 else theme.accent_text))


def numeral(number: int) -> str:
    """A number as the system writes it."""
    return isolated(QLocale().toString(number))


def numbered(number: int, noun: str) -> str:
    """A number as the system writes it, and the noun that goes with it."""
    return f"{numeral(number)} {noun if number == 1 else f'{noun}s'}"
