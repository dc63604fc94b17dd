"""Tables as values: which lines of rich text are cells, and which of these are a row and a table together.

A cell is one line; its break has the attribute `table`, which is the id of its row, as in Quill
(https://quilljs.com/docs/modules/table). Lines of one row that follow each other are its cells from left to right, rows
that follow each other a table. Nothing else says where a table is: whatever several people or other programs do at the
same moment, all words stay, and what is left is tables and lines again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from cowrite.core.text.direction import reads_from_right
from cowrite.core.text.richtext import ADDED, COLUMN, SOFT_BREAK, TABLE, Attributes, Line, Span, joined, joined_with
from cowrite.core.text.rope import Rope

MOST_COLUMNS = 50
"""A row with more cells is shown as lines."""

MOST_CELLS = 1_000
"""So is what would be a table of more places: to lay it out again at each key would take longer than one notices."""

WHOLE = 1_000
"""All columns of a table together are as wide."""

_EMPTY = Line(())


class Table(NamedTuple):
    """Rows of cells.

    Attributes:
        rows: the cells of each row, from left to right; each row has one at least, and they may be of several lengths.
    """

    rows: tuple[tuple[Line, ...], ...]

    @property
    def columns(self) -> int:
        """Number of cells of the longest row."""
        return max(map(len, self.rows))

    @property
    def widths(self) -> list[int | None]:
        """How wide somebody has made its columns; see `widths_of`."""
        return widths_of([cell.attributes for cell in row] for row in self.rows)

    def divided(self, natural: Sequence[float]) -> list[float]:
        """How wide its columns are: those that somebody has made so wide as that, the others as it suits them in what
        is left.

        Args:
            natural: how wide each column would be by itself; all of them are as wide as the table.
        """
        whole, widths = sum(natural), self.widths
        if not any(widths):
            return list(natural)
        others = [each for each, width in zip(natural, widths, strict=True) if width is None]
        made = sum(width for width in widths if width is not None) * whole / WHOLE
        left = max(whole - made, whole * len(others) / len(natural) / 2)
        wanted = [
            each * left / sum(others) if width is None else width * whole / WHOLE
            for each, width in zip(natural, widths, strict=True)
        ]
        return [each * whole / sum(wanted) for each in wanted]

    @property
    def whole_rows(self) -> list[tuple[Line, ...]]:
        """The rows, the shorter of them with empty cells at their end, so that all are of one length."""
        columns = self.columns
        return [(*row, *[Line(())] * (columns - len(row))) for row in self.rows]

    @property
    def begins_bold(self) -> bool:
        """Whether there are words in the first row, and all are bold."""
        spans = (span for cell in self.rows[0] for span in cell.spans)
        words = [span for span in spans if span.embed is None and span.text.strip()]
        return bool(words) and all(span.attributes.get("bold") for span in words)

    @property
    def has_head(self) -> bool:
        """Whether the first of several rows names the columns: all of its words are bold."""
        return len(self.rows) > 1 and self.begins_bold


def widest_with_room(columns: Sequence[float], room: float) -> float:
    """How wide the widest columns may be so that all have room beside each other, the others being as wide as they
    would be by themselves.

    Args:
        columns: how wide each would be, in any unit.
        room: of all of them, in the same unit.
    """
    for count, column in zip(range(len(columns), 0, -1), sorted(columns), strict=True):
        if column * count > room:
            return max(room / count, 1.0)
        room -= column
    return max(columns)


def runs_from_right(table: Table) -> bool:
    """Whether the first column of a table is read from right to left, so that others stand to the left of it."""
    return all(reads_from_right(row[0]) for row in table.rows)


def column_width(line: Attributes) -> int | None:
    """How wide the column of a cell with these block attributes is made by them, in thousandths of the table."""
    width = line.get(COLUMN)
    return width if isinstance(width, int) and not isinstance(width, bool) and 0 < width <= WHOLE else None


def widths_of(rows: Iterable[Sequence[Attributes]]) -> list[int | None]:
    """How wide somebody has made the columns of a table, in thousandths of it; None for those that nobody has. Of
    several cells of a column that say so the first one counts.

    Args:
        rows: the block attributes of its cells.
    """
    widths: list[int | None] = []
    for row in rows:
        widths += [None] * (len(row) - len(widths))
        for column, cell in enumerate(row):
            if widths[column] is None:
                widths[column] = column_width(cell)
    return widths


def row_id(line: Attributes) -> str:
    """The id of the row of which a line with these block attributes is a cell; empty for a line that is none."""
    id = line.get(TABLE)
    return id if isinstance(id, str) else ""


def added_column(line: Attributes) -> str:
    """The id of the added column of which a line with these block attributes is a cell; empty for another line."""
    column = line.get(ADDED)
    return column.lstrip("+") if isinstance(column, str) else ""


def is_added(line: Attributes) -> bool:
    """Whether a cell with these block attributes has come into a row that was there."""
    return str(line.get(ADDED, "")).startswith("+")


def is_given(line: Attributes) -> bool:
    """Whether it has come in because the row lacked it, see `core.mending.whole_tables`."""
    return str(line.get(ADDED, "")).startswith("++")


def standing(line: Mapping[str, Any]) -> Attributes:
    """Of block attributes those that say how a line is aligned and in which direction one reads."""
    return {name: line[name] for name in ("align", "direction") if name in line}


def is_closed(rope: Rope) -> bool:
    """Whether a body ends with a line break that is no cell's; see `Document.is_closed`."""
    return rope.last_character == "\n" and not row_id(rope.attributes_before(rope.units))


def new_row_id() -> str:
    """An id for a row, unlike those of the rows around it."""
    return f"row-{secrets.token_hex(4)}"


def new_column() -> str:
    """What the cells of a new column say, which come into rows that are there."""
    return f"+{secrets.token_hex(4)}"


def may_be(columns: int, rows: int) -> bool:
    """Whether so many columns and rows are shown as a table; they are lines otherwise."""
    return not limit_passed(columns, rows)


def limit_passed(columns: int, rows: int) -> str:
    """Why so many columns and rows are no table, in words that end a sentence; empty where they are one."""
    if columns > MOST_COLUMNS:
        return f"a table has at most {MOST_COLUMNS} columns"
    return f"a table has at most {MOST_CELLS:,} cells" if columns * rows > MOST_CELLS else ""


def with_tables(lines: Iterable[Line]) -> Iterator[Line | Table]:
    """Lines in their order, those that are a table together as that table."""
    rows: list[list[Line]] = []
    last = ""
    for line in lines:
        row = row_id(line.attributes)
        if rows and not row:
            yield Table(tuple(map(tuple, rows)))
            rows = []
        if not row:
            yield line
        elif rows and row == last:
            rows[-1].append(line)
        else:
            rows.append([line])
        last = row
    if rows:
        yield Table(tuple(map(tuple, rows)))


def row_of(cells: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines that are one new row of a table.

    Args:
        cells: the lines of each cell. Several become one, with soft breaks; of their block attributes it has those of
            the first that say how it is aligned and in which direction one reads.
    """
    row = new_row_id()
    firsts = (lines[0].attributes if lines else {} for lines in cells)
    return [
        Line(tuple(_with(SOFT_BREAK, lines)), {**standing(first), TABLE: row})
        for lines, first in zip(cells, firsts, strict=True)
    ]


def with_widths(row: Sequence[Line], widths: Iterable[int | None]) -> Sequence[Line]:
    """The first row of a table, whose cells say how wide its columns are made, in thousandths; None for those that are
    not."""
    widths = [*widths, *[None] * len(row)]
    return [
        cell if width is None else Line(cell.spans, {**cell.attributes, COLUMN: width})
        for cell, width in zip(row, widths, strict=False)
    ]


def add_table(lines: list[Line], rows: Iterable[Sequence[Line]]) -> None:
    """Adds the cells of a table to lines, below an empty line where they end with another table."""
    if lines and row_id(lines[-1].attributes):
        lines.append(Line(()))
    for row in rows:
        lines.extend(row)


def apart(spans: Sequence[Span]) -> list[Span]:
    """A whole document in which a line stands before and behind each table, so that a caret has a place there: where
    a table comes first or last, the document gets an empty line."""
    first = next((span for span in spans if span.embed is None and "\n" in span.text), Span(""))
    before = [Span("\n")] if row_id(first.attributes) else []
    behind = [Span("\n")] if spans and row_id(spans[-1].attributes) else []
    return joined((*before, *spans, *behind)) if before or behind else list(spans)


def without_edges(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a document without the empty ones that `apart` gives to it."""
    start, stop = 0, len(lines)
    if stop > 1 and lines[0] == _EMPTY and row_id(lines[1].attributes):
        start = 1
    if stop - start > 1 and lines[-1] == _EMPTY and row_id(lines[-2].attributes):
        stop -= 1
    return lines[start:stop]


def in_rows(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines in their order, each row of a table as one line with tabs between its cells."""
    for part in with_tables(lines):
        if isinstance(part, Table):
            yield from (Line(tuple(_with("\t", row))) for row in part.rows)
        else:
            yield part


def with_tabs(spans: Iterable[Span]) -> list[Span]:
    """The same rich text in the same length, with a tab in the place of each break between two cells of a row, so that
    a row is one line for who reads its text."""
    result = list(spans)
    last, last_row = 0, ""
    for number, span in enumerate(result):
        at = span.text.rfind("\n")
        if span.embed is not None or at < 0:
            continue
        row = row_id(span.attributes)
        if row:
            if row == last_row:
                before = result[last].text
                end = before.rfind("\n")
                result[last] = replace(result[last], text=f"{before[:end]}\t{before[end + 1 :]}")
            result[number] = replace(span, text=span.text[:at].replace("\n", "\t") + span.text[at:])
        last, last_row = number, row
    return result


def within_cell(lines: Sequence[Line]) -> list[Span]:
    """The rich text of lines as one cell holds it: with soft breaks between lines, and tabs between the cells of a row
    that are among them."""
    return _with(SOFT_BREAK, in_rows(lines))


def _with(separator: str, lines: Iterable[Line]) -> list[Span]:
    """The rich text of lines as one, with a separator between each two."""
    return joined_with(Span(separator), (line.spans for line in lines))
