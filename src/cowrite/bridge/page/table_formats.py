"""How a table looks on a page: its lines, its room, and how wide its columns are.

Runs on the GUI thread.
"""

from __future__ import annotations

from unicodedata import east_asian_width

from PySide6.QtGui import QBrush, QColor, QTextDocument, QTextFrameFormat, QTextLength, QTextTable, QTextTableFormat

from cowrite.core.text.richtext import SOFT_BREAK, plain_text
from cowrite.core.text.table import Table, widest_with_room

PADDING = 0.5  # between a cell's edge and its words, as a multiple of the writing size
ABOVE, BELOW = 0.5, 0.9  # room above and below, likewise
ROOM = 62  # characters that all columns hold on a page of its full width
LETTER = 0.6  # about as wide is a letter, as a multiple of the writing size
EDGES = 3  # characters that the room around the words of a cell takes, and the few that an empty one holds
LONGEST_WORD, LONGEST_LINE = 20, 45  # longer ones get no more room
INDENTED = frozenset({"list", "blockquote", "code-block"})
INSET = 3  # characters that what is drawn before the words of such a cell takes
BOLD = 1.1  # so much wider are bold letters


def table_format(table: Table, colour: str, em: float, room: float) -> QTextTableFormat:
    """The format of a table that is as wide as the page's text.

    Args:
        table: what is in it.
        colour: of its lines.
        em: the writing size in device-independent pixels.
        room: so many characters all columns hold.
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
    format.setColumnWidthConstraints([QTextLength(kind, share) for share in shares(table, room)])
    format.setHeaderRowCount(int(table.has_head))
    return format


def letters(width: float, em: float) -> float:
    """So many characters all columns of a table hold on a page; no more than help one to read.

    Args:
        width: of the page's text, in device-independent pixels.
        em: the writing size in these.
    """
    return min(width / (LETTER * em), ROOM)


def shares(table: Table, room: float) -> list[float]:
    """Of a table's width, so many hundredths for each column: its longest word first, and what is then left of the
    page for its longest line. Where not all words have room, the longest ones are broken and the others stay whole. A
    column that somebody has made so wide is that wide.

    Args:
        table: what is in it.
        room: so many characters all columns hold.
    """
    words, lines = [EDGES] * table.columns, [EDGES] * table.columns
    for row in table.rows:
        for column, cell in enumerate(row):
            text = plain_text(cell.spans)
            wide = BOLD if any(span.attributes.get("bold") for span in cell.spans) else 1
            inset = INSET if not INDENTED.isdisjoint(cell.attributes) else 0
            word = inset + max(map(_width, text.split()), default=0) * wide
            line = inset + max(map(_width, text.split(SOFT_BREAK))) * wide
            words[column] = max(words[column], min(round(word), LONGEST_WORD))
            lines[column] = max(lines[column], min(round(line), LONGEST_LINE))
    longest = widest_with_room(words, room - EDGES * table.columns)
    kept = [min(word, longest) for word in words]
    left = max(0, room - sum(kept) - EDGES * table.columns)
    wanted = [line - word for word, line in zip(kept, lines, strict=True)]
    scale = min(1.0, left / sum(wanted)) if any(wanted) else 0.0
    columns = table.divided([word + EDGES + scale * more for word, more in zip(kept, wanted, strict=True)])
    return [100 * each / sum(columns) for each in columns]


def cell_room(text: QTextDocument, position: int, width: float) -> float:
    """How wide the words at a position can be, in device-independent pixels: as the page, or the cell there.

    Args:
        text: of a page.
        position: in UTF-16 units. To put a cursor there would have Qt lay the line out, which asks for this.
        width: of the page's text.
    """
    table = text.frameAt(position)
    if not isinstance(table, QTextTable):
        return width
    format, column = table.format().toTableFormat(), table.cellAt(position).column()
    shares = format.columnWidthConstraints()
    share = shares[column].rawValue() / 100 if column < len(shares) else 1.0
    return width * share - 2 * (format.cellPadding() + 1)


def _width(text: str) -> int:
    """About how many letters of the Latin alphabet are as wide as a text."""
    return len(text) if text.isascii() else sum(1 + (east_asian_width(letter) in "WF") for letter in text)
