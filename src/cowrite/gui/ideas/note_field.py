"""NoteField: the field in which a note or a title is written in its place.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from cowrite.bridge.page.taking_over import plain_text, show_plain
from cowrite.core.board.items import Note
from cowrite.gui.look.reading_sides import stand_on_side
from cowrite.gui.page.copied_words import words_mime
from cowrite.gui.widgets.tall_field import text_height


class NoteField(QPlainTextEdit):
    """Plain text; as high as it needs to be.

    Args:
        is_of_many_lines: whether Shift+Enter breaks the line.
        parent: what it lies in.
    """

    grew = Signal()
    """It needs another height."""

    def __init__(self, is_of_many_lines: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_of_many_lines = is_of_many_lines
        self.is_begun = False
        self.note: Callable[[], Note | None] = lambda: None
        """Gives the note that is written here; None for a title."""
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setTabChangesFocus(True)
        self.setObjectName("note_field")
        self.textChanged.connect(lambda: stand_on_side(self))
        self.textChanged.connect(self.grew)

    def begin(self, text: str) -> None:
        """Shows a text, all of it selected."""
        self.is_begun = True
        self.setPlainText(text)
        self.selectAll()

    def text(self) -> str:
        """What stands in it."""
        return plain_text(self.document())

    def take_over(self, text: str) -> None:
        """Becomes another text by the smallest replacement, so that caret and selection stay where they were."""
        show_plain(self.document(), text)

    def wanted_height(self) -> int:
        """Pixels that the whole text needs in this width."""
        return text_height(self) + self.height() - self.viewport().height()

    def createMimeDataFromSelection(self) -> QMimeData:
        """What copying, cutting and dragging offer."""
        return words_mime(self, self.note())

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Takes text alone; into a title as one line."""
        text = source.text()
        self.textCursor().insertText(text if self.is_of_many_lines else " ".join(text.split()))
