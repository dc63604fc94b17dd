"""What comes into the tables of a draft from elsewhere, and tables that come into its text.

Runs on the document's thread; positions are UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Sequence

from cowrite.core.document.document import Document
from cowrite.core.document.edit import Edit
from cowrite.core.text.richtext import ADDED, TABLE, Line, joined, spans_of, without
from cowrite.core.text.table import Table, limit_passed, new_row_id, row_id, row_of, with_tables, within_cell
from cowrite.core.writing.line import LineHere
from cowrite.core.writing.tables import below_table, in_table, table_at

MOST_LINES = 1_000
"""More that come in at once are no part of a cell: Qt lays them out again at each key in the table."""


def set_apart(document: Document, target: LineHere, incoming: list[Line]) -> list[Line]:
    """Lines as they come in at a line that is no cell: tables in them are of new rows, and have a line above and
    below."""
    if not any(row_id(line.attributes) for line in incoming):
        return incoming
    result = of_new_rows(incoming)
    needs_line = not target.is_empty or target.start == 0 or in_table(document, target.start - 1)
    above = [Line(())] if row_id(result[0].attributes) and needs_line else []
    below = [Line(())] if row_id(result[-1].attributes) else []
    return [*above, *result, *below]


def limit_passed_with(document: Document, at: int, incoming: Sequence[Line]) -> str:
    """Why lines do not come into the cells from that at a position on, see `put_into_cells`: with them the table would
    be too large. In words that end a sentence; empty where they do, and where there is no table."""
    table, rows = table_at(document, at), _rows_of(incoming)
    if table is None:
        return ""
    if not rows:
        return f"a cell takes at most {MOST_LINES:,} lines at once" if len(incoming) > MOST_LINES else ""
    now = table.columns, len(table.rows)
    with_them = max(now[0], table.column + max(map(len, rows))), max(now[1], table.row + len(rows))
    return limit_passed(*with_them) if with_them != now else ""


def put_below(edit: Edit, document: Document, at: int, incoming: Sequence[Line]) -> int:
    """Puts lines below the table at a position, cells of new rows as a table of their own.

    Returns:
        The position behind what is in the last of them.
    """
    below = below_table(document, at)
    edit.insert(below, "\n")
    return edit.insert_spans(below + 1, spans_of(incoming)) - 1


def put_into_cells(edit: Edit, document: Document, at: int, incoming: Sequence[Line]) -> int:
    """Puts lines into the cell at a position, or a table that is all of them over the cells from that one on; rows and
    cells that it lacks for that are added.

    Returns:
        The position behind what has come in.
    """
    table, rows = table_at(document, at), _rows_of(incoming)
    if table is None or not rows:
        return edit.insert_spans(at, within_cell(incoming))
    if len(rows) == len(rows[0]) == 1:
        return edit.insert_spans(at, rows[0][0].spans)
    behind = 0
    for number, cells in reversed(list(enumerate(rows, table.row))):  # so that those above stay where they are
        if number < len(table.rows):
            end, units = _put_into_row(edit, table.rows[number], table.column, cells)
        else:
            new = row_of([*([[]] * table.column), *([cell] for cell in cells)])
            end = edit.insert_spans(table.stop, spans_of(new)) - 1
            units = end + 1 - table.stop
        behind = behind + units if behind else end
    return behind


def _rows_of(incoming: Sequence[Line]) -> tuple[tuple[Line, ...], ...]:
    """The rows of a table that lines are; none where they are anything else."""
    parts = list(with_tables(incoming))
    return parts[0].rows if len(parts) == 1 and isinstance(parts[0], Table) else ()


def of_new_rows(incoming: Sequence[Line]) -> list[Line]:
    """Lines in their order, those that are cells in rows that are like none there."""
    rows: dict[str, str] = {}
    result: list[Line] = []
    for line in incoming:
        row = row_id(line.attributes)
        own = rows.setdefault(row, new_row_id()) if row else ""
        block = without(line.attributes, ADDED)
        result.append(Line(line.spans, {**block, TABLE: own}) if row else line)
    return result


def _put_into_row(edit: Edit, row: Sequence[LineHere], column: int, cells: Sequence[Line]) -> tuple[int, int]:
    """Puts cells in the place of those of a row from a column on, and behind it those that it has no place for.

    Returns:
        Where the last of them ends, and by how many units the row has grown.
    """
    there = row[column : column + len(cells)]
    lacking = [Line(())] * (column - len(row)) + list(cells[len(there) :])
    end, grown = row[-1].end, 0
    if lacking:
        id, start = row_id(row[-1].attributes), row[-1].end + 1
        stop = edit.insert_spans(start, spans_of(Line(cell.spans, {TABLE: id}) for cell in lacking))
        end, grown = stop - 1, stop - start
    elif there:
        end = there[-1].end
    for old, new in reversed(list(zip(there, cells, strict=False))):
        edit.delete(old.start, old.end - old.start)
        units = edit.insert_spans(old.start, joined(new.spans)) - old.end
        end, grown = end + units, grown + units
    return end, grown
