"""ShownTables: lines of a body that are cells, as Qt's tables.

Runs on the GUI thread. Qt has one character before each cell and one behind the last, where the body has line breaks: a
table takes the place of lines, and no position moves. Whatever is written within a cell, Qt keeps its tables as they
are; where the body gets or loses a break beside cells, a table becomes lines, these are changed, and then they are made
a table anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
)

from cowrite.bridge.page.taking_over import fragment_text, shown_text
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.document.document import Document
from cowrite.core.text.richtext import EMBED_CHARACTER, Span, lines_of, utf16_length
from cowrite.core.text.table import MOST_CELLS, Table, may_be, row_id, with_tables

Stretch = tuple[int, int]
"""From where to where something goes, in UTF-16 units."""


class ShownTables:
    """The tables of one Document's body in one QTextDocument.

    Args:
        text: the widget's document.
        document: the shared document.
        formats: how they look.
    """

    def __init__(self, text: QTextDocument, document: Document, formats: TextFormats) -> None:
        self._text = text
        self._document = document
        self._formats = formats

    def flatten(self, start: int, stop: int) -> Stretch | None:
        """Makes lines of the tables that a range touches, and of those right beside it.

        Args:
            start: position in UTF-16 units.
            stop: end of the range.

        Returns:
            From the line above the first of them to the one below the last; None where there is no table.
        """
        found = list(self._touched(start, stop))
        if not found:
            return None
        whole = found[0].firstPosition() - 1, found[-1].lastPosition() + 1
        for table in found:
            self._flatten(table)
        return whole

    def frame(self, start: int, stop: int) -> tuple[list[Stretch], int]:
        """Makes tables of all cells on the lines that a range touches, and on those beside it, where they are none yet,
        and lines of what is a table no more.

        Returns:
            For each, from the line above to the one below: these need their look. And where the last table ends that
            was looked at: of what lies between, nothing is left to be made.
        """
        if not self._formats.has_tables:
            return [], stop
        changed: list[Stretch] = []
        for shown in list(self._touched(start, stop)):
            first, last = shown.firstPosition(), shown.lastPosition()
            if not self._is_shown(first, *self._run(first)):
                self._flatten(shown)
                changed.append((first - 1, last + 1))
                start, stop = min(start, first), max(stop, last)
        at = self._line_start(start)
        at = self._line_start(at - 1) if at > 0 else at
        while (found := self._first_cell(at, stop + 1)) is not None:
            top = self._top(found)
            first = found if top is None else top
            at, table = self._run(first)
            # A table of Qt stands between two lines.
            fits = at < self._text.characterCount() and bool(table.rows) and may_be(table.columns, len(table.rows))
            if not top or not fits:  # what has come may stand behind the first cell that has
                if (lines := self.flatten(first, at - 1)) is not None:
                    changed.append(lines)
            elif not self._is_shown(top, at, table):
                self._make(top, at, table)
                changed.append((top - 1, at))
        return changed, at

    def fit(self, shown: QTextTable) -> None:
        """Has the columns of a table be as wide as what is in them now asks for, and its first row be a head or
        none."""
        first, last = shown.firstPosition(), shown.lastPosition() + 1
        end, table = self._run(first)
        if end != last or not table.rows:
            return
        format = QTextFormat(shown.format()).toTableFormat()
        format.merge(self._formats.table_format(table))
        if format != shown.format():
            shown.setFormat(format)

    def fit_at(self, start: int, stop: int) -> None:
        """Does so with the tables that a range touches."""
        for table in list(self._touched(start, stop)):
            self.fit(table)

    def all(self) -> Iterator[QTextTable]:
        """Qt's tables, in their order."""
        for frame in self._text.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                yield frame

    def _touched(self, start: int, stop: int) -> Iterator[QTextTable]:
        """Qt's tables that a range touches, or that stand right beside it."""
        for table in self.all():
            if table.firstPosition() - 1 <= stop and start <= table.lastPosition() + 1:
                yield table

    def _line_start(self, at: int) -> int:
        return self._document.rope.rfind("\n", at) + 1

    def _first_cell(self, at: int, stop: int) -> int | None:
        """Where the first cell begins of the lines that begin between two positions; None for none."""
        rope = self._document.rope
        for span in rope.spans(at):
            if "\n" in span.text and row_id(span.attributes):
                first = self._line_start(at + utf16_length(span.text[: span.text.index("\n")]))
                return first if first <= stop else None
            line = span.text.rfind("\n") + 1
            if line and at + utf16_length(span.text[:line]) > stop:
                return None
            at += utf16_length(span.text)
        return None

    def _top(self, cell: int) -> int | None:
        """Where the table of a cell begins; None where that is more cells above than a table may have."""
        rope = self._document.rope
        for _ in range(MOST_CELLS):
            if cell == 0 or not row_id(rope.attributes_at(cell - 1)):
                return cell
            cell = self._line_start(cell - 1)
        return None

    def _run(self, first: int) -> tuple[int, Table]:
        """Where the table ends of which a cell begins at a position, and what is in it from there on; nothing where
        none begins there, or it has too many cells."""
        cells: list[Span] = []
        for span in self._document.rope.spans(first):
            if "\n" in span.text and not row_id(span.attributes):
                break
            cells.append(span)
        while cells and "\n" not in cells[-1].text:  # of the line below
            del cells[-1]
        if not cells:
            return first, Table(())
        last = cells.pop()
        cells.append(Span(last.text[: last.text.rindex("\n") + 1], last.attributes))
        stop = first + sum(utf16_length(span.text) for span in cells)
        if sum(span.text.count("\n") for span in cells) > MOST_CELLS:
            return stop, Table(())
        return stop, next(part for part in with_tables(lines_of(cells)) if isinstance(part, Table))

    def _is_shown(self, first: int, last: int, table: Table) -> bool:
        """Whether Qt has just this table between two positions, and the line above is none of its cells."""
        if row_id(self._document.rope.attributes_at(first - 1)):
            return False
        cursor = QTextCursor(self._text)
        cursor.setPosition(min(first, self._text.characterCount() - 1))
        shown = cursor.currentTable()
        if not shown or not table.rows or (shown.firstPosition(), shown.lastPosition()) != (first, last - 1):
            return False
        if (shown.rows(), shown.columns()) != (len(table.rows), table.columns):
            return False
        block = cursor.block()
        for number, row in enumerate(table.rows):
            for column in range(len(row)):
                cell = shown.cellAt(block.position())
                if (cell.row(), cell.column(), cell.firstPosition()) != (number, column, block.position()):
                    return False
                block = block.next()
        return block.position() == last

    def _make(self, first: int, last: int, table: Table) -> None:
        """Puts Qt's table in the place of the lines between two positions."""
        cursor = QTextCursor(self._text)
        cursor.beginEditBlock()
        cursor.setPosition(first - 1)
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        shown = cursor.insertTable(len(table.rows), table.columns, self._formats.table_format(table))
        for number, row in enumerate(table.rows):
            for column, cell in enumerate(row):
                place = shown.cellAt(number, column).firstCursorPosition()
                for span in cell.spans:
                    format = self._formats.char_format(span.attributes, cell.attributes, span.embed)
                    place.insertText(EMBED_CHARACTER if span.embed is not None else shown_text(span), format)
            if len(row) < table.columns:
                shown.mergeCells(number, len(row) - 1, 1, table.columns - len(row) + 1)
        cursor.endEditBlock()

    def _flatten(self, table: QTextTable) -> None:
        """Puts the lines that are its cells in the place of a table of Qt."""
        first, last = table.firstPosition(), table.lastPosition()
        blocks: list[tuple[QTextBlockFormat, QTextCharFormat, list[tuple[str, QTextCharFormat]]]] = []
        block = self._text.findBlock(first - 1)
        above = block.blockFormat()
        while (block := block.next()).position() <= last + 1:
            texts = _fragments(block) if block.position() <= last else []
            blocks.append((block.blockFormat(), block.charFormat(), texts))
            if block.position() + block.length() > last + 1:
                break
        cursor = QTextCursor(self._text)
        cursor.beginEditBlock()
        cursor.setPosition(first - 1)
        cursor.setPosition(last + 1, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        cursor.setBlockFormat(above)
        for block_format, char_format, texts in blocks:
            cursor.insertBlock(block_format, char_format)
            for text, format in texts:
                cursor.insertText(text, format)
        cursor.endEditBlock()


def _fragments(block: QTextBlock) -> list[tuple[str, QTextCharFormat]]:
    """The text of a block in its formats."""
    found: list[tuple[str, QTextCharFormat]] = []
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        # No position is to move, also where half a character is still to be put right.
        found.append((fragment_text(block.document(), fragment), fragment.charFormat()))
        iterator += 1
    return found
