"""PageHint: what an empty page says where its first word will stand.

Runs on the GUI thread. Qt's own placeholder stands in the corner of the view, in another font.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QLabel

from cowrite.gui.look.theme import set_look
from cowrite.gui.page.text_page import TextPage

WRITE = "Write here"
DELAY = 100  # milliseconds after which an empty page says where to write: the window is there sooner


class PageHint:
    """A few words on the first line of a page. Whoever changes how the page stands calls `follow`.

    Args:
        page: where.
    """

    def __init__(self, page: TextPage) -> None:
        self._page = page
        self._words = WRITE
        self._label: QLabel | None = None
        QTimer.singleShot(DELAY, page, self._begin)

    def show_words(self, words: str) -> None:
        """Says something else than to write there."""
        self._words = words
        self.follow()

    def follow(self) -> None:
        """Shows itself in its place where the page is empty."""
        label, document = self._label, self._page.document()
        if label is None:
            return
        if not document.isEmpty():  # as after nearly every edit
            label.hide()
            return
        block = document.firstBlock()
        layout = block.layout()
        corner = document.documentLayout().blockBoundingRect(block).topLeft()
        line = layout.lineAt(0)
        # A line that is not laid out yet is none, and Qt ends the process over its place.
        is_free = line.isValid() and not layout.preeditAreaText()
        if is_free:
            font = QFont(document.defaultFont())
            label.setFont(font)
            label.setText(self._words)  # not before: it would be measured in a font that is never shown
            label.adjustSize()
            baseline = corner.y() + line.y() + line.ascent() - self._page.verticalScrollBar().value()
            label.move(round(corner.x() + line.x()) + 1, round(baseline) - QFontMetrics(font).ascent())
        label.setVisible(is_free)

    def _begin(self) -> None:
        self._label = QLabel(self._page.viewport())
        self._label.setObjectName("hint")
        set_look(self._label, role="muted")
        self.follow()
        end = self._page.draft.observe_changes(lambda _change: self.follow())
        self._page.destroyed.connect(lambda _page: end())
