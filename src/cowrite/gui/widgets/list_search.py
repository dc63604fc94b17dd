"""ListSearch: a field for what a list is to show, which leaves to the list the keys that step through it.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit

from cowrite.gui.widgets.search_field import as_search_field

STEPS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
SIDES = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right})


class ListSearch(QLineEdit):
    """The field.

    Args:
        found: the list.
        name: for screen readers.
        hint: what it says while it is empty.
        tip: what can be typed, and which keys there are.
        is_grid: whether Left and Right step as well; in words that were typed they move the caret.
    """

    def __init__(self, found: QAbstractItemView, name: str, hint: str, tip: str, *, is_grid: bool = False) -> None:
        super().__init__()
        self._found = found
        self._is_grid = is_grid
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setToolTip(tip)
        as_search_field(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steps through the list, or types."""
        key = Qt.Key(event.key())
        if key in STEPS or (self._is_grid and key in SIDES and not event.modifiers() and not self.text()):
            QApplication.sendEvent(self._found, event)
        else:
            super().keyPressEvent(event)
