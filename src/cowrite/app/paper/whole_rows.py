"""Rows of tables that stand on one page each.

Runs on the thread of the document. Qt divides a row where a page ends. So the row before one that would be divided is
made so high that nothing of the next one fits below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QTextDocument, QTextTable

HIGHEST = 1 / 3
"""The part of a page that a row takes at most which is kept whole: more would leave too much of a page empty."""
LEFT = 4.0  # device-independent pixels that are left at the foot of a page, where no line of letters fits


class WholeRows:
    """Keeps the rows of one document whole, table by table from the top.

    Args:
        shown: the document.
        copy: the same as it is set on pages; it is changed along with it.
        scale: pixels of the pages in a device-independent one.
    """

    def __init__(self, shown: QTextDocument, copy: QTextDocument, scale: float) -> None:
        self._copy = copy
        self._scale = scale
        self._endless = copy.clone()  # as high as it is where no page ends
        self._endless.documentLayout().setPaintDevice(copy.documentLayout().paintDevice())
        self._endless.setPageSize(QSizeF(copy.pageSize().width(), -1))
        alike = zip(*map(_tables, (shown, copy, self._endless)), strict=True)
        self._tables = {copied.firstPosition(): (own, copied, endless) for own, copied, endless in alike}

    def keep(self, position: int) -> None:
        """Has no page end within a row of the table whose first cell begins at a position, if there is one there."""
        if position not in self._tables:
            return
        own, copied, endless = self._tables[position]
        if added := self._added(copied, _heights(endless, self._endless)):
            for table in (own, copied):
                edit = table.firstCursorPosition()
                edit.beginEditBlock()  # else Qt sets the whole table again for each cell
                for row, height in added.items():
                    _make_higher(table, row, height / self._scale)
                edit.endEditBlock()
            self._copy.documentLayout().documentSize()  # all of it; what is asked for would not be set yet

    def _added(self, table: QTextTable, heights: Sequence[float]) -> Mapping[int, float]:
        """By how much rows are to become higher, by their numbers. Qt takes what is around a table for a margin of all
        pages that it is on."""
        page, margin = self._copy.pageSize().height(), self._copy.rootFrame().frameFormat().topMargin()
        format, cell = table.format().toTableFormat(), table.cellAt(0, 0).format().toTableCellFormat()
        above = self._scale * (margin + format.topMargin() + format.border())
        below = self._scale * (margin + format.bottomMargin() + format.border())
        heads = format.headerRowCount()
        whole = page - above - below - sum(heights[:heads])
        top = _words_at(table, 0, self._copy) - self._scale * (cell.topPadding() + cell.topBorder())
        room, left = page - below - top % page, LEFT * self._scale
        added: dict[int, float] = {}
        for row, height in enumerate(heights):
            if height > room:
                if left < room and heads < row and height <= HIGHEST * whole:
                    added[row - 1] = room - left
                room = whole
            room = room - height if height <= room else whole - (height - room) % whole
        return added


def _tables(document: QTextDocument) -> list[QTextTable]:
    return [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]


def _words_at(table: QTextTable, row: int, document: QTextDocument) -> float:
    """Where the words of a row begin."""
    firsts = (table.cellAt(row, column).firstCursorPosition().block() for column in range(table.columns()))
    return min(document.documentLayout().blockBoundingRect(block).top() for block in firsts)


def _heights(table: QTextTable, document: QTextDocument) -> list[float]:
    """How high each row is where no page ends."""
    tops = [_words_at(table, row, document) for row in range(table.rows())]
    frame = document.documentLayout().frameBoundingRect(table)
    return [below - top for top, below in zip(tops, [*tops[1:], frame.bottom() + tops[0] - frame.top()], strict=True)]


def _make_higher(table: QTextTable, row: int, height: float) -> None:
    for column in range(table.columns()):  # whichever is the highest one
        cell = table.cellAt(row, column)
        format = cell.format().toTableCellFormat()
        format.setBottomPadding(format.bottomPadding() + height)
        cell.setFormat(format)
