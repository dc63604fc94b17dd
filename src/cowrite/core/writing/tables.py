"""Where the tables of a draft are, what of them a range is, and what keys do to them; which lines are a table is in
`core.text.table`.

Runs on the document's thread. What is deleted leaves a table whole: only a command (`core.writing.table_commands`)
takes rows and columns out of it, or deleting all of it. Positions are UTF-16 units. A table has a line above it and one
below, for the caret.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import COLUMN, TABLE, Span, joined, of_break, utf16_length
from cowrite.core.text.table import row_id, widths_of
from cowrite.core.writing.line import LineHere, line_at


class TableHere(NamedTuple):
    """The table that a position lies in.

    Attributes:
        rows: the cells of each row, from left to right.
        row: the number of the row in which the position lies, from 0 on.
        column: the number of its cell in that row, from 0 on.
    """

    rows: tuple[tuple[LineHere, ...], ...]
    row: int
    column: int

    @property
    def columns(self) -> int:
        """Number of cells of the longest row."""
        return max(map(len, self.rows))

    @property
    def widths(self) -> list[int | None]:
        """How wide somebody has made its columns; see `widths_of`."""
        return widths_of([cell.attributes for cell in row] for row in self.rows)

    @property
    def last_column(self) -> int:
        """The number of the last column that the cell of the position has: the last one of a shorter row reaches to the
        end of the table."""
        return self.columns - 1 if self.column + 1 == len(self.rows[self.row]) else self.column

    @property
    def start(self) -> int:
        """Where its first cell begins."""
        return self.rows[0][0].start

    @property
    def stop(self) -> int:
        """Where the line below it begins."""
        return self.rows[-1][-1].end + 1


def in_table(document: Document, at: int) -> bool:
    """Whether the line at a position is a cell."""
    return bool(row_id(line_at(document, at).attributes))


def table_at(document: Document, at: int) -> TableHere | None:
    """The table that a position lies in; None where its line is no cell."""
    here = line_at(document, at)
    if not row_id(here.attributes):
        return None
    cells = [*reversed(list(_cells_above(document, here))), here, *_cells_below(document, here)]
    rows: list[list[LineHere]] = []
    row = column = 0
    for cell in cells:
        if rows and row_id(rows[-1][-1].attributes) == row_id(cell.attributes):
            rows[-1].append(cell)
        else:
            rows.append([cell])
        if cell.start == here.start:
            row, column = len(rows) - 1, len(rows[-1]) - 1
    return TableHere(tuple(map(tuple, rows)), row, column)


def table_between(document: Document, start: int, stop: int) -> tuple[TableHere, TableHere] | None:
    """The table in which both ends of a range lie, as it lies around each; None where they are not in one."""
    first, last = table_at(document, start), table_at(document, stop)
    return (first, last) if first is not None and last is not None and first.start == last.start else None


def below_table(document: Document, at: int) -> int:
    """Where the line below the table begins in which a position lies; `at` where there is none."""
    table = table_at(document, at)
    return at if table is None else table.stop


# What of a table a range is


def _block(document: Document, start: int, stop: int) -> list[list[LineHere]]:
    """The cells of one table between two of its cells, row by row; none where both ends are not in one table."""
    first, last = line_at(document, start), line_at(document, stop)
    if not row_id(first.attributes) or not row_id(last.attributes):
        return []
    if first.start == last.start:
        return [[first]]
    both = table_between(document, start, stop)
    if both is None:
        return []
    table, other = both
    left, right = min(table.column, other.column), max(table.last_column, other.last_column)
    return [list(row[left : right + 1]) for row in table.rows[table.row : other.row + 1]]


def cells_between(document: Document, start: int, stop: int) -> list[Span] | None:
    """The rich text of a range of one table: of several cells those between its ends, whole, as a table; of one cell
    what the range has of it. None where both ends are not in one table."""
    block = _block(document, start, stop)
    if not block:
        return None
    if len(block) == len(block[0]) == 1:
        return list(document.spans(start, stop))
    breaks = {cell.start: of_break(document.rope.attributes_at(cell.end)) for row in block for cell in row}
    for cell, width in zip(block[0], _widths_at(document, start, stop), strict=False):
        if width is not None:
            breaks[cell.start] = {**breaks[cell.start], COLUMN: width}
    spans = ([*document.spans(cell.start, cell.end), Span("\n", breaks[cell.start])] for row in block for cell in row)
    return joined(span for cell in spans for span in cell)


def _widths_at(document: Document, start: int, stop: int) -> list[int | None]:
    """How wide the columns between two cells of a table are made, from left to right."""
    both = table_between(document, start, stop)
    return both[0].widths[min(each.column for each in both) :] if both is not None else []


def pieces(document: Document, start: int, stop: int) -> list[tuple[int, int]]:
    """The parts that a range has: where its ends are in several cells of one table, the cells between them; itself
    anywhere else."""
    block = _block(document, start, stop)
    if not block or len(block) == len(block[0]) == 1:
        return [(start, stop)]
    return [(cell.start, cell.end) for row in block for cell in row]


def place_for(document: Document, start: int, stop: int) -> int:
    """Where stands what comes in the place of a range: of several cells in the first of these, which can lie before the
    range, as where it leads to a column further left."""
    cells = pieces(document, start, stop)
    return start if cells == [(start, stop)] else cells[0][0]


def deletable(document: Document, start: int, stop: int) -> list[tuple[int, int]]:
    """What of a range goes when it is deleted, so that each table that is not in it as a whole keeps its cells, and the
    lines above and below. Of a range from one cell to another that is what the cells between them hold.

    Returns:
        Position and units of each stretch, from left to right.
    """
    spans = list(document.spans(start, stop))
    first, last = line_at(document, start), line_at(document, stop)
    if not row_id(last.attributes) and not any(TABLE in span.attributes for span in spans):
        return [(start, stop - start)] if start < stop else []
    if (cells := pieces(document, start, stop)) != [(start, stop)]:
        return [(first, last - first) for first, last in cells if first < last]
    breaks = list(_breaks(start, spans))
    kept: list[int] = []
    if start == first.end and not row_id(first.attributes) and row_id(line_at(document, start + 1).attributes):
        kept.append(start)  # who selects out of a table selects from the end of the line above it on
    if row_id(first.attributes) and (start > first.start or _is_within(document, first)):
        for at, is_cell in breaks:
            if not is_cell:
                break
            kept.append(at)
    if row_id(last.attributes):
        for at, is_cell in reversed(breaks):
            kept.append(at)
            if not is_cell:  # that of the line above the table
                break
    return list(_between(start, stop, sorted(set(kept))))


def _breaks(at: int, spans: Sequence[Span]) -> Iterator[tuple[int, bool]]:
    """The line breaks of rich text that begins at a position, and whether each ends a cell."""
    for span in spans:
        *ended, rest = span.text.split("\n")
        for text in ended:
            at += utf16_length(text)
            yield at, bool(row_id(span.attributes))
            at += 1
        at += utf16_length(rest)


def _is_within(document: Document, cell: LineHere) -> bool:
    """Whether the line above a cell is one, too."""
    return cell.start > 0 and in_table(document, cell.start - 1)


def _between(start: int, stop: int, kept: Sequence[int]) -> Iterator[tuple[int, int]]:
    for at in (*kept, stop):
        if start < at:
            yield start, at - start
        start = at + 1


# Keys


def next_cell(document: Document, at: int, *, back: bool = False) -> LineHere | None:
    """The cell to which Tab leads from a position in a table; Shift+Tab for `back`. None for none: behind the last one,
    before the first."""
    here = line_at(document, at)
    if back:
        beside = line_at(document, here.start - 1) if here.start > 0 else here
    else:
        beside = line_at(document, here.end + 1) if here.end + 1 <= document.length else here
    return beside if beside != here and row_id(beside.attributes) else None


def press_backspace(document: Document, at: int) -> int | None:
    """What Backspace does at the start of a cell, and of the line below a table: nothing to the table; an empty line
    goes where another one is below it.

    Returns:
        Where the caret goes, or None where Backspace does something else (nothing is changed then).
    """
    line = line_at(document, at)
    if at != line.start or at == 0:
        return None
    if row_id(line.attributes):
        return at
    if not in_table(document, at - 1):
        return None
    if line.is_empty and line.end + 1 < document.length and not in_table(document, line.end + 1):
        _delete_break(document, at)
    return at - 1


def press_delete(document: Document, at: int) -> int | None:
    """What Delete does at the end of a cell, and of the line above a table: nothing to the table; an empty line goes
    where another one is above it.

    Returns:
        Where the caret goes, or None where Delete does something else (nothing is changed then).
    """
    line = line_at(document, at)
    if at != line.end:
        return None
    if row_id(line.attributes):
        return at
    if line.end + 1 >= document.length or not in_table(document, line.end + 1):
        return None
    if line.is_empty and line.start > 0 and not in_table(document, line.start - 1):
        _delete_break(document, at)
        return at
    return at + 1


def _delete_break(document: Document, at: int) -> None:
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(at, 1)


def _cells_above(document: Document, cell: LineHere) -> Iterator[LineHere]:
    while cell.start > 0 and row_id((cell := line_at(document, cell.start - 1)).attributes):
        yield cell


def _cells_below(document: Document, cell: LineHere) -> Iterator[LineHere]:
    while cell.end + 1 <= document.length and row_id((cell := line_at(document, cell.end + 1)).attributes):
        yield cell
