"""NameDialog: what a version of a document is to be called.

Runs on the GUI thread. It stays until the name is given, or whoever asked lets it go.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QWidget

from cowrite.gui.widgets.dialog_parts import (
    LINE_WIDTH,
    Message,
    button,
    dialog_column,
    last_row,
    note,
    resize_on_screen,
    together,
)
from cowrite_server.wire.history import VERSION_NAME_UNITS


class NameDialog(QDialog):
    """The dialog.

    Args:
        name: the name that the version has; empty for none.
        words: what the name stands for.
        parent: the window before which it is asked.
    """

    name_wanted = Signal(str)
    """The name; an empty one takes away what it is called now."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = name
        self.setWindowTitle("Rename the version" if name else "Name this version")
        label = QLabel("&Name of the version")
        self.name = QLineEdit(name)
        self.name.setMaxLength(VERSION_NAME_UNITS)
        self.name.setAccessibleName("Name of the version")
        self.name.setPlaceholderText("Such as “Sent to the board”")
        self.name.selectAll()
        label.setBuddy(self.name)
        self.message = Message()
        self.give = button("&Rename" if name else "Name &it", "Give the version this name (Enter)", "primary")
        self.give.setDefault(True)
        self.take = button("&Take the name away", "The version stays, and is called by its time again")
        self.take.setVisible(bool(name))
        cancel = button("Cancel", "Close and leave it as it is (Esc)")
        column = dialog_column(self)
        column.addLayout(together(label, self.name))
        column.addWidget(note(words))
        column.addWidget(self.message)
        column.addStretch(1)
        column.addLayout(last_row(cancel, self.give, first=self.take))
        self.name.textChanged.connect(lambda _text: self._show_name())
        self.give.clicked.connect(lambda: self._tell(self.name.text().strip()))
        self.take.clicked.connect(lambda: self._tell(""))
        cancel.clicked.connect(self.reject)
        self._show_name()
        width = max(LINE_WIDTH, 50 * self.fontMetrics().averageCharWidth())
        resize_on_screen(self, QSize(width, self.heightForWidth(width)))

    def show_problem(self, sentence: str) -> None:
        """Says why the version has no such name."""
        self.message.show_sentence(sentence, "problem")
        self.resize(self.width(), max(self.height(), self.heightForWidth(self.width())))
        self._allow()

    def _show_name(self) -> None:
        self.message.show_sentence("", "ok")
        self._allow()

    def _allow(self) -> None:
        name = self.name.text().strip()
        self.give.setEnabled(bool(name) and name != self._before)
        self.take.setEnabled(True)

    def _tell(self, name: str) -> None:
        self.give.setEnabled(False)  # until the name is given, or why not is known
        self.take.setEnabled(False)
        self.name_wanted.emit(name)
