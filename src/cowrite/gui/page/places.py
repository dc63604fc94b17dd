"""Where things are on a page, in pixels: positions of its text, and its lines.

Runs on the GUI thread. Points and rectangles are in viewport coordinates unless said otherwise.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QTextBlock, QTextCursor, QTextTable
from PySide6.QtWidgets import QTextEdit

from cowrite.core.text.richtext import utf16_length

_WITHIN = 4  # device-independent pixels: behind a table's line, and before the words of its cells


def caret_rect(page: QTextEdit, position: int) -> QRect:
    """Where a caret at a position (UTF-16 units) stands."""
    cursor = QTextCursor(page.document())
    cursor.setPosition(max(0, min(position, page.document().characterCount() - 1)))
    rect = page.cursorRect(cursor)
    shift = _shift(cursor.block(), cursor.positionInBlock())
    return _rect_behind(page, cursor, shift) if shift else rect


def lines_at(page: QTextEdit, y: int) -> tuple[QTextBlock, QTextBlock]:
    """The first and the last of the lines that stand at a height beside each other: more than one in a table."""
    text, at = page.document(), _position_at(page, y)
    block, frame = text.findBlock(at), text.frameAt(at)
    if not isinstance(frame, QTextTable):
        return block, block
    row = frame.cellAt(at).row()
    first, last = frame.cellAt(row, 0), frame.cellAt(row, frame.columns() - 1)
    return text.findBlock(first.firstPosition()), text.findBlock(last.lastPosition())


def table_beside(page: QTextEdit, y: float) -> tuple[QTextTable, int] | None:
    """The table that stands at a height, and the number of the row there; None for none."""
    at = _position_at(page, y)
    table = page.document().frameAt(at)
    return (table, table.cellAt(at).row()) if isinstance(table, QTextTable) else None


def in_table_at(page: QTextEdit, point: QPointF) -> QPointF:
    """A point beside a table as that on its edge, in the same row; any other as it is."""
    if table_beside(page, point.y()) is None:
        return point
    edge = page.document().rootFrame().frameFormat().leftMargin() + _WITHIN  # a table is as wide as the page's text
    return QPointF(min(max(point.x(), edge), page.viewport().width() - edge), point.y())


def text_rect(page: QTextEdit, block: QTextBlock) -> QRectF:
    """Where the text of a block is, in the coordinates of the whole text.

    Qt has its size, and for its place that of the whole line, the distance to the line before included.
    """
    rect = page.document().documentLayout().blockBoundingRect(block)
    return rect.translated(0, block.layout().boundingRect().top())


def scrolled(page: QTextEdit) -> QPointF:
    """Where the viewport begins in the whole text."""
    return QPointF(page.horizontalScrollBar().value(), page.verticalScrollBar().value())


def _position_at(page: QTextEdit, y: float) -> int:
    """A position in the line at a height; in a table, in one of those there."""
    point = QPointF(page.viewport().width() / 2, y)  # beside a table Qt says what stands above or below all of it
    at = page.document().documentLayout().hitTest(point + scrolled(page), Qt.HitTestAccuracy.FuzzyHit)
    # Where a suggestion is shown, it gives positions that are in no text.
    return max(0, min(at, page.document().characterCount() - 1))


def _rect_behind(page: QTextEdit, cursor: QTextCursor, shift: int) -> QRect:
    """Where a caret stands behind a suggestion of `shift` UTF-16 units in its line, which Qt leaves out of account."""
    block, at = cursor.block(), cursor.positionInBlock() + shift
    corner = page.document().documentLayout().blockBoundingRect(block).topLeft() - scrolled(page)
    line = block.layout().lineForTextPosition(at)
    left: float = corner.x() + line.cursorToX(at)[0]  # type: ignore[index]  # it gives x and position
    return QRectF(left, corner.y() + line.y(), 1, line.height()).toRect()


def _shift(block: QTextBlock, at: int) -> int:
    """By how many UTF-16 units the layout of a line has a position of it further on, for what is shown before it."""
    layout = block.layout()
    shown = layout.preeditAreaText()
    return utf16_length(shown) if shown and at > layout.preeditAreaPosition() else 0
