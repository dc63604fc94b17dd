"""Marks: coloured grounds behind words of the page, for what is commented on, selected by teammates, and found; lines
below those that are misspelt; what stands between two letters for any of these.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QColor, QPalette, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cowrite.gui.look.theme import Theme
from cowrite.gui.page.others import OthersPainter, RemoteCaret, SuggestedBreak
from cowrite.gui.page.text_page import TextPage


class Marks:
    """The marks of one page. All ranges are in UTF-16 units.

    Args:
        page: it.
        theme: how it looks.
        others: draws what stands between two letters.
        draw_beside: has the page draw more than its text, from then on.
    """

    def __init__(self, page: TextPage, theme: Theme, others: OthersPainter, draw_beside: Callable[[], None]) -> None:
        self._page = page
        self._theme = theme
        self._others = others
        self._draw_beside = draw_beside
        self._comments: tuple[Sequence[tuple[int, int]], int] = (), -1
        self._places: tuple[Sequence[tuple[int, int]], int] = (), -1
        # Qt goes through all marks at each key and whenever it paints, and there can be thousands of comments. So those
        # are marked that are in sight or near it.
        self._near: QTextCursor | None = None  # moves along with its words
        # Qt lays the text out up to whatever is marked, and all of it for what stands on several lines. So what lies
        # beyond what is laid out waits for that.
        self._uncommented: list[tuple[int, int]] = []
        self._unselected: list[tuple[int, int]] = []
        self._commented: list[QTextEdit.ExtraSelection] = []
        self._selected: list[QTextEdit.ExtraSelection] = []
        self._found: list[QTextEdit.ExtraSelection] = []
        self._misspelt: list[QTextEdit.ExtraSelection] = []
        page.document().documentLayout().documentSizeChanged.connect(self._go_on)
        page.verticalScrollBar().valueChanged.connect(self._go_on)
        page.verticalScrollBar().rangeChanged.connect(self._go_on)

    def forget(self) -> None:
        """Marks nothing until `show_theme`: the page is about to be filled anew with the same text."""
        self._page.setExtraSelections([])  # else they would move along to the end

    def forget_places(self) -> None:
        """Marks nothing until it is told where: the page is about to be filled anew with another text, which all
        follow who have something marked."""
        self._comments = self._places = (), -1
        self._near = None
        self._uncommented, self._unselected = [], []
        self._commented, self._selected, self._found, self._misspelt = [], [], [], []
        self._show()

    def show_theme(self, theme: Theme) -> None:
        """Takes another look: the page has been filled anew."""
        self._theme = theme
        self.show_again()

    def show_again(self) -> None:
        """Marks all but what is misspelt anew: the page has more of the text now, or the same anew."""
        if self._comments[0]:
            self._mark_commented()
        if self._found:
            self._mark_found()
        self._mark_selected()

    def show_commented(self, ranges: Sequence[tuple[int, int]], current: int) -> None:
        """Marks what is commented on; `current` is the index of the comment at the caret, or -1."""
        before, self._comments = self._comments[1], (ranges, current)
        marked = [*map(_place, self._commented), *self._uncommented]
        near = [each for _, each in self._near_ones()]
        is_seen = not ranges or self._is_near()
        if current != before or not is_seen or sorted(near) != sorted(marked):  # else they moved with their words
            self._mark_commented()

    def are_comments_at(self, position: int) -> bool:
        """Whether somebody has commented on the text at a position (UTF-16 units)."""
        return any(start <= position <= stop for start, stop in self._comments[0])

    def is_misspelt_at(self, position: int) -> bool:
        """Whether the word that begins at a position (UTF-16 units), or in which it lies, is marked as misspelt."""
        return any(start <= position < stop for start, stop in map(_place, self._misspelt))

    def show_carets(self, carets: Sequence[RemoteCaret]) -> None:
        """Shows where teammates write and what they have selected."""
        if not carets and not self._others.carets:
            return
        self._draw_beside()
        self._others.carets = tuple(carets)
        self._mark_selected()
        self._page.viewport().update()

    def show_breaks(self, breaks: Sequence[SuggestedBreak]) -> None:
        """Shows which line breaks are suggested to come in or to go, in the order of the text."""
        if breaks or self._others.breaks:
            self._draw_beside()
            self._others.breaks = tuple(breaks)
            self._page.viewport().update()

    def show_found(self, ranges: Sequence[tuple[int, int]], current: int) -> None:
        """Marks what was found, in the order of the text; `current` is the index of the one to go to, or -1."""
        self._places = (ranges, current)
        self._mark_found()
        between = [start for start, stop in ranges if start == stop]
        if between or self._others.found[0]:
            self._draw_beside()
            self._others.found = between, ranges[current][0] if current >= 0 else -1
            self._page.viewport().update()

    def show_misspelt(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Marks what is misspelt."""
        if ranges == [_place(mark) for mark in self._misspelt]:
            return
        self._misspelt = [self._mark(start, stop) for start, stop in ranges]
        for mark in self._misspelt:
            mark.cursor.setKeepPositionOnInsert(True)  # what is written behind a word is no part of it
            mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
            mark.format.setUnderlineColor(QColor(self._theme.danger))
        self._show()

    def _mark_commented(self) -> None:
        current, theme = self._comments[1], self._theme
        self._near = self._cursor(*self._beside_sight())
        near = self._near_ones()
        self._uncommented = [each for _, each in near if not self._is_laid_out(*each)]
        self._commented = [
            self._mark(*each, QColor(theme.comment_current if i == current else theme.comment))
            for i, each in near
            if self._is_laid_out(*each)
        ]
        self._show()

    def _near_ones(self) -> list[tuple[int, tuple[int, int]]]:
        """The places of comments that are in sight or near it, each with its index."""
        if self._near is None:
            return []
        first, last = self._near.selectionStart(), self._near.selectionEnd()
        return [(i, each) for i, each in enumerate(self._comments[0]) if each[0] <= last and each[1] >= first]

    def _beside_sight(self) -> tuple[int, int]:
        """What is in sight, with as much before it and behind it."""
        first, last = self._page.in_sight()
        return max(0, first - (last - first)), last + (last - first)

    def _is_near(self) -> bool:
        """Whether comments on all that is in sight are marked."""
        first, last = self._page.in_sight()
        return self._near is not None and self._near.selectionStart() <= first and last <= self._near.selectionEnd()

    def _mark_selected(self) -> None:
        carets = [(sorted((caret.anchor, caret.head)), caret) for caret in self._others.carets]
        self._unselected = [(start, stop) for (start, stop), _ in carets if not self._is_laid_out(start, stop)]
        self._selected = [
            self._mark(start, stop, _veil(self._theme, caret))
            for (start, stop), caret in carets
            if start < stop and self._is_laid_out(start, stop)
        ]
        self._show()

    def _mark_found(self) -> None:
        (ranges, current), theme = self._places, self._theme
        if ranges:
            self._page.reach(ranges[-1][1])
        self._found = [
            self._mark(start, stop, QColor(theme.find_current if i == current else theme.find))
            for i, (start, stop) in enumerate(ranges)
        ]
        for mark in self._found:
            mark.format.setForeground(QColor(theme.text))  # the colours of links and code are not readable on these
        self._show()
        # What is gone to is selected as well, and this covers its mark: while the keyboard is in the find bar, the
        # selection looks like the mark.
        look = QPalette()
        if current >= 0:
            look.setColor(QPalette.ColorGroup.Inactive, QPalette.ColorRole.Highlight, QColor(theme.find_current))
        self._page.setPalette(look)

    def _go_on(self) -> None:
        """Marks what has been laid out meanwhile, or has come into sight."""
        if any(self._is_laid_out(*each) for each in self._uncommented) or (self._comments[0] and not self._is_near()):
            self._mark_commented()
        if any(self._is_laid_out(*each) for each in self._unselected):
            self._mark_selected()

    def _is_laid_out(self, start: int, stop: int) -> bool:
        text = self._page.document()
        if stop >= text.characterCount():
            return False
        line = text.findBlock(stop)
        return (line if line.contains(start) else text.lastBlock()).layout().lineCount() > 0

    def _show(self) -> None:
        self._page.setExtraSelections([*self._misspelt, *self._commented, *self._selected, *self._found])

    def _mark(self, start: int, stop: int, colour: QColor | None = None) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = self._cursor(start, stop)
        mark.format = QTextCharFormat()
        if colour is not None:
            mark.format.setBackground(colour)
        return mark

    def _cursor(self, start: int, stop: int) -> QTextCursor:
        longest = self._page.document().characterCount() - 1
        cursor = QTextCursor(self._page.document())
        cursor.setPosition(min(start, longest))
        cursor.setPosition(min(stop, longest), QTextCursor.MoveMode.KeepAnchor)
        return cursor


def _place(mark: QTextEdit.ExtraSelection) -> tuple[int, int]:
    return mark.cursor.selectionStart(), mark.cursor.selectionEnd()


def _veil(theme: Theme, caret: RemoteCaret) -> QColor:
    """A teammate's colour, thin enough to read through."""
    colour = QColor(theme.person(caret.colour))
    colour.setAlpha(60)
    return colour
