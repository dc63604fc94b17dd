"""Where the cells of a page's tables are, in pixels, and which of them are selected.

Runs on the GUI thread. Rectangles are in viewport coordinates; they end in the middle of the lines between cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QTextBlock, QTextTable
from PySide6.QtWidgets import QTextEdit

from cowrite.gui.page.places import scrolled

_LINE = 1  # device-independent pixels: of the line between two cells that Qt counts to the one behind it


class SelectedCells:
    """The selected cells of one page. Of several Qt shows the words alone as selected, and of an empty one a bar.

    Args:
        page: the view.
    """

    def __init__(self, page: QTextEdit) -> None:
        self._page = page
        self._were_there = False

    def follow(self) -> bool:
        """Something else is selected: has the page drawn anew.

        Returns:
            Whether there are selected cells, or have been until now.
        """
        were_there, self._were_there = self._were_there, bool(self.rects())
        if not were_there and not self._were_there:
            return False
        self._page.viewport().update()  # Qt draws their words anew, and not all that is around these
        return True

    def rects(self) -> list[QRectF]:
        """Where they are: for each row that has any one rectangle, for each table that is selected as a whole one. None
        where what is selected is within one cell."""
        page, cursor = self._page, self._page.textCursor()
        if not cursor.hasSelection():
            return []
        start, stop = cursor.selectionStart(), cursor.selectionEnd()
        table = cursor.currentTable()
        if table and table.firstPosition() <= start and stop <= table.lastPosition():
            top, rows, left, columns = cast("tuple[int, int, int, int]", cursor.selectedTableCells())
            return list(_rows(page, table, range(top, top + rows), left, left + columns - 1)) if top >= 0 else []
        if page.document().findBlock(start).contains(stop):  # no table stands within a line
            return []
        tables = (each for each in page.document().rootFrame().childFrames() if isinstance(each, QTextTable))
        return [_whole(page, each) for each in tables if start < each.firstPosition() and each.lastPosition() < stop]

    def paint(self) -> None:
        """Draws them in the colour in which Qt draws selected words."""
        rects = self.rects()
        if not rects:
            return
        group = QPalette.ColorGroup.Active if self._page.hasFocus() else QPalette.ColorGroup.Inactive
        colour = self._page.palette().color(group, QPalette.ColorRole.Highlight)
        painter = QPainter(self._page.viewport())
        try:
            for rect in rects:
                painter.fillRect(rect, colour)
        finally:  # a painter that outlives its event ends the process
            painter.end()


def column_edges(page: QTextEdit, table: QTextTable) -> list[float]:
    """The left of each column, and the right of the last one. Qt tells it of no cell, so it is found by what is in
    them."""
    columns, padding = table.columns(), table.format().toTableFormat().cellPadding()
    longest = next(row for row in range(table.rows()) if table.cellAt(row, columns - 1).column() == columns - 1)
    blocks = [_block(page, table, longest, column) for column in range(columns)]
    lefts = [_rect(page, block).left() for block in blocks]
    last = blocks[-1]
    right = lefts[-1] + last.layout().boundingRect().right()
    if last.textDirection() == Qt.LayoutDirection.RightToLeft:
        right += last.blockFormat().indent() * page.document().indentWidth()
    return [*(left - padding - _LINE for left in lefts), right + padding]


def row_edges(page: QTextEdit, table: QTextTable) -> tuple[float, float]:
    """The top of the first row of a table, and the bottom of the last one."""
    return _top(page, table, 0), _bottom(page, table, table.rows() - 1)


def _rows(page: QTextEdit, table: QTextTable, rows: range, left: int, right: int) -> Iterator[QRectF]:
    """The parts of rows from one column to another; the last cell of a shorter row reaches to the end of the table."""
    edges = column_edges(page, table)
    for row in rows:
        if table.cellAt(row, left).column() < left:  # such a cell, which begins further left
            continue
        last = table.cellAt(row, right)
        top, bottom = _top(page, table, row), _bottom(page, table, row)
        yield QRectF(edges[left], top, edges[last.column() + last.columnSpan()] - edges[left], bottom - top)


def _whole(page: QTextEdit, table: QTextTable) -> QRectF:
    edges, (top, bottom) = column_edges(page, table), row_edges(page, table)
    return QRectF(edges[0], top, edges[-1] - edges[0], bottom - top)


def _top(page: QTextEdit, table: QTextTable, row: int) -> float:
    block, padding = _block(page, table, row, 0), table.format().toTableFormat().cellPadding()
    return _rect(page, block).top() - block.blockFormat().topMargin() - padding - _LINE


def _bottom(page: QTextEdit, table: QTextTable, row: int) -> float:
    if row + 1 < table.rows():
        return _top(page, table, row + 1)
    blocks = [_block(page, table, row, column) for column in range(table.columns())]
    bottoms = (_rect(page, each).top() + each.layout().boundingRect().bottom() for each in blocks)
    return max(bottoms) + table.format().toTableFormat().cellPadding()


def _block(page: QTextEdit, table: QTextTable, row: int, column: int) -> QTextBlock:
    return page.document().findBlock(table.cellAt(row, column).firstPosition())


def _rect(page: QTextEdit, block: QTextBlock) -> QRectF:
    return page.document().documentLayout().blockBoundingRect(block).translated(-scrolled(page))
