"""FindRow: says which notes the list shows.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import MARGIN, TIGHT, set_look
from cowrite.gui.widgets.search_field import as_search_field


class FindRow(QWidget):
    """A field for words, and how many notes have them."""

    left = Signal()
    """The person goes on into the list."""

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setPlaceholderText("Show only what has these words")
        self.field.setAccessibleName("Find among the ideas")
        as_search_field(self.field)
        self.found = QLabel()
        self.found.hide()
        set_look(self.found, role="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, TIGHT, MARGIN, TIGHT)
        row.addWidget(self.field, 1)
        row.addWidget(self.found)
        self.hide()

    @property
    def words(self) -> str:
        """What is looked for."""
        return self.field.text()

    def begin(self) -> None:
        """Shows the field and gives it the keyboard."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def end(self) -> None:
        """Looks for nothing any more."""
        self.hide()
        self.field.clear()

    def show_count(self, notes: int) -> None:
        """Says how many notes there are."""
        before = self.found.text()
        self.found.setText(f"{notes} found" if self.words else "")
        self.found.setHidden(not self.words)
        if self.field.hasFocus() and self.found.text() != before:
            say(self, self.found.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends; Down and Enter lead to what was found."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Down, *ENTERS):
            self.left.emit()
        else:
            super().keyPressEvent(event)
