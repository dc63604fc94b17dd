"""FocusedRow: whoever reads by ear hears at which row of a list the keyboard is when it comes there.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6 import QtGui  # PySide makes a class when it is first named; most windows never need these
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget


class FocusedRow(QObject):
    """Tells of the current row of what gets the keyboard. Qt does so only when another row becomes the current one: of
    a list that is gone into, a screen reader knows the name alone.

    Args:
        app: Qt's application object.
        parent: Qt parent.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QAbstractItemView) and QtGui.QAccessible.isActive():
            QTimer.singleShot(0, now, lambda: _tell(now))  # Qt tells of the list itself only after this signal


def _tell(view: QAbstractItemView) -> None:
    whole = QtGui.QAccessible.queryAccessibleInterface(view)
    row = whole.focusChild() if view.hasFocus() and view.currentIndex().isValid() and whole is not None else None
    at = whole.indexOfChild(row) if row is not None and whole is not None else -1
    if at >= 0:
        event = QtGui.QAccessibleEvent(view, QtGui.QAccessible.Event.Focus)
        event.setChild(at)
        QtGui.QAccessible.updateAccessibility(event)
