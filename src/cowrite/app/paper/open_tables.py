"""The tables of a set document as those of an OpenDocument text.

Runs on the thread of the document. Qt writes the tables; here is what it leaves out: how wide columns are as parts of
the table, and which row stands on each of its pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument, QTextLength, QTextTable

LIST_ENDS = "\U0010fff3"
"""Stands on a line that is there only to end a list."""
_WHOLE = re.compile(r'(<style:table-properties [^<>]*)style:width="100pt"')
_PART = re.compile(
    r'(?P<before>style:name="Table(?P<format>\d+)\.\d+"[^<>]*><style:table-column-properties )'
    r'style:column-width="(?P<part>[0-9.]+)%"'
)
"""How Qt writes that a table is as wide as the text, and that a column has so many hundredths of it; a style is called
by the number of the format of its table."""
_AS_NEEDED = ' style:use-optimal-column-width="true"'
"""Of a column that nobody has made so wide."""
_FIRST_ROW = re.compile(r"(<table:table .*?)(<table:table-row>.*?</table:table-row>)", re.DOTALL)


class OpenTables:
    """The tables of one document, which is changed on the way.

    Args:
        shown: the document.
        room: within the margins of a page, in device-independent pixels.
    """

    def __init__(self, shown: QTextDocument, room: QSizeF) -> None:
        tables = [frame for frame in shown.rootFrame().childFrames() if isinstance(frame, QTextTable)]
        self._as_needed: set[int] = set()  # the numbers of the formats of tables in which nobody has made a column wide
        if tables:
            shown.setTextWidth(room.width())
        natural = [_natural_parts(shown, table) for table in tables]
        for table, parts in zip(tables, natural, strict=True):
            self._state_widths(table, parts)
            _end_list_above(shown, table)
        self._heads = [bool(table.format().toTableFormat().headerRowCount()) for table in tables]

    def written(self, xml: str) -> str:
        """The content that Qt wrote, with what it leaves out of tables."""
        xml = _WHOLE.sub(r'\1table:align="margins"', xml)
        return _FIRST_ROW.sub(partial(_with_head, iter(self._heads)), _PART.sub(self._with_width, xml))

    def _state_widths(self, table: QTextTable, natural: list[float]) -> None:
        """Has all columns say how wide they are: Qt would write any width of those that do not, and all alike where
        none does."""
        format, kind = table.format().toTableFormat(), QTextLength.Type.PercentageLength
        stated = [each.rawValue() if each.type() == kind else 0.0 for each in format.columnWidthConstraints()]
        stated += [0.0] * (table.columns() - len(stated))
        is_free = not any(stated)
        free = max(stated.count(0.0), 1)
        left = max(100 - sum(stated), 50 * free / len(stated)) / free
        parts = natural if is_free else [each or left for each in stated]
        format.setColumnWidthConstraints([QTextLength(kind, part) for part in parts])
        table.setFormat(format)
        if is_free:
            self._as_needed.add(table.formatIndex())

    def _with_width(self, found: re.Match[str]) -> str:
        width = f'style:rel-column-width="{round(10 * float(found["part"]))}*"'
        return f"{found['before']}{width}{_AS_NEEDED if int(found['format']) in self._as_needed else ''}"


def _natural_parts(shown: QTextDocument, table: QTextTable) -> list[float]:
    """How wide columns are on a page by what is in them, in hundredths of the table."""
    layout = shown.documentLayout()
    whole = layout.frameBoundingRect(table)
    blocks = (table.cellAt(0, column).firstCursorPosition().block() for column in range(table.columns()))
    lefts = [layout.blockBoundingRect(block).left() for block in blocks]
    edges = sorted(lefts)  # in a table that runs from the right, the last column comes first
    edges.append(whole.right() + edges[0] - whole.left())
    widths = [edges[edges.index(left) + 1] - left for left in lefts]
    return [100 * width / sum(widths) for width in widths]


def _end_list_above(shown: QTextDocument, table: QTextTable) -> None:
    """Has a list end before a table that follows it; Qt would end it within the first cell."""
    # Not the document that a table names: in PySide 6.11 it ends with the Python object of the table.
    above = shown.findBlock(table.firstPosition() - 1)
    if above.isValid() and above.textList() is not None:
        cursor = QTextCursor(above)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        cursor.insertText(LIST_ENDS)


def _with_head(heads: Iterator[bool], found: re.Match[str]) -> str:
    """A table up to its first row, which stands on each of its pages if it is the head."""
    is_head = next(heads)
    return f"{found[1]}<table:table-header-rows>{found[2]}</table:table-header-rows>" if is_head else found[0]
