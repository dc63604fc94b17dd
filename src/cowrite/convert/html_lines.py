"""Collects the lines of an HTML document: collapses blanks as CSS does, and makes one line of each table row.

White space: https://www.w3.org/TR/css-text-3/#white-space-processing, of which `normal`, `pre-line` and `pre` are
told apart; where a browser would wrap does not matter here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from cowrite.convert.normal import joined_with
from cowrite.core.richtext import Line, Span, joined

MOST_LINES_IN_A_CELL = 4
"""A table with longer cells lays out a page. Its cells follow one another as lines."""

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


@dataclass(slots=True)
class Row:
    """A row of a table: the lines of each of its cells."""

    cells: list[list[Line]] = field(default_factory=list)


class Lines:
    """The lines so far, and the one that is being filled.

    Args:
        claim: called when a line gets its first content; returns the line's block attributes.
    """

    def __init__(self, claim: Callable[[], Block]) -> None:
        self._claim = claim
        self._sinks: list[list[Line]] = [[]]
        self._rows: list[Row] = []
        self._spans: list[Span] = []
        self._block: Block = {}
        self._ends_blank = True

    def finished(self) -> list[Line]:
        """All lines, which are let go of. Rows and cells must be closed."""
        self.end_block()
        finished, self._sinks[0] = self._sinks[0], []
        return finished

    def forget(self) -> None:
        """Drops everything that was collected; rows and cells stay open."""
        for sink in self._sinks:
            sink.clear()
        for row in self._rows:
            row.cells.clear()
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

    def end_block(self) -> None:
        """Ends the current line, if there is anything in it."""
        if self._spans:
            self._flush()

    def line(self, line: Line) -> None:
        """Adds a whole line."""
        self.end_block()
        self._sinks[-1].append(line)

    def open_row(self) -> None:
        """A table's row begins."""
        self.end_block()
        self._rows.append(Row())

    def open_cell(self) -> None:
        """A cell of the innermost row begins; lines go there until it ends."""
        self.end_block()
        self._sinks.append([])

    def close_cell(self) -> None:
        """The innermost cell ends."""
        self.end_block()
        self._rows[-1].cells.append(self._sinks.pop())

    def close_row(self) -> None:
        """The innermost row ends: its cells become one line with tabs, or, in a table that is a layout, many."""
        self.end_block()
        cells = self._rows.pop().cells
        if is_layout(cells):
            for cell in cells:
                self._sinks[-1].extend(cell)
            return
        texts = [joined_with(" ", (line.spans for line in cell)) for cell in cells]
        self._sinks[-1].append(Line(tuple(joined_with("\t", texts)), self._claim()))

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


def is_layout(cells: Sequence[list[Line]]) -> bool:
    """Whether the cells of a row lay out a page, so that their lines follow one another: one cell is no table."""
    return len(cells) < 2 or any(_is_page(cell) for cell in cells)


def _is_page(cell: list[Line]) -> bool:
    if len(cell) > MOST_LINES_IN_A_CELL:
        return True
    return any(name in line.attributes for line in cell for name in ("list", "header", "code-block"))
