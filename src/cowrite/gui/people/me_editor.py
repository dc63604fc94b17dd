"""One's own name and colour, changed at the foot of the people panel.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from cowrite.gui.look.theme import LOOSE, set_look
from cowrite.gui.people.identity_fields import IdentityFields
from cowrite.gui.widgets.dialog_parts import column_in


class MeEditor(QFrame):
    """`changed(name, colour)` and `closed()`. It stands at the foot, where a long list does not push it away."""

    changed = Signal(str, str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_look(self, surface="card")
        self.setAccessibleName("Your name and colour")
        self._name, self._colour = "", ""
        self._fields = IdentityFields()
        self._fields.submitted.connect(self._done)
        save = QPushButton("Save")
        self._fields.valid_changed.connect(save.setEnabled)
        set_look(save, kind="primary")
        save.setToolTip("Show this name and colour to the others")
        save.clicked.connect(self._done)
        cancel = QPushButton("Cancel")
        cancel.setToolTip("Keep the name and colour as they were")
        cancel.clicked.connect(self.closed)
        for button in (save, cancel):
            button.setAccessibleName(button.text())
        last = QHBoxLayout()
        last.addWidget(save)
        last.addWidget(cancel)
        last.addStretch(1)
        column_in(self, self._fields, last, around=LOOSE, spacing=LOOSE)

    def show_me(self, name: str, colour: str) -> None:
        """Starts from this name and colour, unless they are being changed."""
        self._name, self._colour = name, colour
        if self.isHidden():
            self._fields.show_identity(name, colour)

    def showEvent(self, event: QShowEvent) -> None:
        """Starts in the name field."""
        super().showEvent(event)
        self._fields.show_identity(self._name, self._colour)
        self._fields.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves everything as it was."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _done(self) -> None:
        self.changed.emit(*self._fields.identity())
        self.closed.emit()
