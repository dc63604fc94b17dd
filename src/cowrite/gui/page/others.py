"""Where others are on a page: teammates' carets, and line breaks that are suggested.

Runs on the GUI thread. Stretches of text that others have selected or suggest are marked in the text itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.page.points import points_here
from cowrite.core.text.direction import isolated
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.places import caret_rect, lines_at

PILCROW = "¶"
WIDEST_NAME = 120  # pixels of a teammate's name at their caret: a longer one would hide the words above


class RemoteCaret(NamedTuple):
    """Where a teammate writes.

    Attributes:
        id: who.
        name: as shown on the flag.
        colour: as the document stores it.
        anchor, head: ends of the selection in UTF-16 units; equal for a caret.
        flagged: whether the name is shown now.
    """

    id: str
    name: str
    colour: str
    anchor: int
    head: int
    flagged: bool = True


class SuggestedBreak(NamedTuple):
    """A line break that is suggested to come in or to go.

    Attributes:
        at: its position in UTF-16 units.
        comes: whether it is to come in.
        colour: of who suggests it, as the document stores it.
    """

    at: int
    comes: bool
    colour: str


class OthersPainter:
    """Draws where others are, and where something was found between two letters, over the text of one text edit.

    Args:
        editor: the text edit.
        theme: how it looks.

    Attributes:
        carets: of teammates.
        breaks: that are suggested, in the order of the text.
        found: places between two letters, in the order of the text; where one is at, or -1.
    """

    def __init__(self, editor: QTextEdit, theme: Theme) -> None:
        self._editor = editor
        self.theme = theme
        self.carets: tuple[RemoteCaret, ...] = ()
        self.breaks: tuple[SuggestedBreak, ...] = ()
        self.found: tuple[Sequence[int], int] = (), -1

    def paint(self, area: QRect) -> None:
        """Draws the line breaks that are suggested in an area (viewport coordinates), the carets there, and what was
        found between two letters."""
        if not self.breaks and not self.carets and not self.found[0]:
            return
        # Of a long text no more is asked for than this: Qt would lay all of it out up to where somebody is.
        first, last = self._positions_in(area)
        carets = sorted((each for each in self.carets if first <= each.head <= last), key=lambda each: each.head)
        start = bisect_left(self.breaks, first, key=lambda each: each.at)
        breaks = self.breaks[start : bisect_right(self.breaks, last, key=lambda each: each.at)]
        places, current = self.found
        found = places[bisect_left(places, first) : bisect_right(places, last)]
        if not breaks and not carets and not found:
            return
        painter = QPainter(self._editor.viewport())
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place in found:
                self._paint_found(painter, place, is_current=place == current)
            for each in breaks:
                self._paint_break(painter, each)
            flags: list[QRectF] = []
            for caret in carets:
                self._paint_caret(painter, caret, flags)
        finally:  # a painter that outlives its event ends the process
            painter.end()

    def _positions_in(self, area: QRect) -> tuple[int, int]:
        """From where to where lines reach of which something may stand in an area."""
        flag = ceil(QFontMetricsF(_flag_font(self._editor)).height()) + 2  # it stands above its line, or below
        first = lines_at(self._editor, area.top() - flag)[0]
        last = lines_at(self._editor, area.bottom() + flag)[1]
        return first.position(), last.position() + last.length()

    def _paint_break(self, painter: QPainter, shown: SuggestedBreak) -> None:
        """Draws a pilcrow behind the line, struck through where its break is to go."""
        block = self._editor.document().findBlock(shown.at)
        rect = QRectF(caret_rect(self._editor, shown.at))
        font = QFont(self._editor.document().defaultFont())
        font.setStrikeOut(not shown.comes)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.person(shown.colour)))
        width = QFontMetricsF(font).horizontalAdvance(PILCROW)
        if block.textDirection() == Qt.LayoutDirection.RightToLeft:
            rect.moveRight(rect.left() - 1)
        rect.setLeft(rect.left() + 1 if rect.width() else rect.left())
        rect.setWidth(width + 2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, PILCROW)

    def _paint_found(self, painter: QPainter, place: int, *, is_current: bool) -> None:
        """Draws a bar, for its ground alone is too faint where no word stands on it."""
        rect, theme = caret_rect(self._editor, place), self.theme
        mode = QPainter.CompositionMode  # the letter before it stays to be seen
        painter.setCompositionMode(mode.CompositionMode_Lighten if theme.is_dark else mode.CompositionMode_Darken)
        ground = QRectF(rect.left() - 6, rect.top(), 6, rect.height())
        painter.fillRect(ground, QColor(theme.find_current if is_current else theme.find))
        painter.setCompositionMode(mode.CompositionMode_SourceOver)
        painter.fillRect(QRectF(rect.left() - 2, rect.top(), 2, rect.height()), QColor(theme.warning))

    def _paint_caret(self, painter: QPainter, caret: RemoteCaret, flags: list[QRectF]) -> None:
        """Draws a caret, and its flag where none of these hides it; it is one of them then."""
        rect = caret_rect(self._editor, caret.head)
        colour = QColor(self.theme.person(caret.colour))
        bar = QRectF(rect.left() - 1, rect.top(), 2, rect.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRect(bar)
        if not caret.flagged:
            painter.drawEllipse(QPointF(rect.left(), rect.top()), 3, 3)
            return
        painter.setFont(_flag_font(self._editor))
        flag = self._beside(self._flag_rect(caret), flags)
        flags.append(flag)
        painter.drawRoundedRect(flag, 3, 3)
        painter.setPen(QColor(self.theme.on(colour.name())))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, self._shown_name(caret))

    def _shown_name(self, caret: RemoteCaret) -> str:
        """A teammate's name as the flag has it: of a long one the beginning."""
        metrics = QFontMetricsF(_flag_font(self._editor))
        return isolated(metrics.elidedText(caret.name, Qt.TextElideMode.ElideRight, WIDEST_NAME))

    def _flag_rect(self, caret: RemoteCaret) -> QRectF:
        """Where the flag with a teammate's name stands, in viewport coordinates."""
        rect = caret_rect(self._editor, caret.head)
        metrics = QFontMetricsF(_flag_font(self._editor))
        width, height = metrics.horizontalAdvance(self._shown_name(caret)) + 10, metrics.height() + 2
        left = min(rect.left() - 1.0, self._editor.viewport().width() - width)
        top = rect.top() - height if rect.top() >= height else float(rect.bottom())
        return QRectF(max(0.0, left), top, width, height)

    def _beside(self, flag: QRectF, others: list[QRectF]) -> QRectF:
        """Where a flag hides none of others: behind those that are in its way, or where it is if there is no room."""
        moved = QRectF(flag)
        for other in sorted(others, key=QRectF.left):
            if moved.intersects(other):
                moved.moveLeft(other.right() + 1)
        return moved if moved.right() <= self._editor.viewport().width() else flag


def _flag_font(editor: QTextEdit) -> QFont:
    font = QFont(editor.font())
    font.setPointSizeF(points_here(8.5))
    font.setWeight(QFont.Weight.DemiBold)
    return font
