"""PageHint: what an empty page says where its first word will stand.

Runs on the GUI thread. Qt's own placeholder stands in the corner of the view, in another font.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QLabel, QTextEdit

from cowrite.gui.look.theme import set_look


class PageHint(QLabel):
    """A few words on the first line of a page. Whoever changes the page calls `follow`.

    Args:
        page: where.
        words: what it says.

    Attributes:
        words: the same; from the next `follow` on.
    """

    def __init__(self, page: QTextEdit, words: str) -> None:
        super().__init__(page.viewport())
        self._page = page
        self.words = words
        set_look(self, role="muted")

    def follow(self) -> None:
        """Shows itself in its place where the page is empty."""
        document = self._page.document()
        if not document.isEmpty():  # as after nearly every edit
            self.hide()
            return
        block = document.firstBlock()
        layout = block.layout()
        corner = document.documentLayout().blockBoundingRect(block).topLeft()
        line = layout.lineAt(0)
        # A line that is not laid out yet is none, and Qt ends the process over its place.
        is_free = line.isValid() and not layout.preeditAreaText()
        if is_free:
            font = QFont(document.defaultFont())
            self.setFont(font)
            self.setText(self.words)  # not before: it would be measured in a font that is never shown
            self.adjustSize()
            baseline = corner.y() + line.y() + line.ascent() - self._page.verticalScrollBar().value()
            self.move(round(corner.x() + line.x()) + 1, round(baseline) - QFontMetrics(font).ascent())
        self.setVisible(is_free)
