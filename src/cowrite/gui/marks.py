"""Marks: coloured grounds behind words of the page, for what teammates have selected and what was found.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cowrite.gui.page import RemoteCaret
from cowrite.gui.theme import Theme


class Marks:
    """The marks of one page. All ranges are in UTF-16 units."""

    def __init__(self, page: QTextEdit) -> None:
        self._page = page
        self._selected: list[QTextEdit.ExtraSelection] = []
        self._found: list[QTextEdit.ExtraSelection] = []

    def show_selected(self, carets: Sequence[RemoteCaret], theme: Theme) -> None:
        """Marks what teammates have selected."""
        self._selected = [
            self._mark(min(caret.anchor, caret.head), max(caret.anchor, caret.head), _veil(theme, caret))
            for caret in carets
            if caret.anchor != caret.head
        ]
        self._page.setExtraSelections([*self._selected, *self._found])

    def show_found(self, ranges: Sequence[tuple[int, int]], current: int, theme: Theme) -> None:
        """Marks what was found; `current` is the index of the one to go to, or -1."""
        self._found = [
            self._mark(start, stop, QColor(theme.find_current if i == current else theme.find))
            for i, (start, stop) in enumerate(ranges)
        ]
        self._page.setExtraSelections([*self._selected, *self._found])

    def _mark(self, start: int, stop: int, colour: QColor) -> QTextEdit.ExtraSelection:
        longest = self._page.document().characterCount() - 1
        cursor = QTextCursor(self._page.document())
        cursor.setPosition(min(start, longest))
        cursor.setPosition(min(stop, longest), QTextCursor.MoveMode.KeepAnchor)
        mark = QTextEdit.ExtraSelection()
        mark.cursor = cursor
        mark.format = QTextCharFormat()
        mark.format.setBackground(colour)
        return mark


def _veil(theme: Theme, caret: RemoteCaret) -> QColor:
    """A teammate's colour, thin enough to read through."""
    colour = QColor(theme.person(caret.color))
    colour.setAlpha(60)
    return colour
