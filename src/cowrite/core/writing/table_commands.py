"""What commands do to the tables of a draft: rows, columns and tables come and go, and columns become wider.

Runs on the document's thread. Positions are UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cowrite.core.document.document import Document
from cowrite.core.marks.step_marks import StepMarks
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import ADDED, COLUMN, DELETION, TABLE, Attributes, Line, spans_of
from cowrite.core.text.table import (
    added_column,
    is_added,
    may_be,
    new_column,
    new_row_id,
    row_id,
    row_of,
    standing,
    widths_of,
)
from cowrite.core.writing.line import LineHere, line_at
from cowrite.core.writing.tables import TableHere, below_table, deletable, in_table, place_for, table_at, table_between

_NOTHING: Mapping[int, Attributes] = {}


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
        edit.insert_spans(first, spans_of(Line((), {**_like(cell, id), **_in_column(cell)}) for cell in row))
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
    caret, column = at, new_column()
    with document.edit(Origin.LOCAL) as edit:
        for number, row in reversed(list(enumerate(table.rows))):
            if table.column >= len(row) or all(DELETION in document.rope.attributes_at(cell.end) for cell in row):
                continue
            cell = row[table.column]
            first = cell.end + 1 if behind else cell.start
            edit.insert(first, "\n", {**_like(cell, row_id(cell.attributes)), ADDED: column})
            if number == table.row:
                caret = first
            elif number < table.row:
                caret += 1
    return edit.place(caret)


def delete_rows(document: Document, start: int, stop: int) -> int:
    """Takes out the rows of one table that a range touches, nothing where its ends are not in one; returns where the
    caret goes."""
    both = table_between(document, start, stop)
    if both is None:
        return start
    table, last = both
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


def delete_columns(document: Document, start: int, stop: int) -> int:
    """Takes out the columns of one table from that of a position to that of another, nothing where these are not in
    one; returns where the caret goes."""
    both = table_between(document, start, stop)
    if both is None:
        return start
    table, last = both
    left, right = sorted((table.column, last.column))
    rests = [[*row[:left], *row[right + 1 :]] for row in table.rows]
    # What is left of a row is no longer what has come into it.
    own = {
        rest[0].end: {ADDED: added_column(rest[0].attributes)} for rest in rests if rest and all(map(_is_added, rest))
    }
    return _take_out(document, table, [row[left : right + 1] for row in table.rows], own)


def delete_table(document: Document, at: int) -> int:
    """Takes out the table in which a position lies; returns where the caret goes."""
    table = table_at(document, at)
    return at if table is None else _take_out(document, table, table.rows)


def _to_hand_over(table: TableHere, rows: range) -> dict[int, Attributes]:
    """How wide columns are made by cells of rows that go, by where the cells end that say so from then on."""
    left = [row for number, row in enumerate(table.rows) if number not in rows]
    after = widths_of([cell.attributes for cell in row] for row in left)
    heirs = {column: cell.end for row in reversed(left) for column, cell in enumerate(row)}
    both = zip(table.widths, after, strict=False)
    return {heirs[column]: {COLUMN: was} for column, (was, now) in enumerate(both) if was is not None and was != now}


def _take_out(
    document: Document,
    table: TableHere,
    parts: Sequence[Sequence[LineHere]],
    turned: Mapping[int, Attributes] = _NOTHING,
) -> int:
    """Takes cells that follow each other out of rows; the caret goes to what is at the place of the first of them, in
    the table where anything of it is left, and behind them where they are only suggested to go.

    Args:
        document: the draft.
        table: it.
        parts: the cells of each row.
        turned: block attributes that cells get which stay, by where these end.
    """
    stretches = [(cells[0].start, cells[-1].end + 1 - cells[0].start) for cells in parts if cells]
    if document.suggester is not None:
        return _delete(document, stretches, stretches[0][0])
    gone = [span for at, units in stretches for span in document.spans(at, at + units)]
    with document.steps.one() as marks, document.transaction(Origin.LOCAL):
        if turned:
            with document.edit(Origin.LOCAL) as edit:
                for end, attributes in turned.items():
                    edit.format_lines(end, 0, attributes)
        at = _delete(document, stretches, stretches[0][0])
        marks.append(StepMarks(None, tuple(gone)))
    is_at_end = at > table.start and not in_table(document, at) and in_table(document, at - 1)
    return at - 1 if is_at_end else at


def _delete(document: Document, stretches: Sequence[tuple[int, int]], caret: int) -> int:
    with document.edit(Origin.LOCAL) as edit:
        edit.delete_all(stretches)
    return edit.place(caret, behind=True)


def _like(cell: LineHere, row: str) -> Attributes:
    """The block attributes of an empty cell beside another one."""
    return {**standing(cell.attributes), TABLE: row}


def _is_added(cell: LineHere) -> bool:
    return is_added(cell.attributes)


def _in_column(cell: LineHere) -> Attributes:
    """What a cell of a new row says of its column, where that of another row says so."""
    column = added_column(cell.attributes)
    return {ADDED: column} if column else {}
