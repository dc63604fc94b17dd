"""KeyboardFocus: what holds in every window for that which has the keyboard.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6 import QtGui  # PySide makes a class when it is first named; most windows never need these
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QPushButton, QScrollArea, QToolButton, QWidget

from cowrite.gui.keyboard.key_groups import ENTERS

LEAST = 24  # device-independent pixels of height by which one sees where the keyboard is

_PRESSED = (QPushButton, QToolButton)
_HELD = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class KeyboardFocus(QObject):
    """Scrolls what gets the keyboard into sight, has its row read out, and lets Enter press it.

    Args:
        app: Qt's application object.
        parent: Qt parent.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes Enter, of the button that has the keyboard.

        Qt presses those alone that are pressed by Enter in the fields of their dialog too (`autoDefault`), which hardly
        a button here is: on any other, Enter would do nothing, or what the dialog's own button does, also on "Cancel".
        """
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() not in ENTERS or event.modifiers() not in _HELD or not isinstance(watched, _PRESSED):
            return False
        watched.click()
        return True

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None and now is not None:
            _show(before, now)
        if isinstance(now, QAbstractItemView) and QtGui.QAccessible.isActive():
            QTimer.singleShot(0, now, lambda: _tell_row(now))  # Qt tells of the list itself only after this signal
        if isinstance(before, _PRESSED):
            before.removeEventFilter(self)
        if isinstance(now, _PRESSED):
            now.installEventFilter(self)


def _show(before: QWidget, now: QWidget) -> None:
    """Scrolls to what the keyboard goes to from elsewhere in its window, unless one clicks there. Qt does so only
    within one scroll area: who goes on from the last button of a dialog comes to a first field that may be out of
    sight."""
    if before.window() is not now.window():
        return  # who comes back to a window may have scrolled there
    if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
        return  # what is pressed stays under the pointer: a button that moves away is not clicked
    if now.visibleRegion().boundingRect().height() >= min(LEAST, now.height()):
        return
    above = now.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(now)
        above = above.parentWidget()


def _tell_row(view: QAbstractItemView) -> None:
    """Tells whoever reads by ear of the current row. Qt does so only when another row becomes the current one: of a
    list that is gone into, a screen reader knows the name alone."""
    whole = QtGui.QAccessible.queryAccessibleInterface(view)
    row = whole.focusChild() if view.hasFocus() and view.currentIndex().isValid() and whole is not None else None
    at = whole.indexOfChild(row) if row is not None and whole is not None else -1
    if at >= 0:
        event = QtGui.QAccessibleEvent(view, QtGui.QAccessible.Event.Focus)
        event.setChild(at)
        QtGui.QAccessible.updateAccessibility(event)
