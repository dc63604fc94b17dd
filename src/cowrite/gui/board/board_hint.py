"""BoardHint: what stands on an empty board.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cowrite.gui.look.theme import LOOSE, set_look
from cowrite.gui.widgets.dialog_parts import button

_QUESTION = "What comes to mind?"
_WAYS = "Press N or double-click for a note; Enter makes the next one.\nPaste a list, and each line becomes a note."


class BoardHint(QWidget):
    """Says how to begin, with a button for each way; or why nobody can here."""

    note_wanted = Signal()
    paste_wanted = Signal()
    session_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self.setAccessibleName("The board is empty")
        self._title = QLabel(_QUESTION)
        set_look(self._title, role="title")
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._title.setWordWrap(True)
        self._words = QLabel(_WAYS)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        set_look(self._words, role="muted")
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        for text, tip, signal in (
            ("New note", "Write the first note (N)", self.note_wanted),
            ("Paste", "Make a note of each line on the clipboard (Ctrl+V)", self.paste_wanted),
            ("Begin a session…", "Work through a question together: write, group, vote, decide", self.session_wanted),
        ):
            made = button(text, tip, "primary" if signal is self.note_wanted else "")
            made.clicked.connect(signal)
            row.addWidget(made)
        row.addStretch(1)
        column = self._column = QVBoxLayout(self)
        column.setSpacing(LOOSE)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addWidget(self._buttons)

    def show_read_only(self, reason: str) -> None:
        """Says why the person can put nothing here, a sentence without its full stop; empty where they can."""
        self._title.setText("Nothing is on the board yet" if reason else _QUESTION)
        self._words.setText(f"{reason.rstrip('.')}. To add to it, ask an owner of the document." if reason else _WAYS)
        self._buttons.setVisible(not reason)
        self.centre()

    def centre(self) -> None:
        """Stands in the middle of what it lies on, with the words as far as there is room for them."""
        parent, column = self._under, self._column
        margins = column.contentsMargins()
        buttons = self._buttons.sizeHint().width() + margins.left() + margins.right()  # wide with large letters
        width = max(min(max(460, buttons), parent.width() - 24), 200)
        self._words.show()
        if not self._buttons.isHidden() and column.totalHeightForWidth(width) > parent.height():
            self._words.hide()
        self.resize(width, column.totalHeightForWidth(width))
        self.move((parent.width() - self.width()) // 2, (parent.height() - self.height()) // 2)
