"""SaveTemplateDialog: what a template that is made of a document is to be called, and what goes into it.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QWidget

from cowrite.gui.look.theme import set_look
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

HOLDS = (
    "It has the text as it stands, with its formatting, tables and images. Comments, the board, the history and the "
    "people with whom it is shared stay with the document."
)
AS_IT_STANDS = "What is only suggested is left out: the template has the text as it would be without it."
TODAY = "Where you write {{today}}, new documents get the date. [Words in brackets] are places to fill in."


class SaveTemplateDialog(QDialog):
    """The dialog.

    Args:
        name: what is offered.
        has_suggested: whether there are suggested changes in the document.
        parent: the document's window.
    """

    save_wanted = Signal(str, bool)
    """The name, and whether the template that has it is to be replaced."""

    def __init__(self, name: str, *, has_suggested: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._taken = ""
        self.setWindowTitle("Save as a template")
        label = QLabel("&Name of the template")
        self.name = QLineEdit(name)
        self.name.setAccessibleName("Name of the template")
        self.name.selectAll()
        label.setBuddy(self.name)
        self.message = Message()
        self._save = button("&Save", "Make a template of this document (Enter)", "primary")
        self._save.setDefault(True)
        cancel = button("Cancel", "Close without making a template (Esc)")
        column = dialog_column(self)
        column.addLayout(together(label, self.name))
        for sentence in (HOLDS, *((AS_IT_STANDS,) if has_suggested else ()), TODAY):
            column.addWidget(note(sentence))
        column.addWidget(self.message)
        column.addStretch(1)
        column.addLayout(last_row(cancel, self._save))
        self.name.textChanged.connect(lambda _text: self._show_name())
        self._save.clicked.connect(self._tell)
        cancel.clicked.connect(self.reject)
        self._show_name()
        width = max(LINE_WIDTH, 50 * self.fontMetrics().averageCharWidth())
        resize_on_screen(self, QSize(width, self.heightForWidth(width)))

    def show_taken(self, title: str, *, can_replace: bool) -> None:
        """Says that a template has this name, and offers to replace it where that can be."""
        if can_replace:
            self._taken = self.name.text()
            sentence = f"You have a template “{title}” already. Replace it, or choose another name."
            set_look(self._save, kind="danger")
            self._save.setText("&Replace")
            self._save.setAccessibleName("Replace")
        else:
            sentence = f"You have a template “{title}” already, as a Markdown file. Choose another name."
        self.show_problem(sentence)

    def show_problem(self, sentence: str) -> None:
        """Says why there is no template."""
        self.message.show_sentence(sentence, "problem")
        self.resize(self.width(), max(self.height(), self.heightForWidth(self.width())))
        self._save.setEnabled(True)

    def _show_name(self) -> None:
        self._taken = ""
        self._save.setEnabled(bool(self.name.text().strip()))
        self._save.setText("&Save")
        self._save.setAccessibleName("Save")
        set_look(self._save, kind="primary")
        self.message.show_sentence("", "ok")

    def _tell(self) -> None:
        replaces = bool(self._taken) and self._taken == self.name.text()
        self._save.setEnabled(False)  # until it is written, or why not is known
        self.save_wanted.emit(self.name.text().strip(), replaces)
