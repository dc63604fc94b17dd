"""Moving lines up and down: paragraphs, items, and rows of a table.

Runs on the document's thread; positions are UTF-16 units.
"""

from __future__ import annotations

from typing import NamedTuple

from cowrite.core.document.assists import marked
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.writing.line import LineHere, depth, line_at, list_kind, stated_number
from cowrite.core.writing.tables import TableHere, in_table, table_at


class Block(NamedTuple):
    """Lines that move, or past which others move.

    Attributes:
        start: where the first of them begins.
        stop: where the line below the last of them begins.
    """

    start: int
    stop: int


class Move(NamedTuple):
    """What a move would exchange.

    Attributes:
        lines: what moves.
        past: what it moves past.
    """

    lines: Block
    past: Block

    @property
    def place(self) -> int:
        """Where the lines begin after the move."""
        is_up = self.past.start < self.lines.start
        return self.past.start if is_up else self.lines.start + self.past.stop - self.past.start


def possible(document: Document, start: int, stop: int, *, up: bool) -> Move | None:
    """The move of the lines that a range touches by one line up or down: past a table as a whole, and of cells by one
    row within their table.

    Returns:
        None where there is nothing to move past, where the range reaches into a table or out of it, and where a table
        would be left without a line above it or between it and another one.
    """
    if stop > start and line_at(document, stop).start == stop:
        stop -= 1  # who selects whole lines does not mean the next one
    table, last = table_at(document, start), table_at(document, stop)
    if table is not None and last is not None and table.start == last.start:
        return _past_row(table, last.row, up=up)
    if table is not None or last is not None:
        return None
    lines = Block(line_at(document, start).start, line_at(document, stop).end + 1)
    above = _block(document, lines.start - 1) if lines.start > 0 else None
    below = _block(document, lines.stop) if lines.stop < document.length else None
    past = above if up else below
    is_edge = below is not None and in_table(document, below.start)
    if past is None or (is_edge and (above is None or in_table(document, above.start))):
        return None
    return Move(lines, past)


def move(document: Document, wanted: Move) -> int:
    """Makes a move; returns where the lines begin then.

    A number that the first line of a list states stays at the list's first place.
    """
    lines, past = wanted
    first, second = sorted(wanted)
    with document.edit(Origin.LOCAL) as edit:
        if document.length < second.stop:  # the last line is open
            edit.insert(document.length, "\n")
        spans = marked(document.spans(*lines))
        number = _number(line_at(document, first.start), line_at(document, second.start))
        edit.delete(lines.start, lines.stop - lines.start)
        edit.insert_spans(wanted.place, spans)
        if number is not None:
            edit.format_lines(first.start + second.stop - second.start, 0, {"start": None})
            edit.format_lines(first.start, 0, {"start": number})
    return edit.place(wanted.place, behind=lines.start < past.start)


def _past_row(table: TableHere, last: int, *, up: bool) -> Move | None:
    rows = [Block(row[0].start, row[-1].end + 1) for row in table.rows]
    beside = table.row - 1 if up else last + 1
    if not 0 <= beside < len(rows):
        return None
    return Move(Block(rows[table.row].start, rows[last].stop), rows[beside])


def _block(document: Document, at: int) -> Block:
    """The line that a position lies in, or the table of which it is a cell."""
    table, line = table_at(document, at), line_at(document, at)
    return Block(line.start, line.end + 1) if table is None else Block(table.start, table.stop)


def _number(first: LineHere, second: LineHere) -> int | None:
    """The number that the first of two items of one list states; None where there is none."""
    is_one = list_kind(second.attributes) == "ordered" and depth(first.attributes) == depth(second.attributes)
    return stated_number(first.attributes) if is_one and stated_number(second.attributes) is None else None
