"""Tables of HTML: whether one is a table or only lays out a page, and its rows of cells.

Newsletters, mails and older pages are tables in tables; their text comes in as lines. A table is one of data where it
says so: by its lines, by heads of rows or columns, by a list of its columns. Where nothing says so, it is one if there
are several cells in a row in which something stands, in two rows if it states measures, and few lines in each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cowrite.convert.cells import in_bold, in_plain_words
from cowrite.convert.normal import is_divider
from cowrite.core.text.richtext import Line
from cowrite.core.text.table import MOST_CELLS, MOST_COLUMNS, WHOLE, row_id, row_of, standing, with_widths, within_cell

MOST_LINES_IN_A_CELL = 4
"""A table with longer cells lays out a page, unless it says that it is none."""

MOST_LINES_IN_ANY_CELL = 100
"""So does what says so."""

_SPAN = re.compile(r"\s*([0-9]{1,5})", re.ASCII)
_LINE_STYLES = re.compile(r"\b(?:solid|dotted|dashed|double|groove|ridge|inset|outset)\b", re.IGNORECASE)
_PART = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]{1,4})?)%\s*", re.ASCII)
_WIDTH = re.compile(r"\s*([0-9.]+)")
_MEASURES = frozenset("align bgcolor border cellpadding cellspacing height width".split())
_SIDES = ("border-top", "border-right", "border-bottom", "border-left")


@dataclass(slots=True)
class Cell:
    """A cell as it is read.

    Attributes:
        lines: what stands in it.
        block: how it is aligned, and in which direction one reads.
        columns: how many columns it covers.
        rows: how many rows it covers; 0 for all that follow.
        is_head: whether it names its column or row.
        is_drawn: whether there is a line around it.
    """

    lines: list[Line] = field(default_factory=list)
    block: Mapping[str, Any] = field(default_factory=dict)
    columns: int = 1
    rows: int = 1
    is_head: bool = False
    is_drawn: bool = False

    @property
    def says_something(self) -> bool:
        """Whether anything is in it."""
        return any(span.embed is not None or span.text.strip() for line in self.lines for span in line.spans)

    def is_page(self, most: int) -> bool:
        """Whether what is in it is more than so many lines."""
        return len(self.lines) > most

    @property
    def is_part_of_page(self) -> bool:
        """Whether what is in it is more than words: headings, lists, code, another table."""
        names = ("list", "header", "code-block")
        return any(
            row_id(line.attributes) or is_divider(line) or any(name in line.attributes for name in names)
            for line in self.lines
        )


@dataclass(slots=True)
class HtmlTable:
    """A table as it is read.

    Attributes:
        rows: its cells.
        only_lays_out: it says that it is no table.
        is_drawn: there are lines around its cells, as it says.
        states_columns: it has a list of its columns.
        widths: how wide its columns are, as far as they are stated as parts of it, in thousandths.
        is_set: it says how it is set, as those do that lay out a page.
    """

    rows: list[list[Cell]] = field(default_factory=list)
    only_lays_out: bool = False
    is_drawn: bool = False
    states_columns: bool = False
    widths: list[int | None] = field(default_factory=list)
    is_set: bool = False

    @property
    def is_layout(self) -> bool:
        """Whether its cells are parts of a page, which follow each other as lines."""
        cells = [cell for row in self.rows for cell in row]
        if self.only_lays_out or not cells or any(cell.is_page(MOST_LINES_IN_ANY_CELL) for cell in cells):
            return True
        has_parts = any(cell.is_part_of_page for cell in cells)
        if len(cells) == 1:
            return has_parts or not self.is_drawn
        if self.is_drawn or 2 * sum(cell.is_drawn for cell in cells) >= len(cells):
            return False
        in_rows = [sum(cell.says_something for cell in row) for row in self.rows]
        if max(in_rows) < 2:
            return True
        holds_table = any(row_id(line.attributes) for cell in cells for line in cell.lines)
        if self.states_columns or any(cell.is_head for cell in cells):
            return holds_table
        if has_parts or any(cell.is_page(MOST_LINES_IN_A_CELL) for cell in cells):
            return True
        return sum(number > 1 for number in in_rows) <= self.is_set

    @property
    def merges_cells(self) -> bool:
        """Whether a cell covers several places."""
        last = len(self.rows) - 1
        places = ((at, cell) for at, row in enumerate(self.rows) for cell in row)
        return any(cell.columns > 1 or (cell.rows != 1 and at < last) for at, cell in places)

    def lines(self) -> Iterator[Line]:
        """What stands in it, cell after cell."""
        return (line for row in self.rows for cell in row for line in cell.lines)

    def cells(self) -> Iterator[Sequence[Line]]:
        """Its rows, in which a cell that covers several places is at the first of them, and the others are empty."""
        names_columns = all(cell.is_head for row in self.rows[:1] for cell in row)
        below: dict[int, int] = {}  # how many of the rows that come are covered, by columns
        spare = MOST_CELLS  # of empty places
        for number, row in enumerate(self.rows):
            covered, below = below, {column: rows - 1 for column, rows in below.items() if rows > 1}
            rows_left = len(self.rows) - number - 1
            places: list[Sequence[Line]] = []
            for cell in (*row, None):
                while len(places) in covered and spare:
                    places.append(())
                    spare -= 1
                if cell is None:
                    break
                rows = rows_left if cell.rows == 0 else min(cell.rows - 1, rows_left)
                empty = min(cell.columns - 1, max(0, MOST_COLUMNS - len(places) - 1), spare)
                if rows > 0:
                    stop = min(len(places) + 1 + empty, MOST_COLUMNS)
                    below |= dict.fromkeys(range(len(places), stop), rows)
                places += (_content(cell, is_in_head=number == 0 and names_columns), *[()] * empty)
                spare -= empty
            if row:
                cells = row_of(places)
                yield cells if number else with_widths(cells, self.widths)


def _content(cell: Cell, *, is_in_head: bool) -> Sequence[Line]:
    """What stands in a cell, in which another table is lines with tabs; in bold where it names its column, which pages
    show in other ways, too."""
    lines: Sequence[Line] = in_plain_words(cell.lines)
    if is_in_head:
        lines = [in_bold(line) for line in lines]
    if any(row_id(line.attributes) for line in lines):
        lines = [Line(tuple(within_cell(lines)))]
    block = standing(cell.block)
    return [Line(lines[0].spans, {**block, **lines[0].attributes}), *lines[1:]] if lines else [Line((), block)]


def width_of(style: Mapping[str, str]) -> int | None:
    """How wide a column is that says by its look which part of the table it has, in thousandths; None for one that
    does not, or in other measures: these are what a program makes of it, and no wish of a person."""
    found = _PART.fullmatch(style.get("width", ""))
    return min(round(float(found[1]) * WHOLE / 100), WHOLE) or None if found else None


def span_of(stated: str, default: int = 1) -> int:
    """How many columns or rows a cell covers that states so many."""
    found = _SPAN.match(stated)
    return int(found[1]) if found else default


def table_of(attributes: Mapping[str, str], style: Mapping[str, str]) -> HtmlTable:
    """A table, from its tag and what says how it looks."""
    border = span_of(attributes.get("border", ""), 1 if "border" in attributes else 0)
    return HtmlTable(
        only_lays_out=attributes.get("role", "").lower() in ("presentation", "none"),
        is_drawn=border > 0 or has_border(style),
        is_set=not _MEASURES.isdisjoint(attributes),
    )


def has_border(style: Mapping[str, str]) -> bool:
    """Whether there is a line around an element, on three of its sides at least."""
    stated = style.get("border") or style.get("border-style")
    return _is_line(stated) if stated else sum(_is_line(style.get(side, "")) for side in _SIDES) > 2


def _is_line(stated: str) -> bool:
    width = _WIDTH.match(stated)
    return bool(_LINE_STYLES.search(stated)) and not (width and not width[1].strip("0."))
