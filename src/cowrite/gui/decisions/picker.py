"""DecisionPicker: asks which decision is meant.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from cowrite.gui.decisions.log import DecisionLog
from cowrite.gui.decisions.values import Row
from cowrite.gui.widgets.dialog_parts import button, dialog_column, last_row, resize_for_letters


class DecisionPicker(QDialog):
    """The log in a dialog. `picked(id)` comes with Insert, Enter or a double click."""

    picked = Signal(str)
    new_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Insert a decision")
        self.log = DecisionLog()
        self.log.stand_alone()
        self.insert = button("&Insert", "Put the decision into the draft", "primary")
        self.insert.setEnabled(False)
        self.new = button("&New decision", "Make a decision and put it into the draft")
        cancel = button("Cancel", "Put nothing into the draft")
        column = dialog_column(self)
        column.addWidget(self.log, 1)
        column.addLayout(last_row(cancel, self.insert, first=self.new))
        self.insert.setDefault(True)  # here: before, the dialog would not know of it
        self.log.list.currentRowChanged.connect(lambda _row: self.insert.setEnabled(bool(self.log.current())))
        self.log.search.textChanged.connect(lambda _words: self._choose_found())
        for box in (self.log.filter, self.log.order):
            box.currentIndexChanged.connect(lambda _at: self._choose_found())
        self.log.opened.connect(lambda _id: self._pick())
        self.insert.clicked.connect(self._pick)
        self.new.clicked.connect(self._make)
        cancel.clicked.connect(self.reject)
        resize_for_letters(self, QSize(460, 520))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Offers these decisions, the newest of them chosen."""
        self.log.show_rows(rows)
        self._choose_found()
        (self.log.list if self.log.current() else self.new).setFocus()

    def offer_new(self, on: bool) -> None:
        """Whether a decision can be made here."""
        self.new.setVisible(on)

    def _choose_found(self) -> None:
        """Has a decision chosen where there is one: Enter in the search is to put it in."""
        ids = self.log.ids()
        if ids and not self.log.current():
            self.log.show_current(ids[0])
        self.insert.setEnabled(bool(ids))

    def _pick(self) -> None:
        id = self.log.current()
        if id and self.isVisible():
            self.accept()
            self.picked.emit(id)

    def _make(self) -> None:
        self.accept()
        self.new_wanted.emit()
