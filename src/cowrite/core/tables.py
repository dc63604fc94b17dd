"""What keys and commands do to the tables of a draft; which lines are a table is in `core.table`.

Runs on the document's thread. What is deleted leaves a table whole: only a command takes rows and columns out of it, or
deleting all of it. Positions are UTF-16 units. A table has a line above it and one below, for the caret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cowrite.core.document import Document
from cowrite.core.line import LineHere, line_at
from cowrite.core.origin import Origin
from cowrite.core.richtext import (
    COLUMN,
    DELETION,
    TABLE,
    Attributes,
    Line,
    Span,
    joined,
    of_break,
    spans_of,
    utf16_length,
)
from cowrite.core.step_marks import StepMarks
from cowrite.core.table import may_be, new_row_id, row_id, row_of, standing, widths_of

_NO_WIDTHS: Mapping[int, int] = {}


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
    table, other = table_at(document, start), table_at(document, stop)
    if table is None or other is None or table.start != other.start:
        return []
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
    table, other = table_at(document, start), table_at(document, stop)
    return table.widths[min(table.column, other.column) :] if table is not None and other is not None else []


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
        _delete(document, [(at, 1)])
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
        _delete(document, [(at, 1)])
        return at
    return at + 1


# Commands


def insert_table(document: Document, start: int, stop: int, rows: int, columns: int) -> int:
    """Puts an empty table in the place of a range; below the table where the range lies in one.

    Returns:
        Where the caret goes: its first cell.
    """
    return put_rows(document, start, stop, [[Line(())] * columns for _ in range(rows)])


def put_rows(document: Document, start: int, stop: int, rows: Sequence[Sequence[Line]]) -> int:
    """Puts a table of new rows on lines of its own in the place of a range; below the table where that lies in one.

    Returns:
        Where its first cell is.
    """
    place = place_for(document, start, stop)
    with document.edit(Origin.LOCAL) as edit:
        edit.delete_all(deletable(document, start, stop))
        at = below_table(document, place)
        line = line_at(document, at)
        if line.start < at == line.end and at + 1 < document.length:
            at += 1
            line = line_at(document, at)
        needs_line = at == line.start and (at == 0 or in_table(document, at - 1))
        if at > line.start or needs_line:
            edit.insert(at, "\n", line.attributes if at > line.start else {})
            at += 1
        edit.insert_spans(at, spans_of(cell for row in rows for cell in row_of([[each] for each in row])))
    return edit.place(at)


def insert_row(document: Document, at: int, *, below: bool) -> int:
    """Puts an empty row above or below that of a position, as long as that one.

    Returns:
        Where the caret goes: into the new row, to the same column. `at` where the table has all the rows that one may
        have.
    """
    table = table_at(document, at)
    if table is None or not may_be(table.columns, len(table.rows) + 1):
        return at
    row = table.rows[table.row]
    first = row[-1].end + 1 if below else row[0].start
    id = new_row_id()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_spans(first, spans_of(Line((), _like(cell, id)) for cell in row))
    return edit.place(first + table.column)


def insert_column(document: Document, at: int, *, behind: bool) -> int:
    """Puts an empty column before or behind that of a position; a row that is shorter stays so, and one that is
    suggested to go.

    Returns:
        Where the caret goes: into the new column, to the same row. `at` where the table has all the columns that one
        may have.
    """
    table = table_at(document, at)
    if table is None or not may_be(table.columns + 1, len(table.rows)):
        return at
    caret = at
    with document.edit(Origin.LOCAL) as edit:
        for number, row in reversed(list(enumerate(table.rows))):
            if table.column >= len(row) or all(DELETION in document.rope.attributes_at(cell.end) for cell in row):
                continue
            cell = row[table.column]
            first = cell.end + 1 if behind else cell.start
            edit.insert(first, "\n", _like(cell, row_id(cell.attributes)))
            if number == table.row:
                caret = first
            elif number < table.row:
                caret += 1
    return edit.place(caret)


def delete_rows(document: Document, start: int, stop: int) -> int:
    """Takes out the rows of one table that a range touches, nothing where its ends are not in one; returns where the
    caret goes."""
    table, last = table_at(document, start), table_at(document, stop)
    if table is None or last is None or table.start != last.start:
        return start
    rows = range(table.row, last.row + 1)
    return _take_out(document, table, [table.rows[number] for number in rows], _to_hand_over(table, rows))


def set_widths(document: Document, at: int, widths: Mapping[int, int | None]) -> None:
    """Makes columns of the table in which a position lies so wide, for everybody.

    Args:
        document: the draft.
        at: the position.
        widths: how wide columns are made, in thousandths of the table, by their numbers; None leaves it to what is in
            them.
    """
    table = table_at(document, at)
    if table is None:
        return
    with document.edit(Origin.LOCAL) as edit:
        for column, width in widths.items():
            cells = [row[column] for row in table.rows if column < len(row)]
            first = cells[:1] if width is not None else []
            for cell in first or [each for each in cells if COLUMN in each.attributes]:
                if cell.attributes.get(COLUMN) != width:
                    edit.format_lines(cell.end, 0, {COLUMN: width})


def _to_hand_over(table: TableHere, rows: range) -> dict[int, int]:
    """How wide columns are made by cells of rows that go, by where the cells end that say so from then on."""
    left = [row for number, row in enumerate(table.rows) if number not in rows]
    after = widths_of([cell.attributes for cell in row] for row in left)
    heirs = {column: cell.end for row in reversed(left) for column, cell in enumerate(row)}
    both = zip(table.widths, after, strict=False)
    return {heirs[column]: was for column, (was, now) in enumerate(both) if was is not None and was != now}


def delete_columns(document: Document, start: int, stop: int) -> int:
    """Takes out the columns of one table from that of a position to that of another, nothing where these are not in
    one; returns where the caret goes."""
    table, last = table_at(document, start), table_at(document, stop)
    if table is None or last is None or table.start != last.start:
        return start
    left, right = sorted((table.column, last.column))
    return _take_out(document, table, [row[left : right + 1] for row in table.rows])


def delete_table(document: Document, at: int) -> int:
    """Takes out the table in which a position lies; returns where the caret goes."""
    table = table_at(document, at)
    return at if table is None else _take_out(document, table, table.rows)


def _take_out(
    document: Document, table: TableHere, parts: Sequence[Sequence[LineHere]], widths: Mapping[int, int] = _NO_WIDTHS
) -> int:
    """Takes cells that follow each other out of rows; the caret goes to what is at the place of the first of them, in
    the table where anything of it is left, and behind them where they are only suggested to go.

    Args:
        document: the draft.
        table: it.
        parts: the cells of each row.
        widths: how wide columns are made by cells that stay, by where these end.
    """
    stretches = [(cells[0].start, cells[-1].end + 1 - cells[0].start) for cells in parts if cells]
    if document.suggester is not None:
        return _delete(document, stretches, stretches[0][0])
    gone = [span for at, units in stretches for span in document.spans(at, at + units)]
    with document.undo_step() as marks:
        if widths:
            with document.edit(Origin.LOCAL) as edit:
                for end, width in widths.items():
                    edit.format_lines(end, 0, {COLUMN: width})
        at = _delete(document, stretches, stretches[0][0])
        marks.append(StepMarks(None, tuple(gone)))
    is_at_end = at > table.start and not in_table(document, at) and in_table(document, at - 1)
    return at - 1 if is_at_end else at


def _delete(document: Document, stretches: Sequence[tuple[int, int]], caret: int = 0) -> int:
    with document.edit(Origin.LOCAL) as edit:
        edit.delete_all(stretches)
    return edit.place(caret, behind=True)


def _like(cell: LineHere, row: str) -> Attributes:
    """The block attributes of an empty cell beside another one."""
    return {**standing(cell.attributes), TABLE: row}


def _cells_above(document: Document, cell: LineHere) -> Iterator[LineHere]:
    while cell.start > 0 and row_id((cell := line_at(document, cell.start - 1)).attributes):
        yield cell


def _cells_below(document: Document, cell: LineHere) -> Iterator[LineHere]:
    while cell.end + 1 <= document.length and row_id((cell := line_at(document, cell.end + 1)).attributes):
        yield cell
