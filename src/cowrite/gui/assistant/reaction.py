"""Keys that are pressed as something of the model comes up by itself: they were meant for what was there before.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from cowrite.bridge.single_shot import single_shot

REACTION = 0.4  # seconds before a key can be an answer to what has come up

_PRESS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select, Qt.Key.Key_Delete)


class Unmeant(QObject):
    """Keeps from a part that has been given the keyboard without the person's doing the keys that decide, until they
    have rested for REACTION.

    Args:
        part: it, such as a button.
    """

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._part = part
        self._timer = single_shot(self, self._end, round(REACTION * 1000))
        self._timer.start()
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallows what was not meant for it."""
        is_unmeant = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _PRESS
        if is_unmeant:
            self._timer.start()
        return is_unmeant

    def _end(self) -> None:
        self._part.removeEventFilter(self)
        self.deleteLater()
