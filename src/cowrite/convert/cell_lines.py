"""What is in the cells of another program's tables, as cells of cowrite: lines, each of which is one
(`core.text.table`).

What is in a cell becomes one line, with soft breaks between its paragraphs, the marks of its items as text and its
headings bold. A table that only lays out a page is read as the page: one of a single cell, as around a note, one of a
single row in which lists and headings stand side by side, and one with a page or a section in a cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from cowrite.convert.comment_pieces import kept_marks, piece_mark
from cowrite.convert.normal import is_divider
from cowrite.convert.numbering import label, numbers
from cowrite.core.text import table
from cowrite.core.text.richtext import SOFT_BREAK, Attributes, Line, Span, joined_with
from cowrite.core.text.table import may_be, standing

MOST_LINES = 4
"""Of a cell beside which others stand in a table of one row: beyond, it is a part of a page."""
LONGEST_CELL = 40
"""Lines of a cell in any table, likewise."""

SECTION = ("list", "header", "code-block")
"""Block attributes of lines that are no plain ones."""
BOLD: Attributes = {"bold": True}
_BLANKS = re.compile(f"[\t{SOFT_BREAK}]+")

Marks = Mapping[str, str]
"""What is suggested of something, by INSERTION and DELETION."""


def is_layout(rows: Sequence[Sequence[Sequence[Line]]]) -> bool:
    """Whether a table, by the lines of the cells of each row, only lays out a page."""
    cells = [[line for line in cell if has_words(line)] for row in rows for cell in row]
    if len(cells) < 2 or (len(rows) == 1 and any(_is_part(cell) for cell in cells)):
        return True
    return any(len(cell) > LONGEST_CELL or _has_section(cell) for cell in cells)


def _is_part(cell: Sequence[Line]) -> bool:
    """Whether a cell beside others is a part of a page, such as one of its columns."""
    return len(cell) > MOST_LINES or any(name in line.attributes for line in cell for name in SECTION)


def _has_section(cell: Sequence[Line]) -> bool:
    """Whether there is a heading in a cell with what it is the heading of."""
    return any("header" in head.attributes and "header" not in below.attributes for head, below in pairwise(cell))


def has_words(line: Line) -> bool:
    """Whether there is anything on a line."""
    return any(span.text for span in line.spans)


def cell_of(content: Sequence[Line], look: Attributes, block: Attributes) -> Line:
    """One line with what is in a cell.

    Args:
        content: its lines.
        look: inline attributes of its words, unless all of them have these.
        block: attributes of the line's break.
    """
    lines = [line for line in content if not is_divider(line)]
    while lines and not has_words(lines[-1]):
        lines.pop()
    while lines and not has_words(lines[0]):
        del lines[0]
    spans: list[Span] = []
    for at, (line, number) in enumerate(zip(lines, numbers(lines), strict=True)):
        if at:
            spans.append(Span(SOFT_BREAK, kept_marks(lines[at - 1].attributes)))
        spans += _shown(line, number)
    words = [span for span in spans if span.embed is None and span.text.strip()]
    if not all(look.items() <= span.attributes.items() for span in words):
        spans = [replace(span, attributes={**span.attributes, **look}) for span in spans]
    first = next(iter((*lines, *content)), Line(()))
    piece = piece_mark(content[-1].attributes) if content else {}
    return Line(tuple(spans), {**standing(first.attributes), **piece, **block})


def _shown(line: Line, number: int | None) -> Iterator[Span]:
    """The words of a line of a cell, which look like what the line is."""
    kind, depth = line.attributes.get("list"), line.attributes.get("indent", 0)
    if kind:
        marked = next((span.attributes for span in line.spans if span.text), line.attributes)
        yield Span(f"{label(kind, depth, number)} ", kept_marks(marked))
    look: Attributes = {"code": True} if "code-block" in line.attributes else {}
    look = BOLD if "header" in line.attributes else look
    for span in line.spans:
        if span.embed is None or "divider" not in span.embed:
            yield replace(span, attributes={**span.attributes, **look}) if look else span


def add_table(lines: list[Line], rows: Sequence[Sequence[Line]], change: Callable[[str], None]) -> None:
    """Adds a table to lines as `core.text.table.add_table` does; one that is too large as a line for each row.

    Args:
        lines: what stands above it.
        rows: its cells.
        change: is told that it was too large, by a name.
    """
    if may_be(max(map(len, rows), default=0), len(rows)):
        table.add_table(lines, rows)
        return
    change("tables")
    lines += (tabbed([[cell] for cell in row], [{}] * len(row), {}, is_head=False) for row in rows)


def tabbed(contents: Sequence[Sequence[Line]], of_cells: Sequence[Marks], marks: Marks, *, is_head: bool) -> Line:
    """A row as one line, with tabs between its cells.

    Args:
        contents: the lines of each cell.
        of_cells: what is suggested of each cell, with what is of the row.
        marks: what is suggested of the row.
        is_head: whether it is repeated on each page.
    """
    head: Attributes = BOLD if is_head else {}
    spans: list[Span] = []
    for at, (content, own, tab) in enumerate(zip(contents, of_cells, _marks_of_tabs(of_cells, marks), strict=True)):
        spans += [Span("\t", tab)] if at else []
        spans += (replace(span, attributes={**head, **own, **span.attributes}) for span in _words(content))
    return Line(tuple(spans), marks)


def _words(cell: Iterable[Line]) -> Iterator[Span]:
    """What a cell has to say in a line with others: nothing in it ends the line or looks like another cell."""
    lines = (line for line in cell if has_words(line) and not is_divider(line))
    for span in joined_with(Span(" "), (line.spans for line in lines)):
        if span.embed is None:
            yield replace(span, text=_BLANKS.sub(" ", span.text))
        elif "divider" not in span.embed:
            yield span


def _marks_of_tabs(cells: Sequence[Mapping[str, str]], row: Mapping[str, str]) -> list[Mapping[str, str]]:
    """The marks of the tab before each cell of a row: it comes in and goes with its cell, or with the cell before where
    all before are tracked, for no tab is to lead the row then.

    Args:
        cells: the marks of each.
        row: those of the row.
    """
    first = next((at for at, marks in enumerate(cells) if marks == row), len(cells))
    return [cells[at if at > first else at - 1] for at in range(len(cells))]
