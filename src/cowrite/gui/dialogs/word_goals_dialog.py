"""WordGoalsDialog: how many words the person wants a document to have, and wants to write a day.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale, QSize, Signal
from PySide6.QtWidgets import QDialog, QWidget

from cowrite.gui.widgets.dialog_parts import (
    add_row,
    button,
    dialog_column,
    last_row,
    note,
    resize_on_screen,
    wrapping_form,
)
from cowrite.gui.widgets.number import Number

WIDTH = 420  # device-independent pixels, or as its letters need
MOST = 1_000_000
NONE = "No goal"


class WordGoalsDialog(QDialog):
    """Asks for the goals.

    Args:
        document: how many words the document is to have; 0 for no goal.
        a_day: how many are to be written a day; 0 for no goal.
        words: how many the document has.
        written: how many were written today.
        parent: the document's window.
    """

    chosen = Signal(int, int)
    """The goal for the document and that for a day."""

    def __init__(self, document: int, a_day: int, words: int, written: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Writing goals")
        self.document = _field("Words that this document is to have", document, 100)
        self.a_day = _field("Words that you want to write a day, in all documents", a_day, 50)
        count = QLocale().toString
        is_one = words == 1
        facts = f"This document has {count(words)} {'word' if is_one else 'words'} now"
        said = f"{facts}; you have written {count(written)} today." if a_day else f"{facts}."
        form = wrapping_form()
        add_row(form, "This &document", self.document)
        add_row(form, "A d&ay, in all documents", self.a_day)
        cancel = button("Cancel", "Leave the goals as they are (Esc)")
        choose = button("&Set goals", "Show how far you are beside the number of words (Enter)", "primary")
        choose.setDefault(True)
        column = dialog_column(self)
        column.addLayout(form)
        column.addWidget(note(said))
        column.addWidget(note("Only you see your goals. Words that you delete are taken from those of the day."))
        column.addStretch(1)
        column.addLayout(last_row(cancel, choose))
        cancel.clicked.connect(self.reject)
        choose.clicked.connect(self._choose)
        self.document.selectAll()
        width = max(WIDTH, 56 * self.fontMetrics().averageCharWidth())
        resize_on_screen(self, QSize(width, self.heightForWidth(width)))

    def _choose(self) -> None:
        for field in (self.document, self.a_day):
            field.interpretText()
        self.chosen.emit(self.document.value(), self.a_day.value())
        self.accept()


def _field(name: str, words: int, step: int) -> Number:
    field = Number(name, "A number of words; 0 for no goal", 0, MOST, NONE, keeps_enter=False)
    field.setSingleStep(step)
    field.setGroupSeparatorShown(True)
    field.setSuffix(" words")
    field.setValue(words)
    return field
