"""The tables of a Word document (ECMA-376 part 1, 17.4) as those of cowrite, whose cells are lines: `core.text.table`.

What is in a cell becomes one line, and a table that only lays out a page is read as the page (`cell_lines`). A cell of
Word's may lie over several columns and rows; then its words are in the first of these places, and the others are empty.
A table within a cell is lines of it. A table that is larger than one may be here is a line for each row, with tabs
between the cells.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from cowrite.convert.cell_lines import BOLD, SECTION, Marks, cell_of, has_words, is_layout, tabbed
from cowrite.convert.docx.comments import EDGES, WordComments
from cowrite.convert.docx.lists import twips, value_of
from cowrite.convert.docx.names import qn
from cowrite.convert.docx.styles import WordStyles, is_on
from cowrite.convert.docx.tracked_changes import WordTracked
from cowrite.convert.file_read import Losses
from cowrite.core.text.richtext import TABLE, Attributes, Line
from cowrite.core.text.table import WHOLE, may_be, new_row_id, with_widths

_ROW, _CELL = qn("w:tr"), qn("w:tc")


class _Row(NamedTuple):
    """A row as Word has it.

    Attributes:
        parts: its cells, and where comments begin and end between them, in order.
        edges: the columns of Word's grid in which its cells begin, and the one behind its last cell.
        end: the column behind what it leaves out after its last cell.
        merged: whether one of its cells goes on from the row above.
        marks: what is suggested of it.
        of_cells: what is suggested of each cell, with what is of the row.
        is_head: whether it is repeated on each page.
    """

    parts: list[Any]
    edges: list[int]
    end: int
    merged: bool
    marks: Marks
    of_cells: list[Marks]
    is_head: bool


class WordTables:
    """The tables of one document, each of which is read once and in their order.

    Args:
        styles: of the document.
        tracked: its tracked changes.
        comments: its comments.
        read: gives the lines in a cell, all of which has these marks.
        on_page: gives a line of a cell as one of the page.
        losses: takes note of what comes in otherwise than it was.
    """

    def __init__(
        self,
        styles: WordStyles,
        tracked: WordTracked,
        comments: WordComments,
        read: Callable[[Any, Marks], list[Line]],
        on_page: Callable[[Line], Line],
        losses: Losses,
    ) -> None:
        self._styles = styles
        self._tracked = tracked
        self._comments = comments
        self._read = read
        self._on_page = on_page
        self._losses = losses

    def lines(self, table: Any, marks: Marks) -> Iterator[Line]:
        """The lines of a table (`w:tbl`) that stands on the page: cells, or what else becomes of it.

        Args:
            table: it.
            marks: of what is around it.
        """
        parts = list(self._parts(table, marks))
        rows = [part for part in parts if isinstance(part, _Row)]
        columns = sorted({column for row in rows for column in row.edges[:-1]})
        if not may_be(len(columns), len(rows)):
            self._losses.change("tables")
            for row, contents in self._contents(parts):
                yield from (contents[0] if len(contents) == 1 else [_tabbed(row, contents)])
            return
        read = list(self._contents(parts))
        tracked = any(mark != marks for row in rows for mark in (row.marks, *row.of_cells))
        if not tracked and is_layout([contents for _, contents in read]):
            self._losses.change("layouts")
            found = (line for _, contents in read for content in contents for line in content if has_words(line))
            yield from map(self._on_page, found)
        else:
            yield from self._whole(table, read, columns)

    def _whole(
        self, table: Any, read: Sequence[tuple[_Row, list[list[Line]]]], columns: Sequence[int]
    ) -> Iterator[Line]:
        """The cells of a table that is one here too.

        Args:
            table: it.
            read: its rows with the lines of their cells.
            columns: where its columns begin.
        """
        bold = self._styles.bold_parts(table.find(qn("w:tblPr")))
        widths = _widths(table, columns)
        for at, (row, contents) in enumerate(read):
            is_bold = row.is_head or (at == 0 and "firstRow" in bold) or (at == len(read) - 1 and "lastRow" in bold)
            cells = self._cells(row, contents, columns, bold=BOLD if is_bold else {}, first="firstCol" in bold)
            yield from cells if at else with_widths(list(cells), widths)

    def lines_within(self, table: Any, marks: Marks) -> Iterator[Line]:
        """The lines of a table that stands in a cell, one for each row; see `lines`."""
        for row, contents in self._contents(self._parts(table, marks)):
            if len(contents) == 1:
                yield from contents[0]
            elif contents:
                self._losses.change("nested tables")
                yield _tabbed(row, contents)

    def _parts(self, table: Any, marks: Marks) -> Iterator[_Row | Any]:
        """The rows of a table, and where comments begin and end between them."""
        return (self._row(part, marks) if part.tag == _ROW else part for part in _parts(table, _ROW))

    def _row(self, row: Any, marks: Marks) -> _Row:
        properties = row.find(qn("w:trPr"))
        marks = {**marks, **self._tracked.within(properties)}
        parts = list(_parts(row, _CELL))
        edges = [_columns(properties, "w:gridBefore", 0)]
        of_cells: list[Marks] = []
        merged = False
        for cell in (part for part in parts if part.tag == _CELL):
            own = cell.find(qn("w:tcPr"))
            of_cells.append({**marks, **self._tracked.within(own)})
            edges.append(edges[-1] + max(1, _columns(own, "w:gridSpan", 1)))
            up = own.find(qn("w:vMerge")) if own is not None else None
            merged = merged or (up is not None and up.get(qn("w:val"), "continue") == "continue")
        end = edges[-1] + _columns(properties, "w:gridAfter", 0)
        return _Row(parts, edges, end, merged, marks, of_cells, bool(is_on(properties, "w:tblHeader")))

    def _contents(self, parts: Iterable[_Row | Any]) -> Iterator[tuple[_Row, list[list[Line]]]]:
        """Each row with the lines of its cells."""
        for row in parts:
            if not isinstance(row, _Row):
                self._comments.meet(row)
                continue
            contents: list[list[Line]] = []
            for part in row.parts:
                if part.tag == _CELL:
                    contents.append(self._read(part, row.of_cells[len(contents)]))
                else:
                    self._comments.meet(part)
            if contents:
                yield row, contents

    def _cells(
        self, row: _Row, contents: Sequence[list[Line]], columns: Sequence[int], *, bold: Attributes, first: bool
    ) -> Iterator[Line]:
        """The cells of a row of a table.

        Args:
            row: it.
            contents: the lines of each of its cells.
            columns: those of Word's grid in which a cell begins.
            bold: attributes of all of its words.
            first: whether those of its first cell are bold.
        """
        id = new_row_id()
        edges = [bisect_left(columns, edge) for edge in (*row.edges, row.end)]
        yield from (Line((), {**row.marks, TABLE: id}) for _ in range(edges[0]))
        if row.merged:
            self._losses.change("merged cells")
        for at, (content, marks) in enumerate(zip(contents, row.of_cells, strict=True)):
            if any(name in line.attributes for line in content for name in SECTION):
                self._losses.change("lists in cells")
            yield cell_of(content, bold or (BOLD if first and not at else {}), {**marks, TABLE: id})
            if edges[at] + 1 < edges[at + 1]:
                self._losses.change("merged cells")
            yield from (Line((), {**marks, TABLE: id}) for _ in range(edges[at] + 1, edges[at + 1]))
        yield from (Line((), {**row.marks, TABLE: id}) for _ in range(edges[-2], edges[-1]))


def _tabbed(row: _Row, contents: Sequence[Sequence[Line]]) -> Line:
    return tabbed(contents, row.of_cells, row.marks, is_head=row.is_head)


def _widths(table: Any, columns: Sequence[int]) -> list[int | None]:
    """How wide the columns are of a table whose columns somebody has made so wide, in thousandths; none of one whose
    columns are as wide as Word finds them to be.

    Args:
        table: it.
        columns: those of Word's grid in which a cell begins.
    """
    layout = table.find(f"{qn('w:tblPr')}/{qn('w:tblLayout')}")
    grid = [twips(column.get(qn("w:w"), "")) for column in table.iterfind(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")]
    if layout is None or layout.get(qn("w:type")) != "fixed" or not columns or columns[-1] >= len(grid):
        return []
    wide = [sum(grid[first:last]) for first, last in pairwise((*columns, len(grid)))]
    return [round(WHOLE * each / sum(wide)) for each in wide] if all(wide) else []


def _parts(parent: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, and where comments begin and end between them; not those of the
    tables within it, but also those that a content control holds."""
    for each in parent.iter(name, *EDGES):
        if next(each.iterancestors(parent.tag, name)) is parent:
            yield each


def _columns(properties: Any, name: str, usual: int) -> int:
    """A number of columns among properties, which may be None."""
    stated = value_of(properties, name)
    return int(stated) if stated.isdecimal() and len(stated) < 10 else usual
