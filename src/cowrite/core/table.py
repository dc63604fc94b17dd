"""Tables as values: which lines of rich text are cells, and which of these are a row and a table together.

A cell is one line; its break has the attribute `table`, which is the id of its row, as in Quill
(https://quilljs.com/docs/modules/table). Lines of one row that follow each other are its cells from left to right, rows
that follow each other a table. Nothing else says where a table is: whatever several people or other programs do at the
same moment, all words stay, and what is left is a table again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cowrite.core.richtext import NO_ATTRIBUTES, SOFT_BREAK, TABLE, Attributes, Line, Span, joined

MOST_COLUMNS = 50
"""A row with more cells is shown as lines."""

MOST_CELLS = 20_000
"""So is what would be a table of more places."""


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
    def whole_rows(self) -> list[tuple[Line, ...]]:
        """The rows, the shorter of them with empty cells at their end, so that all are of one length."""
        columns = self.columns
        return [(*row, *[Line(())] * (columns - len(row))) for row in self.rows]

    @property
    def has_head(self) -> bool:
        """Whether the first of several rows names the columns: all of its words are bold."""
        words = [span for cell in self.rows[0] for span in cell.spans if span.text.strip()]
        return len(self.rows) > 1 and bool(words) and all(span.attributes.get("bold") for span in words)


def row_id(line: Attributes) -> str:
    """The id of the row of which a line with these block attributes is a cell; empty for a line that is none."""
    id = line.get(TABLE)
    return id if isinstance(id, str) else ""


def new_row_id() -> str:
    """An id for a row, unlike those of the rows around it."""
    return f"row-{secrets.token_hex(4)}"


def may_be(columns: int, rows: int) -> bool:
    """Whether so many columns and rows are shown as a table; they are lines otherwise."""
    return columns <= MOST_COLUMNS and columns * rows <= MOST_CELLS


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
    return [Line(tuple(_with(SOFT_BREAK, lines)), {**_standing(lines), TABLE: row}) for lines in cells]


def within_cell(lines: Sequence[Line]) -> list[Span]:
    """The rich text of lines as one cell holds it: with soft breaks between lines, and tabs between the cells of a row
    that are among them."""
    rows: list[list[Span]] = []
    for part in with_tables(lines):
        rows += (_with("\t", row) for row in part.rows) if isinstance(part, Table) else (list(part.spans),)
    return _with(SOFT_BREAK, [Line(tuple(row)) for row in rows])


def _with(separator: str, lines: Sequence[Line]) -> list[Span]:
    """The rich text of lines as one, with a separator between each two."""
    spans: list[Span] = []
    for number, line in enumerate(lines):
        spans += (*([Span(separator)] if number else []), *line.spans)
    return joined(spans)


def _standing(lines: Sequence[Line]) -> Attributes:
    if not lines:
        return NO_ATTRIBUTES
    return {name: lines[0].attributes[name] for name in ("align", "direction") if name in lines[0].attributes}
