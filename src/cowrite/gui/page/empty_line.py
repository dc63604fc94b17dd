"""EmptyLine: the side on which a new line begins, until it has a letter that says so.

Runs on the GUI thread. Qt takes a line without letters for one that is read from left to right, so that below a line of
Arabic or Hebrew the caret and the mark of an item would stand on the other side until something is typed. What the line
looks like meanwhile is on this page alone.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.page.editor_binding import EditorBinding
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.text.direction import stated_direction

MOST_EMPTY = 8
"""Lines without letters over which one looks for the line above; beyond these a new subject begins."""


class EmptyLine:
    """The newest empty line of one page.

    Args:
        page: it.
        binding: between its text and the document.
        formats: of its text.
    """

    def __init__(self, page: QTextEdit, binding: EditorBinding, formats: TextFormats) -> None:
        self._page = page
        self._formats = formats
        self._binding = binding
        self._place: QTextCursor | None = None

    def follow_above(self) -> None:
        """Has the line at the caret, where it is empty, begin on the side of the one above it."""
        self._leave()
        block = self._page.textCursor().block()
        if block.length() > 1 or block.blockFormat().layoutDirection() != Qt.LayoutDirection.LayoutDirectionAuto:
            return
        above = block.previous()
        for _ in range(MOST_EMPTY):
            if above.length() == 1:
                above = above.previous()
        if above.isValid() and above.textDirection() == Qt.LayoutDirection.RightToLeft:
            self._place = QTextCursor(block)
            self._turn(block, from_right=True)
            self._page.document().contentsChanged.connect(self._on_contents_changed)

    def _on_contents_changed(self) -> None:
        if self._place is not None and self._place.block().length() > 1:
            self._leave()

    def _leave(self) -> None:
        """Leaves it to the letters of the line from which side it is read."""
        if self._place is None:
            return
        block, self._place = self._place.block(), None
        self._page.document().contentsChanged.disconnect(self._on_contents_changed)
        # It may have become another line meanwhile, or been dressed anew.
        if stated_direction(self._formats.line_attributes(block.blockFormat())) is None:
            self._turn(block, from_right=False)

    def _turn(self, block: QTextBlock, *, from_right: bool) -> None:
        format = QTextBlockFormat(block.blockFormat())
        if from_right:
            format.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        else:
            format.clearProperty(QTextFormat.Property.LayoutDirection)
        with self._binding.quietly():
            QTextCursor(block).setBlockFormat(format)
