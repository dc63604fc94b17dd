"""BoardHint: what stands on an empty board.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cowrite.gui.theme import set_look


class BoardHint(QWidget):
    """Says how to begin, with a button for each way."""

    note_wanted = Signal()
    paste_wanted = Signal()
    session_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self.setAccessibleName("The board is empty")
        title = QLabel("What comes to mind?")
        set_look(title, role="title")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words = QLabel(
            "Press N or double-click for a note; Enter makes the next one.\nPaste a list, and each line becomes a note."
        )
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        set_look(words, role="muted")
        row = QHBoxLayout()
        row.addStretch(1)
        for text, tip, signal in (
            ("New note", "Write the first note (N)", self.note_wanted),
            ("Paste", "Make a note of each line on the clipboard (Ctrl+V)", self.paste_wanted),
            ("Begin a session…", "Work through a question together: write, group, vote, decide", self.session_wanted),
        ):
            button = QPushButton(text)
            button.setAccessibleName(text.removesuffix("…"))
            button.setToolTip(tip)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(words)
        column.addLayout(row)

    def centre(self) -> None:
        """Stands in the middle of what it lies on."""
        parent = self._under
        width = min(460, parent.width() - 24)
        self.setFixedWidth(max(width, 200))
        self.adjustSize()
        self.move((parent.width() - self.width()) // 2, (parent.height() - self.height()) // 2)
