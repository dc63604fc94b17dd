"""How a table looks on a page: its lines, its room, and how wide its columns are.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtGui import QBrush, QColor, QTextFrameFormat, QTextLength, QTextTableFormat

from cowrite.core.richtext import SOFT_BREAK, plain_text
from cowrite.core.table import Table

PADDING = 0.4  # between a cell's edge and its words, as a multiple of the writing size
ABOVE, BELOW = 0.5, 0.9  # room above and below, likewise
NARROW, WIDE = 3, 40  # characters that the narrowest column holds, and behind which lines break anyway


def table_format(table: Table, colour: str, em: float) -> QTextTableFormat:
    """The format of a table that is as wide as the page's text.

    Args:
        table: what is in it.
        colour: of its lines.
        em: the writing size in device-independent pixels.
    """
    format = QTextTableFormat()
    format.setBorderCollapse(True)
    format.setBorder(1)
    format.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    format.setBorderBrush(QBrush(QColor(colour)))
    format.setCellSpacing(0)
    format.setCellPadding(PADDING * em)
    format.setTopMargin(ABOVE * em)
    format.setBottomMargin(BELOW * em)
    kind = QTextLength.Type.PercentageLength
    format.setWidth(QTextLength(kind, 100))
    format.setColumnWidthConstraints([QTextLength(kind, share) for share in shares(table)])
    format.setHeaderRowCount(int(table.has_head))
    return format


def shares(table: Table) -> list[float]:
    """Of a table's width, so many hundredths for each column: the more, the longer its words and lines are."""
    wanted = [NARROW] * table.columns
    for row in table.rows:
        for column, cell in enumerate(row):
            text = plain_text(cell.spans)
            longest = max(map(len, text.split(SOFT_BREAK)))
            wanted[column] = max(wanted[column], min(longest, WIDE))
    room = [characters + NARROW for characters in wanted]
    return [100 * each / sum(room) for each in room]
