"""Collects the lines of an HTML document: collapses blanks as CSS does, and puts the cells of tables together.

White space: https://www.w3.org/TR/css-text-3/#white-space-processing, of which `normal`, `pre-line` and `pre` are
told apart; where a browser would wrap does not matter here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

from cowrite.convert.cell_lines import add_table
from cowrite.convert.html.tables import Cell, HtmlTable
from cowrite.core.text.richtext import SOFT_BREAK, Line, Span, joined
from cowrite.core.text.table import MOST_COLUMNS

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BLANKS_IN_LINE = re.compile(r"[ \t\r\f]+")


class White(Enum):
    """What becomes of white space."""

    COLLAPSE = "collapse"
    LINES = "lines"
    """Line breaks are kept, other blanks collapse (`pre-line`)."""
    KEEP = "keep"
    """Everything is kept (`pre`, `pre-wrap`)."""
    SPACES = "spaces"
    """Everything is kept, and no-break spaces are plain ones: so applications carry several blanks in a row."""


Block = Mapping[str, Any]


class Lines:
    """The lines so far, and the one that is being filled.

    Args:
        claim: called when a line gets its first content; returns the line's block attributes.
        change: is told what comes in otherwise than it was, by a name.
    """

    def __init__(self, claim: Callable[[], Block], change: Callable[[str], None]) -> None:
        self._claim = claim
        self._change = change
        self._sinks: list[list[Line]] = [[]]
        self._tables: list[HtmlTable] = []
        self._cells: list[Cell] = []
        self._spans: list[Span] = []
        self._block: Block = {}
        self._ends_blank = True

    def finished(self) -> list[Line]:
        """All lines, which are let go of. Tables and cells must be closed."""
        self.end_block()
        finished, self._sinks[0] = self._sinks[0], []
        return finished

    def forget(self) -> None:
        """Drops everything that was collected; tables and cells stay open."""
        for sink in self._sinks:
            sink.clear()
        for table in self._tables:
            del table.rows[:-1]
            for row in table.rows:
                row.clear()
        self._spans, self._ends_blank = [], True

    def text(self, text: str, attributes: Mapping[str, Any], white: White) -> None:
        """Adds text to the current line; line breaks in it count where white space is kept."""
        if white is White.COLLAPSE:
            self._collapsed(_BLANKS.sub(" ", text), attributes)
        elif white is White.SPACES:
            self._kept(text.replace("\u00a0", " ").replace("\n", " "), attributes)
        else:
            for number, part in enumerate(text.replace("\r\n", "\n").split("\n")):
                if number:
                    self.line_break()
                if white is White.LINES:
                    self._collapsed(_BLANKS_IN_LINE.sub(" ", part), attributes)
                else:
                    self._kept(part, attributes)

    def embed(self, span: Span) -> None:
        """Adds an image to the current line."""
        self._begin()
        self._spans.append(span)
        self._ends_blank = False

    def line_break(self) -> None:
        """Ends the current line, even if it is empty."""
        self._begin()
        self._flush()

    def soft_break(self, attributes: Mapping[str, Any]) -> None:
        """Breaks the current line within its paragraph; where nothing is in it yet, ends it."""
        if not self._spans:
            self.line_break()
            return
        if self._ends_blank and (last := self._spans[-1]).text.endswith(" "):
            self._spans[-1] = Span(last.text[:-1], last.attributes)
        self._spans.append(Span(SOFT_BREAK, attributes))
        self._ends_blank = True  # blanks behind it are not shown, nor is it where nothing comes behind it

    def end_block(self) -> None:
        """Ends the current line, if there is anything in it."""
        if self._spans:
            self._flush()

    def line(self, line: Line) -> None:
        """Adds a whole line."""
        self.end_block()
        self._sinks[-1].append(line)

    def open_table(self, table: HtmlTable) -> None:
        """A table begins."""
        self.end_block()
        self._tables.append(table)

    def column(self, widths: Sequence[int | None] = ()) -> None:
        """The innermost table has a list of its columns, of which these are the next: see `HtmlTable.widths`."""
        table = self._tables[-1]
        table.states_columns = True
        table.widths += widths[: MOST_COLUMNS - len(table.widths)]

    def open_row(self) -> None:
        """A row of the innermost table begins."""
        self.end_block()
        self._tables[-1].rows.append([])

    def open_cell(self, cell: Cell) -> None:
        """A cell of the innermost table's last row begins; lines go there until it ends."""
        self.end_block()
        self._cells.append(cell)
        self._sinks.append(cell.lines)

    def close_cell(self) -> None:
        """The innermost cell ends."""
        self.end_block()
        self._sinks.pop()
        self._tables[-1].rows[-1].append(self._cells.pop())

    def close_table(self) -> None:
        """The innermost table ends: it becomes one of rows and cells, or lines where it only lays out a page or is too
        large."""
        self.end_block()
        table = self._tables.pop()
        if table.is_layout:
            self._sinks[-1].extend(table.lines())
        else:
            if table.merges_cells:
                self._change("merged cells")
            add_table(self._sinks[-1], list(table.cells()), self._change)

    def _begin(self) -> None:
        if not self._spans:
            self._block = self._claim()

    def _collapsed(self, text: str, attributes: Mapping[str, Any]) -> None:
        if self._ends_blank and text.startswith(" "):
            text = text[1:]
        if text:
            self._begin()
            self._spans.append(Span(text, attributes))
            self._ends_blank = text.endswith(" ")

    def _kept(self, text: str, attributes: Mapping[str, Any]) -> None:
        if text:
            self._begin()
            self._spans.append(Span(text, attributes))
            self._ends_blank = False

    def _flush(self) -> None:
        spans = self._spans
        if spans and self._ends_blank:
            spans[-1] = Span(spans[-1].text[:-1], spans[-1].attributes)
        self._spans, self._ends_blank = [], True
        if len(spans) == 1 and spans[0].text == "\u00a0":
            spans = []  # how most editors write an empty paragraph
        self._sinks[-1].append(Line(tuple(joined(spans)), self._block))
