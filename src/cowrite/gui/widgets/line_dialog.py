"""LineDialog: the question for one line, such as a title or the address of a link.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCompleter, QDialog, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from cowrite.gui.look.theme import grow_to_fit, set_look
from cowrite.gui.widgets.dialog_parts import (
    LINE_WIDTH,
    Message,
    button,
    dialog_column,
    in_one_line,
    last_row,
    resize_on_screen,
    together,
)


class LineDialog(QDialog):
    """The dialog.

    Args:
        title: of its window.
        question: what is asked for.
        text: what is offered.
        give: what the button says by which it is given.
        parent: the window before which it is asked.
        take: what a button says that gives an empty line; without it there is none.
        also: what is asked for in a second line, which may stay empty; without it there is none.
        may_be_empty: whether the line may.
        offers: lines that can be chosen from, as one types a part of them.
        problem: gives a sentence on why a line cannot be given, which is said here, or an empty one.
    """

    answered = Signal(str, str)
    """What the person gives: the line, and the second one."""

    def __init__(
        self,
        title: str,
        question: str,
        text: str,
        give: str,
        parent: QWidget,
        *,
        take: str = "",
        also: str = "",
        may_be_empty: bool = False,
        offers: Sequence[str] = (),
        problem: Callable[[str], str] = lambda _line: "",
    ) -> None:
        super().__init__(parent)
        self._may_be_empty = may_be_empty
        self._problem = problem
        self.setWindowTitle(title)
        column = dialog_column(self)
        self.line = self._ask(column, question, text)
        self.line.selectAll()
        if offers:
            completer = QCompleter(list(offers), self.line)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            found = QListView()
            completer.setPopup(found)
            set_look(found, surface="names")
            self.line.setCompleter(completer)
        self.message = Message("What is wrong with it")
        column.addWidget(self.message)
        self.also = self._ask(column, also, "") if also else None
        column.addStretch(1)
        self.give = button(give, f"{give.replace('&', '')} (Enter)", "primary")
        self.give.setDefault(True)
        cancel = button("Cancel", "Close and leave it as it is (Esc)")
        self.take = button(take, take.replace("&", "")) if take else None
        column.addLayout(last_row(cancel, self.give, first=self.take))
        self.line.textChanged.connect(lambda _text: self._follow())
        self.give.clicked.connect(self._give)
        cancel.clicked.connect(self.reject)
        if self.take is not None:
            self.take.clicked.connect(lambda: self._answer(""))
        self._allow()
        width = max(LINE_WIDTH, 50 * self.fontMetrics().averageCharWidth())
        resize_on_screen(self, QSize(width, self.sizeHint().height()))

    def _ask(self, column: QVBoxLayout, question: str, text: str) -> QLineEdit:
        line = QLineEdit(text)
        line.setAccessibleName(question)
        label = QLabel(question)
        label.setBuddy(line)
        column.addLayout(together(label, line))
        return line

    def _follow(self) -> None:
        self._allow()
        self._say("")

    def _give(self) -> None:
        sentence = self._problem(self.line.text())
        if sentence:
            self._say(sentence)
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._answer(self.line.text())

    def _say(self, sentence: str) -> None:
        self.message.show_sentence(sentence, "problem")
        grow_to_fit(self)

    def _allow(self) -> None:
        self.give.setEnabled(self._may_be_empty or bool(self.line.text().strip()))

    def _answer(self, line: str) -> None:
        self.accept()
        self.answered.emit(in_one_line(line), in_one_line(self.also.text()) if self.also is not None else "")
