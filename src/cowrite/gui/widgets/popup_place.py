"""Where a popup opens: beside what it belongs to, and all of it on the screen.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

GAP = 4  # device-independent pixels between both


def open_below(popup: QWidget, part: QWidget) -> None:
    """Shows a popup below a part of a window, or above where there is no room below it."""
    open_beside(popup, QRect(part.mapToGlobal(QPoint()), part.size()))


def open_beside(popup: QWidget, around: QRect) -> None:
    """The same below or above a rectangle, in the coordinates of the desktop."""
    popup.adjustSize()
    screen = QGuiApplication.screenAt(around.center()) or popup.screen()
    room, size = screen.availableGeometry(), popup.size()
    place = QPoint(around.left(), around.bottom() + 1 + GAP)
    if place.y() + size.height() > room.bottom():
        place.setY(max(room.top(), around.top() - GAP - size.height()))
    place.setX(max(room.left(), min(place.x(), room.right() + 1 - size.width())))
    popup.move(place)
    popup.show()
