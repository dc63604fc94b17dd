"""Avatar: a disc in somebody's colour, beside what is said of them.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cowrite.gui.people.people_panel import Person, draw_avatar


class Avatar(QWidget):
    """The disc; it shows nobody at first.

    Args:
        side: its width and height in device-independent pixels.
    """

    def __init__(self, side: int) -> None:
        super().__init__()
        self._person: Person | None = None
        self.setFixedSize(side, side)

    def show_person(self, person: Person) -> None:
        """Shows them."""
        self._person = person
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the disc."""
        if self._person is not None:
            draw_avatar(QPainter(self), QRectF(self.rect()), self._person)
