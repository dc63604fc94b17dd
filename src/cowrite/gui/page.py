"""What the page shows beside the text: list markers, quote bars, teammates' carets.

Runs on the GUI thread. PagePainter draws over a text edit after Qt has drawn the text, only where Qt repaints.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QTextBlock, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.text_formats import LINE, TextFormats
from cowrite.convert.numbering import NO_COUNTS, count, label
from cowrite.core.lines import depth, list_kind
from cowrite.core.richtext import Attributes, utf16_length
from cowrite.gui.theme import Theme

PILCROW = "¶"


class RemoteCaret(NamedTuple):
    """Where a teammate writes.

    Attributes:
        id: who.
        name: as shown on the flag.
        color: as the document stores it.
        anchor, head: ends of the selection in UTF-16 units; equal for a caret.
        flagged: whether the name is shown now.
    """

    id: str
    name: str
    color: str
    anchor: int
    head: int
    flagged: bool = True


class SuggestedBreak(NamedTuple):
    """A line break that is suggested to come in or to go.

    Attributes:
        at: its position in UTF-16 units.
        comes: whether it is to come in.
        color: of who suggests it, as the document stores it.
    """

    at: int
    comes: bool
    color: str


class PaintFilter(QObject):
    """Paints a page in its view's place, with what lies behind and stands beside the text.

    It is put before the view (`installEventFilter`) when there is something to draw. With a `paintEvent` of its own a
    page would have Python called for every key, and most have nothing but text.

    Args:
        page: draws beside the text.
        paint_text: Qt's own painting of the text.
        parent: Qt parent.
    """

    def __init__(self, page: PagePainter, paint_text: Callable[[QPaintEvent], None], parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._paint_text = paint_text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes the view's paint events, and nothing else."""
        if not isinstance(event, QPaintEvent):
            return False
        styled = self._page.styled_lines(event.rect())
        self._page.paint_behind(styled)
        self._paint_text(event)
        self._page.paint_beside(styled, event.rect())
        return True


class LineStart(NamedTuple):
    """Where the text of a line begins: on the left, or on the right where it reads from right to left.

    Attributes:
        edge: in viewport coordinates.
        way: 1 where it reads to the right, -1 where it reads to the left.
    """

    edge: float
    way: int

    def before(self, distance: float, width: float = 0.0) -> float:
        """The left side of what is so wide and begins so far before the text, in reading direction."""
        return self.edge - distance if self.way > 0 else self.edge + distance - width


StyledLine = tuple[QTextBlock, QRectF, Attributes]
"""A line with block attributes: its block, its rectangle in viewport coordinates, the attributes."""


class PagePainter:
    """Draws beside the text of one text edit."""

    def __init__(self, editor: QTextEdit, formats: TextFormats, theme: Theme) -> None:
        self._editor = editor
        self._formats = formats
        self.theme = theme
        self.carets: tuple[RemoteCaret, ...] = ()
        self.breaks: tuple[SuggestedBreak, ...] = ()  # in the order of the text
        self._labels: dict[int, str] = {}

    def forget_numbers(self) -> None:
        """List numbers are counted anew: lines have come, gone or changed."""
        self._labels.clear()

    def paint_behind(self, lines: Sequence[StyledLine]) -> None:
        """Draws what lies behind the text of these lines: the ground of code, the bars of quotes."""
        painter: QPainter | None = None
        try:
            for block, rect, line in lines:
                kind = "code-block" if line.get("code-block") else "blockquote" if line.get("blockquote") else ""
                if not kind:
                    continue
                painter = painter or self._painter()
                # Neighbours of one kind are one shape, so the space between them is filled as well.
                em, start = self._formats.em, self._start(block, rect)
                ends = 0.0 if kind == "blockquote" else em * 0.35
                top = rect.top() - (0 if self._is_kind(block.previous(), kind) else ends)
                bottom = rect.bottom() + ends
                if self._is_kind(block.next(), kind):
                    bottom = rect.bottom() + self._space_below(block)
                painter.setPen(Qt.PenStyle.NoPen)
                if kind == "blockquote":
                    painter.setBrush(QColor(self.theme.quote_bar))
                    width = self.theme.metrics.quote_bar_width
                    painter.drawRect(QRectF(start.before(em, width), top, width, bottom - top))
                else:
                    painter.setBrush(QColor(self.theme.code_background))
                    margin = self._editor.document().rootFrame().frameFormat().rightMargin()
                    far = margin if start.way < 0 else self._editor.viewport().width() - margin
                    near = start.before(em * 0.9)
                    painter.drawRect(QRectF(min(near, far), top, abs(far - near), bottom - top))
        finally:  # a painter that outlives its event ends the process
            if painter is not None:
                painter.end()

    def paint_beside(self, lines: Sequence[StyledLine], area: QRect) -> None:
        """Draws what stands beside the text: the list markers of these lines, line breaks that are suggested in an area
        (viewport coordinates), and all teammates' carets."""
        painter: QPainter | None = None
        try:
            for block, rect, line in lines:
                if list_kind(line):
                    painter = painter or self._painter()
                    self._paint_marker(painter, block, rect, line)
            for each in self._breaks_in(area):
                painter = painter or self._painter()
                self._paint_break(painter, each)
            for caret in self.carets:
                painter = painter or self._painter()
                self._paint_caret(painter, caret)
        finally:  # a painter that outlives its event ends the process
            if painter is not None:
                painter.end()

    def styled_lines(self, area: QRect) -> list[StyledLine]:
        """The lines with block attributes that `area` (viewport coordinates) may show."""
        if not self._formats.has_drawn_lines:
            return []
        editor = self._editor
        top, bottom = area.top(), area.bottom()
        across, down = editor.horizontalScrollBar().value(), editor.verticalScrollBar().value()
        # Most keys paint their own paragraph and no more than the space around it: no need to look for what is there.
        caret = editor.textCursor().block()
        block, last = caret.previous(), caret.next()
        if (
            not (block.isValid() and last.isValid())
            or self._text_rect(block).top() - down > top
            or self._text_rect(last).bottom() - down < bottom
        ):
            first = self._block_at(area.topLeft())
            # What belongs to a line can reach a little beyond it.
            block = first.previous() if first.previous().isValid() else first
            last = self._block_at(area.bottomLeft()).next()
        styled: list[QTextBlock] = []
        while block.isValid():
            if block.blockFormat().intProperty(LINE):
                styled.append(block)
            if block == last:
                break
            block = block.next()
        return [
            (
                block,
                self._text_rect(block).translated(-across, -down),
                self._formats.line_attributes(block.blockFormat()),
            )
            for block in styled
        ]

    def caret_rect(self, position: int) -> QRect:
        """Where a caret at a position stands, in viewport coordinates."""
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(max(0, min(position, self._editor.document().characterCount() - 1)))
        rect = self._editor.cursorRect(cursor)
        shift = shifted(cursor.block(), cursor.positionInBlock())
        return self._caret_rect_behind(cursor, shift) if shift else rect

    def _caret_rect_behind(self, cursor: QTextCursor, shift: int) -> QRect:
        """The same behind a suggestion of `shift` UTF-16 units in its line, which Qt leaves out of account."""
        block, at = cursor.block(), cursor.positionInBlock() + shift
        corner = self._editor.document().documentLayout().blockBoundingRect(block).topLeft()
        line = block.layout().lineForTextPosition(at)
        across, down = self._editor.horizontalScrollBar().value(), self._editor.verticalScrollBar().value()
        left: float = corner.x() + line.cursorToX(at)[0] - across  # type: ignore[index]  # it gives x and position
        return QRectF(left, corner.y() + line.y() - down, 1, line.height()).toRect()

    def check_box(self, block: QTextBlock) -> QRectF | None:
        """Where the box of a check list item is, in viewport coordinates; None for other lines."""
        line = self._formats.line_attributes(block.blockFormat())
        if line.get("list") not in ("checked", "unchecked"):
            return None
        editor = self._editor
        scroll = QPointF(editor.horizontalScrollBar().value(), editor.verticalScrollBar().value())
        rect = self._text_rect(block).translated(-scroll)
        return self._box(block, rect)

    def _painter(self) -> QPainter:
        painter = QPainter(self._editor.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter

    def _baseline(self, block: QTextBlock, rect: QRectF) -> float:
        first = block.layout().lineAt(0)
        return rect.top() + first.ascent() if first.isValid() else rect.bottom()

    def _box(self, block: QTextBlock, rect: QRectF) -> QRectF:
        em = self._formats.em
        side = em * 0.95
        bottom = self._baseline(block, rect) + em * 0.12
        return QRectF(self._start(block, rect).before(em * 1.45, side), bottom - side, side, side)

    def _is_kind(self, block: QTextBlock, kind: str) -> bool:
        return block.isValid() and bool(self._formats.line_attributes(block.blockFormat()).get(kind))

    def _space_below(self, block: QTextBlock) -> float:
        """Pixels between a block's rectangle and the next one's, and one more so that no seam shows."""
        return self._text_rect(block.next()).top() - self._text_rect(block).bottom() + 1

    def _block_at(self, point: QPoint) -> QTextBlock:
        """The line at a point of the viewport. Where a suggestion is shown, Qt gives positions that are in no text."""
        editor = self._editor
        scroll = QPointF(editor.horizontalScrollBar().value(), editor.verticalScrollBar().value())
        at = editor.document().documentLayout().hitTest(QPointF(point) + scroll, Qt.HitTestAccuracy.FuzzyHit)
        return editor.document().findBlock(max(0, min(at, editor.document().characterCount() - 1)))

    def _text_rect(self, block: QTextBlock) -> QRectF:
        """Where the text of a block is on the page. Qt has its size, and for its place that of the whole line, the
        distance to the line before included."""
        rect = self._editor.document().documentLayout().blockBoundingRect(block)
        return rect.translated(0, block.layout().boundingRect().top())

    def _start(self, block: QTextBlock, rect: QRectF) -> LineStart:
        first = block.layout().lineAt(0)
        left = rect.left() + (first.x() if first.isValid() else 0.0)
        if block.textDirection() == Qt.LayoutDirection.RightToLeft:
            return LineStart(left + (first.width() if first.isValid() else rect.width()), -1)
        return LineStart(left, 1)

    def _paint_marker(self, painter: QPainter, block: QTextBlock, rect: QRectF, line: Attributes) -> None:
        theme, em = self.theme, self._formats.em
        kind = list_kind(line)
        if kind in ("checked", "unchecked"):
            self._paint_box(painter, self._box(block, rect), ticked=kind == "checked")
            return
        deep = depth(line)
        start, baseline = self._start(block, rect), self._baseline(block, rect)
        if kind == "bullet":
            painter.setPen(QPen(QColor(theme.muted), 1.3))
            painter.setBrush(QColor(theme.muted) if deep % 3 != 1 else Qt.BrushStyle.NoBrush)
            radius = em * 0.17
            middle = QPointF(start.before(em * 0.85), baseline - em * 0.34)
            if deep % 3 == 2:
                painter.drawRect(QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius))
            else:
                painter.drawEllipse(middle, radius, radius)
            return
        font = QFont(self._editor.document().defaultFont())
        text = self._label(block)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        width = QFontMetricsF(font).horizontalAdvance(text)
        # The full stop stands behind the number.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight if start.way > 0 else Qt.LayoutDirection.RightToLeft)
        painter.drawText(QPointF(start.before(em * 0.45 + width, width), baseline), text)

    def _paint_box(self, painter: QPainter, box: QRectF, *, ticked: bool) -> None:
        theme = self.theme
        if not ticked:
            painter.setPen(QPen(QColor(theme.control), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.7, 0.7, -0.7, -0.7), 3, 3)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(box, 3, 3)
        pen = QPen(QColor(theme.on_accent), box.width() * 0.13)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        tick = [(0.24, 0.54), (0.43, 0.72), (0.77, 0.30)]
        points = [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in tick]
        painter.drawPolyline(points)

    def _label(self, block: QTextBlock) -> str:
        number = block.blockNumber()
        found = self._labels.get(number)
        if found is None:
            first = block
            while first.previous().isValid():
                line = self._formats.line_attributes(first.previous().blockFormat())
                if list_kind(line) is None and not depth(line):
                    break
                first = first.previous()
            counts = NO_COUNTS
            while first.isValid():
                line = self._formats.line_attributes(first.blockFormat())
                kind, deep = list_kind(line), depth(line)
                if kind is None and not deep:
                    break
                counts, at = count(counts, kind, deep)
                if at is not None:
                    self._labels[first.blockNumber()] = label("ordered", deep, at)
                first = first.next()
            found = self._labels.get(number, "")
        return found

    def _breaks_in(self, area: QRect) -> Sequence[SuggestedBreak]:
        if not self.breaks:
            return ()
        first, last = self._block_at(area.topLeft()), self._block_at(area.bottomLeft())
        start = bisect_left(self.breaks, first.position(), key=lambda each: each.at)
        stop = bisect_right(self.breaks, last.position() + last.length(), key=lambda each: each.at)
        return self.breaks[start:stop]

    def _paint_break(self, painter: QPainter, shown: SuggestedBreak) -> None:
        """Draws a pilcrow behind the line, struck through where its break is to go."""
        block = self._editor.document().findBlock(shown.at)
        rect = QRectF(self.caret_rect(shown.at))
        font = QFont(self._editor.document().defaultFont())
        font.setStrikeOut(not shown.comes)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.person(shown.color)))
        width = QFontMetricsF(font).horizontalAdvance(PILCROW)
        if block.textDirection() == Qt.LayoutDirection.RightToLeft:
            rect.moveRight(rect.left() - 1)
        rect.setLeft(rect.left() + 1 if rect.width() else rect.left())
        rect.setWidth(width + 2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, PILCROW)

    def _paint_caret(self, painter: QPainter, caret: RemoteCaret) -> None:
        rect = self.caret_rect(caret.head)
        colour = QColor(self.theme.person(caret.color))
        bar = QRectF(rect.left() - 1, rect.top(), 2, rect.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRect(bar)
        if not caret.flagged:
            painter.drawEllipse(QPointF(rect.left(), rect.top()), 3, 3)
            return
        painter.setFont(_flag_font(self._editor))
        flag = self.flag_rect(caret)
        painter.drawRoundedRect(flag, 3, 3)
        painter.setPen(QColor(self.theme.on(colour.name())))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, caret.name)

    def flag_rect(self, caret: RemoteCaret) -> QRectF:
        """Where the flag with a teammate's name stands, in viewport coordinates."""
        rect = self.caret_rect(caret.head)
        metrics = QFontMetricsF(_flag_font(self._editor))
        width, height = metrics.horizontalAdvance(caret.name) + 10, metrics.height() + 2
        left = min(rect.left() - 1.0, self._editor.viewport().width() - width)
        top = rect.top() - height if rect.top() >= height else float(rect.bottom())
        return QRectF(max(0.0, left), top, width, height)


def shifted(block: QTextBlock, at: int) -> int:
    """By how many UTF-16 units the layout of a line has a position of it further on, for what is shown before it."""
    layout = block.layout()
    shown = layout.preeditAreaText()
    return utf16_length(shown) if shown and at > layout.preeditAreaPosition() else 0


def _flag_font(editor: QTextEdit) -> QFont:
    font = QFont(editor.font())
    font.setPointSizeF(8.5)
    font.setWeight(QFont.Weight.DemiBold)
    return font
