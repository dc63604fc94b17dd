"""The tables of an OpenDocument text (ODF 1.3 part 3, 9) as those of cowrite, whose cells are lines: `core.text.table`.

What is in a cell becomes one line, and a table that only lays out a page is read as the page (`cell_lines`). A cell may
lie over several columns and rows; then its words are in the first of these places, and the others are empty. A table
within a cell is lines of it. A table that is larger than one may be here is a line for each row, with tabs between the
cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cowrite.convert.cell_lines import BOLD, SECTION, cell_of, has_words, is_layout, tabbed
from cowrite.convert.file_read import Losses
from cowrite.convert.odt.names import name_of, number_in, odf, points, stated
from cowrite.convert.odt.styles import OdtStyles
from cowrite.core.text.richtext import TABLE, Line
from cowrite.core.text.suggested_text import suggested_part
from cowrite.core.text.table import MOST_CELLS, WHOLE, may_be, new_row_id, with_widths

MOST_REPEATED = 20_000
"""Characters and cells of all that the elements of a file stand for beyond the first time."""

_HAIR = 0.01  # of the mean, by which columns differ that nobody has made wider than others
_OF_ROWS = frozenset({"table:table-header-rows", "table:table-rows", "table:table-row-group"})
_OF_COLUMNS = frozenset({"table:table-header-columns", "table:table-columns", "table:table-column-group"})
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})


class _Row(NamedTuple):
    """A row.

    Attributes:
        cells: the lines of each cell.
        is_head: whether it is repeated on each page.
        merged: whether one of its cells lies over several columns or rows.
        marks: what is suggested of it.
    """

    cells: list[list[Line]]
    is_head: bool
    merged: bool
    marks: Mapping[str, str]


class OdtTables:
    """The tables of one document, each of which is read once and in their order.

    Args:
        styles: of the document.
        read: gives the lines in a cell.
        marks: gives what is suggested of what is read.
        on_page: gives a line of a cell as one of the page.
        losses: takes note of what comes in otherwise than it was.
    """

    def __init__(
        self,
        styles: OdtStyles,
        read: Callable[[Any], list[Line]],
        marks: Callable[[], Mapping[str, str]],
        on_page: Callable[[Line], Line],
        losses: Losses,
    ) -> None:
        self._styles = styles
        self._read = read
        self._marks = marks
        self._on_page = on_page
        self._losses = losses
        self._left = MOST_REPEATED

    def lines(self, table: Any) -> Iterator[Line]:
        """The lines of a table (`table:table`) that stands on the page: cells, or what else becomes of it."""
        rows = [row for row in self._rows(table, is_head=False) if row.cells]
        columns = max((len(row.cells) for row in rows), default=0)
        if not may_be(columns, len(rows)):
            self._losses.change("tables")
            for row in rows:
                yield from row.cells[0] if len(row.cells) == 1 else [_tabbed(row)]
            return
        if is_layout([row.cells for row in rows]):
            self._losses.change("layouts")
            yield from map(
                self._on_page, (line for row in rows for cell in row.cells for line in cell if has_words(line))
            )
            return
        if any(row.merged for row in rows):
            self._losses.change("merged cells")
        widths = self._widths(table, columns)
        for at, row in enumerate(rows):
            cells = list(self._cells(row))
            yield from cells if at else with_widths(cells, widths)

    def lines_within(self, table: Any) -> Iterator[Line]:
        """The lines of a table that stands in a cell, one for each row; see `lines`."""
        for row in self._rows(table, is_head=False):
            if len(row.cells) == 1:
                yield from row.cells[0]
            elif row.cells:
                self._losses.change("nested tables")
                yield _tabbed(row)

    def _rows(self, parent: Any, *, is_head: bool) -> Iterator[_Row]:
        for child in parent:
            name = name_of(child)
            if name in _OF_ROWS:
                yield from self._rows(child, is_head=is_head or name == "table:table-header-rows")
            elif name == "table:table-row":
                contents = list(self._contents(child))
                marks = {**self._marks(), **self._tracked(child, contents)}
                row = _Row(contents, is_head, _has_merged(child), marks)
                weight = sum(1 + _length(cell) for cell in row.cells)
                yield from [row] * self._times(child, "table:number-rows-repeated", weight)

    def _tracked(self, row: Any, cells: Sequence[Sequence[Line]]) -> Mapping[str, str]:
        """What is suggested of a row that is itself tracked: LibreOffice says of one only that it is, and of its words
        whether they come or go."""
        style = self._styles.of("table-row", stated(row, "table:style-name"))
        properties = style.find(odf("style:table-row-properties")) if style is not None else None
        if stated(properties, "loext:text-changes-only") != "false":
            return {}
        marks = [suggested_part(span.attributes) for cell in cells for line in cell for span in line.spans if span.text]
        first = marks[0] if marks else {}
        return {name: number for name, number in first.items() if all(name in each for each in marks)}

    def _contents(self, row: Any) -> Iterator[list[Line]]:
        for cell in row:
            if (name := name_of(cell)) in _CELLS:
                content = self._read(cell) if name == "table:table-cell" else []
                yield from [content] * self._times(cell, "table:number-columns-repeated", 1 + _length(content))

    def _times(self, element: Any, name: str, weight: int) -> int:
        """How many times an element stands for what is in it."""
        times = min(number_in(stated(element, name)) or 1, MOST_CELLS + 1)
        if (times - 1) * weight > self._left:
            return 1
        self._left -= (times - 1) * weight
        return times

    def _cells(self, row: _Row) -> Iterator[Line]:
        id = new_row_id()
        for cell in row.cells:
            if any(name in line.attributes for line in cell for name in SECTION):
                self._losses.change("lists in cells")
            yield cell_of(cell, BOLD if row.is_head else {}, {**row.marks, TABLE: id})

    def _widths(self, table: Any, columns: int) -> list[int | None]:
        """How wide the columns are of a table, in thousandths; none of one whose columns are all as wide, or as wide as
        what is in them asks for."""
        wide: list[float] = []
        is_free = True
        for column in _columns(table):
            style = self._styles.of("table-column", stated(column, "table:style-name"))
            properties = style.find(odf("style:table-column-properties")) if style is not None else None
            part = number_in(stated(properties, "style:rel-column-width").removesuffix("*"))
            width = float(part) if part else points(stated(properties, "style:column-width"))
            times = number_in(stated(column, "table:number-columns-repeated")) or 1
            is_free = is_free and stated(properties, "style:use-optimal-column-width") == "true"
            wide += [width] * min(times, columns + 1 - len(wide))
        if (
            is_free
            or len(wide) != columns
            or min(wide, default=0) <= 0
            or max(wide) - min(wide) < _HAIR * sum(wide) / columns
        ):
            return []
        return [round(WHOLE * each / sum(wide)) for each in wide]


def _columns(parent: Any) -> Iterator[Any]:
    for child in parent:
        name = name_of(child)
        if name in _OF_COLUMNS:
            yield from _columns(child)
        elif name == "table:table-column":
            yield child


def _has_merged(row: Any) -> bool:
    spanned = ("table:number-columns-spanned", "table:number-rows-spanned")
    return any((number_in(stated(cell, name)) or 1) > 1 for cell in row for name in spanned)


def _length(cell: Sequence[Line]) -> int:
    return sum(len(span.text) for line in cell for span in line.spans)


def _tabbed(row: _Row) -> Line:
    return tabbed(row.cells, [row.marks] * len(row.cells), row.marks, is_head=row.is_head)
