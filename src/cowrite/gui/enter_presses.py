"""EnterPresses: Enter presses the button that has the keyboard.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PRESSED = (QPushButton, QToolButton)
_HELD = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class EnterPresses(QObject):
    """Lets Enter press a button while that has the keyboard.

    Qt does so with those alone that are pressed by Enter in the fields of their dialog too (`autoDefault`), which
    hardly a button here is: on any other, Enter would do nothing, or what the dialog's own button does, also on
    "Cancel".

    Args:
        app: Qt's application object.
        parent: Qt parent.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes Enter, of the button that has the keyboard."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() not in _ENTER or event.modifiers() not in _HELD or not isinstance(watched, _PRESSED):
            return False
        watched.click()
        return True

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(before, _PRESSED):
            before.removeEventFilter(self)
        if isinstance(now, _PRESSED):
            now.installEventFilter(self)
