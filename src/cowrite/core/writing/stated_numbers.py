"""Numbers that items of lists state (`start`): which list a number goes on with, and who has it when its item goes.

Runs on the document's thread; positions are UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cowrite.core.document.document import Document
from cowrite.core.document.edit import Edit
from cowrite.core.text.richtext import Attributes, utf16_length
from cowrite.core.writing.line import LineHere, are_whole_lines, depth, line_at, list_kind, stated_number

NEAR = 50  # lines above one in which a list may go on


def goes_on(document: Document, start: int, number: int) -> bool:
    """Whether a number is the next one of a list: of the last numbered item near above, as deep as the line is.

    Args:
        document: the draft.
        start: where the line begins.
        number: it.
    """
    deep = depth(line_at(document, start).attributes)
    for _ in range(NEAR):
        if start == 0:
            return False
        above = line_at(document, start - 1)
        if _is_item(above, deep):
            return _has_number(document, above, deep, number - 1)
        start = above.start
    return False


@contextmanager
def handing_over(document: Document, edit: Edit, start: int, stop: int) -> Iterator[None]:
    """For a change of the lines that a range touches: a number that an item states, and that goes with it, is stated by
    the next item of its list afterwards, which would begin at 1 otherwise.

    Args:
        document: the draft.
        edit: makes the change.
        start: where the range begins.
        stop: where it ends.
    """
    first = line_at(document, start)
    if stop <= first.end and "start" not in first.attributes:  # as nearly always
        yield
        return
    stated = list(_stated(document, start, line_at(document, stop).end))
    if not stated:
        yield
        return
    # What is left of the last line is a part of the first one where that has some text left, or all lines go.
    is_of_first = first.start < start or are_whole_lines(document, start, stop)
    first_heir = line_at(document, stop).end + is_of_first
    heirs = [(_heir(document, item, first_heir), stated_number(item.attributes), item) for item in stated]
    length = document.rope.units
    yield
    grown = document.rope.units - length
    for heir, number, item in heirs:
        if heir is None:
            continue
        deep, line = depth(item.attributes), line_at(document, heir + grown)
        between = _stated(document, min(start, line.end), line.end)
        is_there = any(_is_item(each, deep) and stated_number(each.attributes) == number for each in between)
        if not is_there and _is_item(line, deep) and "start" not in line.attributes:
            edit.format_lines(line.end, 0, {"start": number})


def _stated(document: Document, start: int, end: int) -> Iterator[LineHere]:
    """The lines that state a number, from the one at a position to the one with its break at another."""
    at = line_at(document, start).start
    places: list[int] = []
    for span in document.rope.spans(at, min(end + 1, document.rope.units)):
        if "start" in span.attributes and not span.text.strip("\n") and stated_number(span.attributes) is not None:
            places.extend(range(at, at + len(span.text)))
        at += utf16_length(span.text)
    return (line_at(document, place) for place in places)


def _heir(document: Document, item: LineHere, first: int) -> int | None:
    """Where the break is of the next item of a list, not before a position; None where the list ends before, or there
    is one that states its number itself."""
    deep, at = depth(item.attributes), item.end + 1
    for span in document.rope.spans(at, max(at, first)):  # by spans, for all of a long text may be selected
        if "\n" in span.text and depth(span.attributes) <= deep and not _counts_on(span.attributes, deep):
            return None
    at = max(at, first)
    while at < document.rope.units:
        line = line_at(document, at)
        if depth(line.attributes) <= deep:
            return line.end if _counts_on(line.attributes, deep) else None
        at = line.end + 1
    return None


def _has_number(document: Document, item: LineHere, deep: int, number: int) -> bool:
    """Whether an item has this number, counted from the beginning of its list or the last item that states one."""
    while number >= 0:
        stated = stated_number(item.attributes)
        if stated is not None:
            return stated == number
        above = _item_above(document, item, deep)
        if above is None:
            return number == 1
        item, number = above, number - 1
    return False


def _item_above(document: Document, item: LineHere, deep: int) -> LineHere | None:
    """The item of the same list above one; None for the first."""
    start = item.start
    while start > 0:
        line = line_at(document, start - 1)
        if depth(line.attributes) <= deep:
            return line if _is_item(line, deep) else None
        start = line.start
    return None


def _is_item(line: LineHere, deep: int) -> bool:
    return list_kind(line.attributes) == "ordered" and depth(line.attributes) == deep


def _counts_on(line: Attributes, deep: int) -> bool:
    """Whether an item of this depth goes on with the list above it."""
    return list_kind(line) == "ordered" and depth(line) == deep and stated_number(line) is None
