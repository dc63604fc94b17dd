"""What a page shows behind, beside and above its lines: the ground of code, quote bars, list markers, page breaks.

Runs on the GUI thread. PagePainter draws in a text edit before and after Qt has drawn the text, only where Qt repaints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QTextBlock, QTextTable
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.page.table_formats import cell_room
from cowrite.bridge.page.text_formats import LINE, TextFormats
from cowrite.convert.numbering import NO_COUNTS, count, label
from cowrite.core.text.richtext import NO_ATTRIBUTES, PAGE_BREAK, Attributes
from cowrite.core.text.table import row_id
from cowrite.core.writing.line import depth, list_kind, stated_number
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.cells import SelectedCells
from cowrite.gui.page.others import OthersPainter
from cowrite.gui.page.places import lines_at, scrolled, text_rect

PAGE_BREAK_CAPTION = "Page break"
_CAPTION_SIZE = 0.68  # of the writing size


class PaintFilter(QObject):
    """Paints a page in its view's place, with what lies behind and stands beside the text.

    It is put before the view (`installEventFilter`) when there is something to draw. With a `paintEvent` of its own a
    page would have Python called for every key, and most have nothing but text.

    Args:
        page: draws behind and beside the lines.
        cells: draws those that are selected.
        others: draws where others are.
        paint_text: Qt's own painting of the text.
        parent: Qt parent.
    """

    def __init__(
        self,
        page: PagePainter,
        cells: SelectedCells,
        others: OthersPainter,
        paint_text: Callable[[QPaintEvent], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._cells = cells
        self._others = others
        self._paint_text = paint_text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes the view's paint events, and nothing else."""
        if not isinstance(event, QPaintEvent):
            return False
        styled = self._page.styled_lines(event.rect())
        self._page.paint_behind(styled, self._cells.paint)
        self._paint_text(event)
        self._page.paint_beside(styled)
        self._others.paint(event.rect())
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
    """Draws behind and beside the lines of one text edit.

    Args:
        editor: the text edit.
        formats: of its text.
        theme: how it looks.
    """

    def __init__(self, editor: QTextEdit, formats: TextFormats, theme: Theme) -> None:
        self._editor = editor
        self._formats = formats
        self.theme = theme
        self._labels: dict[int, str] = {}

    def forget_numbers(self) -> None:
        """List numbers are counted anew: lines have come, gone or changed."""
        self._labels.clear()

    def paint_behind(self, lines: Sequence[StyledLine], paint_selected: Callable[[], None]) -> None:
        """Draws what lies behind the text of these lines: the ground of code, on it what is selected, the bars of
        quotes.

        Args:
            lines: the lines.
            paint_selected: draws the cells that are selected.
        """
        self._paint_behind([each for each in lines if each[2].get("code-block")])
        paint_selected()
        self._paint_behind([each for each in lines if not each[2].get("code-block")])

    def _paint_behind(self, lines: Sequence[StyledLine]) -> None:
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
                goes_on = not line.get(PAGE_BREAK) and self._is_kind(block.previous(), kind)
                top = rect.top() - (0 if goes_on else ends)
                bottom = rect.bottom() + ends
                if self._is_kind(block.next(), kind) and not self._line(block.next()).get(PAGE_BREAK):
                    bottom = rect.bottom() + self._space_below(block)
                painter.setPen(Qt.PenStyle.NoPen)
                if kind == "blockquote":
                    painter.setBrush(QColor(self.theme.quote_bar))
                    width = self.theme.metrics.quote_bar_width
                    painter.drawRect(QRectF(start.before(em, width), top, width, bottom - top))
                else:
                    painter.setBrush(QColor(self.theme.code_background))
                    near = start.before(em * 0.9)
                    far = near + start.way * self._room(block, near, start.way)
                    painter.drawRect(QRectF(min(near, far), top, abs(far - near), bottom - top))
        finally:  # a painter that outlives its event ends the process
            if painter is not None:
                painter.end()

    def paint_beside(self, lines: Sequence[StyledLine]) -> None:
        """Draws what stands beside and above the text of these lines: the markers of lists, page breaks."""
        painter: QPainter | None = None
        try:
            for block, rect, line in lines:
                if line.get(PAGE_BREAK) and not row_id(line):
                    painter = painter or self._painter()
                    self._paint_page_break(painter, block, rect)
                if list_kind(line):
                    painter = painter or self._painter()
                    self._paint_marker(painter, block, rect, line)
        finally:  # a painter that outlives its event ends the process
            if painter is not None:
                painter.end()

    def styled_lines(self, area: QRect) -> list[StyledLine]:
        """The lines with block attributes that `area` (viewport coordinates) may show."""
        if not self._formats.has_drawn_lines:
            return []
        editor = self._editor
        begin = scrolled(editor)
        # Most keys paint their own paragraph and no more than the space around it: no need to look for what is there.
        caret = editor.textCursor().block()
        block, last = caret.previous(), caret.next()
        if (
            not (block.isValid() and last.isValid())
            or row_id(self._formats.line_attributes(caret.blockFormat()))  # it has others beside it
            or text_rect(editor, block).top() - begin.y() > area.top()
            or text_rect(editor, last).bottom() - begin.y() < area.bottom()
        ):
            first, last = lines_at(editor, area.top())[0], lines_at(editor, area.bottom())[1]
            if first.blockNumber() > last.blockNumber():  # Qt takes a table that is not laid out for one at the top
                first = editor.document().begin()
            # What belongs to a line can reach a little beyond it.
            block = first.previous() if first.previous().isValid() else first
            last = last.next()
        styled: list[QTextBlock] = []
        while block.isValid():
            if block.blockFormat().intProperty(LINE):
                styled.append(block)
            if block == last:
                break
            block = block.next()
        return [
            (block, text_rect(editor, block).translated(-begin), self._formats.line_attributes(block.blockFormat()))
            for block in styled
        ]

    def check_box(self, block: QTextBlock) -> QRectF | None:
        """Where the box of a check list item is, in viewport coordinates; None for other lines."""
        line = self._formats.line_attributes(block.blockFormat())
        if line.get("list") not in ("checked", "unchecked"):
            return None
        return self._box(block, text_rect(self._editor, block).translated(-scrolled(self._editor)))

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
        """Whether a line is of one shape with another one of a kind; a cell is by itself."""
        line = self._line(block)
        return bool(line.get(kind)) and not row_id(line)

    def _line(self, block: QTextBlock) -> Attributes:
        return self._formats.line_attributes(block.blockFormat()) if block.isValid() else NO_ATTRIBUTES

    def _room(self, block: QTextBlock, near: float, way: int) -> float:
        """How far it is from the beginning of a line to the end of the page's text, or of the cell there."""
        text = self._editor.document()
        margin, width = text.rootFrame().frameFormat().rightMargin(), self._editor.viewport().width()
        if isinstance(text.frameAt(block.position()), QTextTable):
            return cell_room(text, block.position(), width - 2 * margin)
        return width - margin - near if way > 0 else near - margin

    def _space_below(self, block: QTextBlock) -> float:
        """Pixels between a block's rectangle and the next one's, and one more so that no seam shows."""
        return text_rect(self._editor, block.next()).top() - text_rect(self._editor, block).bottom() + 1

    def _start(self, block: QTextBlock, rect: QRectF) -> LineStart:
        first = block.layout().lineAt(0)
        left = rect.left() + (first.x() if first.isValid() else 0.0)
        if block.textDirection() == Qt.LayoutDirection.RightToLeft:
            return LineStart(left + (first.width() if first.isValid() else rect.width()), -1)
        return LineStart(left, 1)

    def _paint_page_break(self, painter: QPainter, block: QTextBlock, rect: QRectF) -> None:
        """Draws a dashed rule across the page in the room above a line, with a caption in its middle."""
        text, em = self._editor.document(), self._formats.em
        is_below_table = row_id(self._line(block.previous()))  # where Qt leaves no room but that below the table
        room = em if is_below_table else block.blockFormat().topMargin()
        margins, middle = text.rootFrame().frameFormat(), round(rect.top() - room / 2) + 0.5
        left, right = margins.leftMargin(), self._editor.viewport().width() - margins.rightMargin()
        font = QFont(text.defaultFont())
        font.setPointSizeF(font.pointSizeF() * _CAPTION_SIZE)
        measures = QFontMetricsF(font)
        width = measures.horizontalAdvance(PAGE_BREAK_CAPTION)
        caption = QPointF((left + right - width) / 2, middle + measures.capHeight() / 2)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(caption, PAGE_BREAK_CAPTION)
        painter.setPen(QPen(QColor(self.theme.control), 1, Qt.PenStyle.DashLine))
        gap = width / 2 + em * 0.6
        painter.drawLine(QPointF(left, middle), QPointF((left + right) / 2 - gap, middle))
        painter.drawLine(QPointF(right, middle), QPointF((left + right) / 2 + gap, middle))

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
        text = self.number_of(block)
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

    def number_of(self, block: QTextBlock) -> str:
        """The number before an item of a numbered list, with its full stop; empty for what is none."""
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
                counts, at = count(counts, kind, deep, stated_number(line))
                if at is not None:
                    self._labels[first.blockNumber()] = label("ordered", deep, at)
                first = first.next()
            found = self._labels.get(number, "")
        return found
