"""Where a popup opens: beside what it belongs to, and all of it on the screen.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

GAP = 4  # device-independent pixels between both


def open_below(popup: QWidget, part: QWidget) -> None:
    """Shows a popup below a part of a window, or above where there is no room below it."""
    open_beside(popup, QRect(part.mapToGlobal(QPoint()), part.size()))


def open_at(popup: QWidget, place: QPoint) -> None:
    """Shows a popup below a point of the desktop, or above it."""
    open_beside(popup, QRect(place, QSize(1, 1)))


def open_beside(popup: QWidget, around: QRect) -> None:
    """Shows a popup below or above a rectangle, in the coordinates of the desktop."""
    popup.adjustSize()
    screen = QGuiApplication.screenAt(around.center()) or popup.screen()
    room, size = screen.availableGeometry(), popup.size()
    right, end = room.right() + 1, room.bottom() + 1
    top = around.bottom() + 1 + GAP
    if top + size.height() > end:
        top = min(around.top() - GAP, end) - size.height()
    popup.move(max(room.left(), min(around.left(), right - size.width())), max(room.top(), top))
    popup.show()
