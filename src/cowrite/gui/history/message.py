"""HistoryMessage: what is said in the place of the page, while there is no moment to show.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cowrite.gui.look.icons import Drawing
from cowrite.gui.look.theme import MARGIN, SPACING, set_look
from cowrite.gui.widgets.dialog_parts import button

ICON = 40  # device-independent pixels
WIDTH = 470  # device-independent pixels


class HistoryMessage(QWidget):
    """A drawing, a sentence and its answers; `answered(id)` says which was given."""

    answered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._drawing = Drawing(ICON)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        set_look(self.sentence, role="muted")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setMaximumWidth(WIDTH)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons: list[QPushButton] = []
        self._answers = QHBoxLayout()
        self._answers.setSpacing(SPACING)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column.setSpacing(MARGIN)
        column.addStretch(2)
        column.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignHCenter)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.sentence, 100)
        line.addStretch(1)
        column.addLayout(line)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addLayout(self._answers)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(3)

    def show_message(self, drawing: str, sentence: str, answers: Sequence[tuple[str, str]]) -> None:
        """Says this; `answers` are id and text of each button, the one that goes on last."""
        self._drawing.show_drawing(drawing, "muted")
        self.sentence.setText(sentence)
        self.sentence.setAccessibleName(sentence)
        for old in self._buttons:
            self._answers.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons.clear()
        for left, (id_, text) in zip(reversed(range(len(answers))), answers, strict=True):
            made = button(text, text.removesuffix("…"), "" if left else "primary")
            made.clicked.connect(lambda _=False, id_=id_: self.answered.emit(id_))
            self._answers.addWidget(made)
            self._buttons.append(made)
