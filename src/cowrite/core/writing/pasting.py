"""Copying and pasting: rich text that goes out of the lines of a draft, and comes into them.

Runs on the document's thread; positions are UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cowrite.core.document.assists import AssistRecord, marked
from cowrite.core.document.document import Document
from cowrite.core.document.edit import Edit
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import (
    MARK,
    NO_ATTRIBUTES,
    OF_FIRST,
    PAGE_BREAK,
    Attributes,
    Line,
    Span,
    joined,
    lines_of,
    of_break,
    spans_of,
    utf16_length,
    without,
)
from cowrite.core.text.table import row_id
from cowrite.core.writing import cells, tables
from cowrite.core.writing.line import are_whole_lines, line_at, list_kind
from cowrite.core.writing.lines import delete_in, go_on, outside_code


class ComeIn(NamedTuple):
    """Rich text that has come in, or of which the beginning and the last line have.

    Attributes:
        at: where the next of the lines that are left begins; behind all of it where none are.
        left: the lines that are still to come.
        row: the row of the line above them; empty where that is no cell.
    """

    at: int
    left: Sequence[Line] = ()
    row: str = ""


def insert_rich_text(
    document: Document,
    start: int,
    stop: int,
    spans: Sequence[Span],
    origin: Origin = Origin.LOCAL,
    *,
    carried: Sequence[AssistRecord] = (),
    stays_apart: bool = False,
) -> int:
    """Puts rich text in place of a range: in a cell with soft breaks, and a table that is all of it over the cells from
    there on. Where the table there would become too large (`stands_below`), it and what is selected in it stay as they
    are, and what comes in is a table of its own below.

    Content that ends with a line break ends there, without an empty line. A line keeps its own style unless it is
    empty: then it takes the style of what comes in.

    Args:
        document: the draft.
        start: where the range begins.
        stop: where it ends.
        spans: what comes in.
        origin: where the change comes from.
        carried: the records that came along with what is pasted.
        stays_apart: whether several lines with the last one's break, before a line, stay lines of their own. So do
            those of this document; most other formats end each text with a line break.

    Returns:
        The position behind what has come in.
    """
    incoming = lines_of(marked(spans), keeps_unknown=True)
    needed = document.assists.lacking(spans, carried)
    stays_apart = stays_apart and start == stop and _ends_line(spans)
    return _insert_lines(document, start, stop, incoming, origin, needed, stays_apart=stays_apart).at


def insert_below(document: Document, at: int, lines: Sequence[Line]) -> tuple[int, int]:
    """Puts lines below the line at a position, beside its table or code where it is in any, or above it where that line
    is empty. At the end of the draft an empty line follows them.

    Args:
        document: the draft.
        at: the position.
        lines: what comes in; none of it a table.

    Returns:
        Where the first of the lines begins, and the position behind the last.
    """
    spans = marked(spans_of(lines))
    line = line_at(document, tables.below_table(document, outside_code(document, at)))
    is_above = tables.in_table(document, at) or (line.is_empty and PAGE_BREAK not in line.attributes)
    start = line.start if is_above else line.end + 1
    with document.edit(Origin.LOCAL, carried=document.assists.lacking(spans, ())) as edit:
        if start >= document.length:
            edit.insert(line.end, "\n", line.attributes)
            edit.format_lines(start, 0, dict.fromkeys(line.attributes))
        stop = edit.insert_spans(start, spans)
    return edit.place(start), edit.place(stop)


def insert_beginning(document: Document, at: int, lines: Sequence[Line], most: int) -> ComeIn:
    """Puts lines in as `insert_rich_text` does, but of many only the first ones and the last, between which
    `insert_next` puts the others. Into cells all of them come.

    Args:
        document: the draft.
        at: where they come in.
        lines: what comes in; none of it is the assistant's.
        most: about how many are the first ones; a row of a table comes whole.
    """
    return _insert_lines(document, at, at, list(lines), most=most)


def insert_next(document: Document, come: ComeIn, most: int) -> ComeIn:
    """Puts in the next of the lines that are left.

    Args:
        document: the draft.
        come: what has come in, and where it lies by now.
        most: about how many lines are put in.
    """
    here = line_at(document, come.at)
    above = row_id(line_at(document, come.at - 1).attributes) if come.at else None
    if here.start != come.at or row_id(here.attributes) or above != come.row:  # somebody has changed what is around it
        return insert_beginning(document, come.at, [*come.left, Line(())], most)
    count = _whole_rows(come.left, most)
    with document.edit(Origin.LOCAL) as edit:
        at = edit.insert_spans(come.at, spans_of(come.left[:count]))
    return ComeIn(edit.place(at), come.left[count:], row_id(come.left[count - 1].attributes))


def stands_below(document: Document, start: int, stop: int, spans: Sequence[Span]) -> str:
    """Why rich text that comes in in place of a range stands below the table there: it would become too large.

    Returns:
        The reason, in words that end a sentence; empty where it comes into the place of the range.
    """
    place = tables.place_for(document, start, stop)
    if not tables.in_table(document, place):  # rich text can be long
        return ""
    return lines_stand_below(document, place, lines_of(spans, keeps_unknown=True))


def lines_stand_below(document: Document, at: int, incoming: Sequence[Line]) -> str:
    """The same of lines that come in at a position."""
    return cells.limit_passed_with(document, at, incoming) if tables.in_table(document, at) else ""


def in_style_of(document: Document, at: int, spans: Sequence[Span]) -> Sequence[Span]:
    """Rich text as it is pasted at `at`, see `lines_in_style_of`."""
    if tables.in_table(document, at):  # rich text can be long
        return spans
    incoming = lines_of(spans, keeps_unknown=True)
    styled = lines_in_style_of(document, at, incoming)
    return spans if styled is incoming else spans_of(styled)


def lines_in_style_of(document: Document, at: int, incoming: Sequence[Line]) -> Sequence[Line]:
    """Lines as they are pasted at `at`: in code all of them are code, and without any style they take that of the line
    there, so that several lines that come into an item, a quote or a heading do not leave it in the middle. Items that
    come into a numbered list go on with it."""
    style = line_at(document, at).attributes
    if row_id(style):  # they become one line
        return incoming
    if list_kind(style) == "ordered" and incoming and "start" in incoming[0].attributes:
        first, *others = incoming
        return [Line(first.spans, without(first.attributes, "start")), *others]
    if style.get("code-block"):
        incoming = [
            Line(tuple(Span(span.text, _record(span.attributes), span.embed) for span in line.spans))
            for line in incoming
        ]
    if not style or any(line.attributes for line in incoming):
        return incoming
    return [Line(line.spans, _going_on(style) if number else style) for number, line in enumerate(incoming)]


def copied(document: Document, start: int, stop: int) -> list[Span]:
    """The rich text of a range, for copying: a last line that is in it as a whole brings its break, and so its style,
    where it has one or all lines are whole. Of a table, the cells between both ends; of a cell, what is in it."""
    if (within := tables.cells_between(document, start, stop)) is not None:
        return within
    spans = list(document.spans(start, stop))
    last = line_at(document, stop)
    if start <= last.start < stop == last.end:
        attributes = of_break(document.rope.attributes_at(last.end))
        if attributes or are_whole_lines(document, start, stop):
            spans.append(Span("\n", attributes))
    return spans


def ends_line(document: Document, start: int, stop: int) -> bool:
    """Whether a range ends with the break of its last line, so that what follows begins another line. Cells do not."""
    ends = start < stop and document.rope.rfind("\n", stop) == stop - 1
    return ends and tables.cells_between(document, start, stop) is None


def _insert_lines(
    document: Document,
    start: int,
    stop: int,
    incoming: list[Line],
    origin: Origin = Origin.LOCAL,
    carried: Sequence[AssistRecord] = (),
    *,
    stays_apart: bool = False,
    most: int | None = None,
) -> ComeIn:
    """Puts lines in place of a range; see `insert_rich_text` and `insert_beginning`."""
    place = tables.place_for(document, start, stop)
    is_refused = bool(lines_stand_below(document, place, incoming))
    with document.edit(origin, carried=carried) as edit:
        if is_refused:
            incoming = cells.of_new_rows(incoming)
            count = len(incoming) if most is None else _whole_rows(incoming, most)
            at = cells.put_below(edit, document, start, incoming[:count])
            left, row = incoming[count:], row_id(incoming[count - 1].attributes)
            come = ComeIn(at + 1, left, row) if left else ComeIn(at)
        else:
            place = delete_in(edit, document, start, stop, keeps_tables=True)
            if row_id(line_at(document, place).attributes):
                come = ComeIn(cells.put_into_cells(edit, document, place, incoming))
            else:
                come = _put_lines(edit, document, place, incoming, stays_apart=stays_apart, most=most)
    return come._replace(at=edit.place(come.at))


def _put_lines(
    edit: Edit, document: Document, start: int, incoming: list[Line], *, stays_apart: bool, most: int | None
) -> ComeIn:
    """Puts lines in at a position that is in no cell. See `insert_rich_text` and `insert_beginning`."""
    target = line_at(document, start)
    incoming = cells.set_apart(document, target, incoming)
    if PAGE_BREAK in target.attributes and target.is_empty and incoming and row_id(incoming[0].attributes):
        incoming = [Line(()), *incoming]  # no page begins with a cell
    if stays_apart and len(incoming) > 1 and start == target.start and not target.is_empty:
        whole = incoming if incoming[-1].spans else incoming[:-1]
        return ComeIn(edit.insert_spans(start, spans_of(whole)))
    first, left = incoming[:-1], []
    if most is not None:
        count = _whole_rows(first, most)
        first, left = first[:count], first[count:]
    pieces: list[Span] = []
    for index, line in enumerate(first):
        keeps = index == 0 and not target.is_empty
        own = line.attributes if index else {**_page_break(target.attributes), **line.attributes}
        pieces += (*line.spans, Span("\n", target.attributes if keeps else own))
    last = incoming[-1] if incoming else Line(())
    at = edit.insert_spans(start, joined((*pieces, *last.spans)))
    comes_into_empty = target.is_empty if len(incoming) == 1 else target.end == start
    if comes_into_empty and last.attributes:
        edit.format_lines(at, 0, last.attributes)
    if len(incoming) > 1:
        go_on(edit, at, target, last.attributes)
    if not left:
        return ComeIn(at)
    return ComeIn(at - sum(utf16_length(span.text) for span in last.spans), left, row_id(first[-1].attributes))


def _whole_rows(lines: Sequence[Line], most: int) -> int:
    """How many of some lines are about so many, without a part of a row of a table."""
    count = min(most, len(lines))
    while 0 < count < len(lines) and (row := row_id(lines[count].attributes)):
        if row != row_id(lines[count - 1].attributes):
            break
        count += 1
    return count


def _ends_line(spans: Sequence[Span]) -> bool:
    """Whether rich text ends with a line break."""
    return bool(spans) and spans[-1].text.endswith("\n")


def _record(attributes: Attributes) -> Attributes:
    """Of inline attributes, who wrote the text: a record rather than a look."""
    return {MARK: attributes[MARK]} if MARK in attributes else NO_ATTRIBUTES


def _going_on(attributes: Attributes) -> Attributes:
    """Block attributes of a line that goes on below one with these."""
    return without(attributes, *OF_FIRST)


def _page_break(attributes: Attributes) -> Attributes:
    """Of block attributes the one that says that a page begins."""
    return {PAGE_BREAK: attributes[PAGE_BREAK]} if PAGE_BREAK in attributes else NO_ATTRIBUTES
