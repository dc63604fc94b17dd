"""EmptyList: what stands in the place of the list while it has no ideas.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cowrite.gui.look.theme import LOOSE, set_look
from cowrite.gui.widgets.dialog_parts import scrolling

TITLE = "No ideas yet"
WAYS = "Write one above, or paste a list: each line becomes an idea."


class EmptyList(QWidget):
    """Says how to begin, or why the person cannot."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(TITLE)
        title = QLabel(TITLE)
        set_look(title, role="title")
        self._words = QLabel(WAYS)
        set_look(self._words, role="muted")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setSpacing(LOOSE)
        column.addStretch(1)
        for label in (title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(inside, TITLE))
        inside.setAutoFillBackground(False)  # what is around it has the colour

    def show_read_only(self, reason: str) -> None:
        """Says why the person can add none, a sentence without its full stop; empty where they can."""
        self._words.setText(f"{reason.rstrip('.')}. To add one, ask an owner of the document." if reason else WAYS)
