"""Sorting the rows of a table by one of its columns.

Runs on the document's thread; positions are UTF-16 units. As few rows as possible are taken out and put in elsewhere:
what somebody else types at the same moment in one that stays, stays with it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from cowrite.core.document.assists import marked
from cowrite.core.document.document import Document
from cowrite.core.marks.step_marks import StepMarks
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import ADDED, TABLE, Attributes, Line, Span, lines_of
from cowrite.core.text.suggested_text import as_suggested
from cowrite.core.text.table import Table, added_column, new_row_id, row_id, with_tables
from cowrite.core.writing.table_commands import set_widths
from cowrite.core.writing.tables import TableHere


class SortedRow(NamedTuple):
    """A row of a table that is sorted.

    Attributes:
        start: where it begins before that.
        stop: where the row below it begins before that.
        at: where it begins then.
        stays: whether it stays where it is, and others move past it.
    """

    start: int
    stop: int
    at: int
    stays: bool


def sorted_rows(
    document: Document, table: TableHere, key: Callable[[str], Any], *, descending: bool
) -> list[SortedRow]:
    """The rows of a table as they stand once it is sorted by the column of its position, from the top down.

    A first row that names the columns stays the first one, rows with nothing in the column are the last ones, and those
    that are alike stay in their order.

    Args:
        document: the draft.
        table: it.
        key: by what the words of a cell are sorted.
        descending: whether what is greatest comes first.
    """
    (whole,) = with_tables(lines_of(document.spans(table.start, table.stop)))
    assert isinstance(whole, Table)
    words = [_words(row[table.column]) if table.column < len(row) else "" for row in whole.rows]
    head = [0] if whole.has_head else []
    rows = range(len(head), len(words))
    filled = sorted((row for row in rows if words[row]), key=lambda row: key(words[row]), reverse=descending)
    order = [*head, *filled, *(row for row in rows if not words[row])]
    # Rows of one id, which two people have made by moving one, are one row where they come to stand beside each other.
    ids = [row_id(cells[0].attributes) for cells in table.rows]
    first = {row for row, id in enumerate(ids) if ids.index(id) == row}
    is_sorted = order == sorted(order)
    staying = set(order) if is_sorted else _longest_rise([row for row in order if row in first])
    found, at = list[SortedRow](), table.start
    for row in order:
        start, stop = table.rows[row][0].start, table.rows[row][-1].end + 1
        found.append(SortedRow(start, stop, at, row in staying))
        at += stop - start
    return found


def sort(document: Document, table: TableHere, rows: Sequence[SortedRow]) -> None:
    """Has the rows of a table stand as `sorted_rows` gives them; its columns stay as wide as they are."""
    moving = [row for row in rows if not row.stays]
    with document.steps.one() as marks, document.transaction(Origin.LOCAL):
        gone = {row.start: list(document.spans(row.start, row.stop)) for row in sorted(moving)}
        with document.edit(Origin.LOCAL) as edit:
            edit.delete_all([(row.start, row.stop - row.start) for row in sorted(moving)])
            for row in moving:
                edit.insert_spans(row.at, _as_new(marked(gone[row.start])))
        set_widths(document, table.start, {column: width for column, width in enumerate(table.widths) if width})
        marks.append(StepMarks(None, tuple(chain.from_iterable(gone.values()))))


def _words(cell: Line) -> str:
    """The words of a cell, without what is suggested to go."""
    return "".join(span.text for span in as_suggested(cell.spans) if span.embed is None).strip()


def _as_new(spans: Sequence[Span]) -> list[Span]:
    """A row as another one: where somebody else moves it too, there are two, and not one with all cells twice."""
    of_row = {TABLE: new_row_id()}
    return [
        replace(span, attributes={**span.attributes, **of_row, **_column(span.attributes)})
        if TABLE in span.attributes
        else span
        for span in spans
    ]


def _column(cell: Attributes) -> Attributes:
    """What a cell of a new row says of its column, where it says so."""
    column = added_column(cell)
    return {ADDED: column} if column else {}


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """As many of some numbers as possible of which each is greater than those before it."""
    ends, before = list[int](), dict[int, int]()
    for number in numbers:
        place = bisect_left(ends, number)
        if place:
            before[number] = ends[place - 1]
        ends[place : place + 1] = [number]
    rise, last = set[int](), ends[-1] if ends else None
    while last is not None:
        rise.add(last)
        last = before.get(last)
    return rise
