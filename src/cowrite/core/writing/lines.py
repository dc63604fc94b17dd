"""What keys and commands do to lines: styles, lists, and where Enter, Backspace and Tab have a meaning of their own.

Runs on the document's thread. Every function makes its change through `Document.edit` with Origin.LOCAL and says where
the caret goes; positions are UTF-16 units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from cowrite.core.document.document import Document
from cowrite.core.document.edit import Edit
from cowrite.core.text.direction import shown_side
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import (
    ADDED,
    BLOCK_ATTRIBUTES,
    COLUMN,
    DEEPEST_INDENT,
    DIVIDES,
    INSERTION,
    NO_ATTRIBUTES,
    OF_FIRST,
    PAGE_BREAK,
    SOFT_BREAK,
    TABLE,
    Attributes,
)
from cowrite.core.text.table import row_id
from cowrite.core.writing import tables
from cowrite.core.writing.line import LineHere, are_whole_lines, depth, is_line_from_right, line_at
from cowrite.core.writing.looks import inherited_attributes
from cowrite.core.writing.stated_numbers import handing_over

STYLES: dict[str, Attributes] = {
    "paragraph": {},
    **{f"heading_{level}": {"header": level} for level in range(1, 7)},
    "blockquote": {"blockquote": True},
    "code_block": {"code-block": True},
}
"""Paragraph styles by name; a line has one of them, or is a list item."""

_DIVIDERS = ("---", "***", "___")
_STYLE_ATTRIBUTES = ("header", "list", "indent", "start", "blockquote", "code-block")
_OF_CELL = (TABLE, COLUMN, ADDED)
_NO_STYLE: Attributes = dict.fromkeys(_STYLE_ATTRIBUTES)


def press_enter(document: Document, at: int) -> int:
    """What Enter does: it divides the line, and both halves keep its style.

    But an empty list item goes one step out, and outermost ends the list; an empty quoted line ends the quote, an empty
    last line of code the code, unless it is the only one: whoever types ``` presses Enter behind it. A heading is
    followed by body text; a new item next to a ticked one is not ticked, and one below an item that states its number
    counts on; `---`, `***` or `___` alone becomes a divider, and undo gives the signs back. In a cell it is a soft
    break.

    Returns:
        Where the caret goes.
    """
    line = line_at(document, at)
    if row_id(line.attributes):
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(at, SOFT_BREAK, inherited_attributes(document, at))
        return edit.place(at + 1)
    kind = line.attributes.get("list")
    if line.is_empty and _is_all_code(document, line):
        return at
    if line.is_empty and kind and depth(line.attributes):
        change_indent(document, at, at, -1)
        return at
    if line.is_empty and (kind or line.attributes.get("blockquote") or _ends_code(document, line)):
        with document.edit(Origin.LOCAL) as edit, handing_over(document, edit, at, at):
            edit.format_lines(at, 0, _NO_STYLE)
        return at
    if at == line.end and not line.attributes and document.rope.text(line.start, line.end) in _DIVIDERS:
        with document.steps.apart():
            return insert_divider(document, line.start, at)
    with document.edit(Origin.LOCAL) as edit:
        _divide(document, edit, at)
    return at + 1


def press_backspace(document: Document, at: int) -> int | None:
    """What Backspace does at the start of a line that begins a page, or has a style: it goes on with the page above, or
    one step out, or back to body text. But a heading below an empty line stays one, and moves up. Beside tables: see
    `tables.press_backspace`.

    Returns:
        Where the caret goes, or None where Backspace deletes as usual (nothing is changed then).
    """
    line = line_at(document, at)
    if at == line.start and PAGE_BREAK in line.attributes:
        with document.edit(Origin.LOCAL) as edit:
            edit.format_lines(at, 0, {PAGE_BREAK: None})
        return at
    if at != line.start or not any(name in line.attributes for name in _STYLE_ATTRIBUTES):
        return tables.press_backspace(document, at)
    moves_up = "header" in line.attributes and at > 0 and not row_id(line.attributes)
    above = line_at(document, at - 1) if moves_up else line
    if above.is_empty and not above.attributes:
        with document.edit(Origin.LOCAL) as edit:
            edit.delete(above.start, 1)
        return above.start
    if line.attributes.get("indent"):
        change_indent(document, at, at, -1)
    else:
        with document.edit(Origin.LOCAL) as edit, handing_over(document, edit, at, at):
            edit.format_lines(at, 0, _NO_STYLE)
    return at


def delete(document: Document, start: int, stop: int) -> int:
    """Deletes a range, see `delete_in`; returns where stands what is written in its place.

    That is behind what is only suggested to go.
    """
    with document.edit(Origin.LOCAL) as edit:
        place = delete_in(edit, document, start, stop, keeps_tables=True)
    return edit.place(place, behind=True)


def delete_in(
    edit: Edit, document: Document, start: int, stop: int, *, new: int = 0, keeps_tables: bool = False
) -> int:
    """Deletes a range. What is left of its first and its last line becomes one line, in the style of the first unless
    all that is left is of the last. A number that an item states there goes over to the next one of its list. A line is
    a cell where its break was that of one.

    Args:
        edit: deletes it.
        document: the draft.
        start: where the range begins.
        stop: where it ends.
        new: how many units behind it have come in its place, and are of no line.
        keeps_tables: whether only so much goes as tables allow, see `tables.deletable`.

    Returns:
        Where stands what comes in its place.
    """
    place = tables.place_for(document, start, stop) if keeps_tables else start
    first, are_whole = line_at(document, place), are_whole_lines(document, start, stop + new)
    with handing_over(document, edit, start, stop):
        if keeps_tables:
            edit.delete_all(tables.deletable(document, start, stop))
        else:
            edit.delete(start, stop - start)
        if are_whole or first.start < place:
            here = line_at(document, place).attributes
            wanted = in_row_of(first.attributes, here)
            if here != wanted:
                edit.format_lines(place, 0, {**dict.fromkeys(BLOCK_ATTRIBUTES), **wanted})
    return place


def in_row_of(attributes: Attributes, others: Attributes) -> Attributes:
    """Block attributes, but for the row, if any, and how wide the column is, which are those of others."""
    own = {name: value for name, value in attributes.items() if name not in _OF_CELL}
    return {**own, **{name: others[name] for name in _OF_CELL if name in others}}


def in_list(document: Document, at: int) -> bool:
    """Whether the line at `at` is a list item."""
    return "list" in line_at(document, at).attributes


def change_indent(document: Document, start: int, stop: int, step: int) -> None:
    """Moves the lines that a range touches one step in (1) or out (-1); an item that is outermost already stays."""
    wanted: defaultdict[int, list[int]] = defaultdict(list)
    for line_break in _breaks(document, start, stop):
        indent = document.rope.attributes_at(line_break).get("indent", 0)
        moved = min(DEEPEST_INDENT, max(0, (indent if isinstance(indent, int) else 0) + step))
        if moved != indent:
            wanted[moved].append(line_break)
    with document.edit(Origin.LOCAL) as edit:
        for indent, breaks in wanted.items():
            edit.format_breaks(breaks, {"indent": indent or None})


def may_look_otherwise(document: Document, at: int) -> bool:
    """Whether the line at a position can be given another look: none can be suggested for a line of somebody else."""
    return not _is_only_suggested(document, line_at(document, at))


def set_style(document: Document, start: int, stop: int, style: str) -> None:
    """Gives the lines that a range touches a paragraph style (a key of STYLES)."""
    with document.edit(Origin.LOCAL) as edit, handing_over(document, edit, start, stop):
        for first, last in tables.pieces(document, start, stop):
            edit.format_lines(first, last - first, {**_NO_STYLE, **STYLES[style]})


def toggle_list(document: Document, start: int, stop: int, kind: str) -> None:
    """Makes the lines that a range touches items of a list, or body text where all of them are that already.

    Args:
        kind: "bullet", "ordered" or "unchecked"; ticked items count as "unchecked".
    """
    breaks = _breaks(document, start, stop)
    kinds = [document.rope.attributes_at(line_break).get("list") for line_break in breaks]
    alike = (kind, "checked") if kind == "unchecked" else (kind,)
    with document.edit(Origin.LOCAL) as edit, handing_over(document, edit, start, stop):
        if all(each in alike for each in kinds):
            for first, last in tables.pieces(document, start, stop):
                edit.format_lines(first, last - first, {"list": None, "indent": None, "start": None})
            return
        others: Attributes = {"header": None, "blockquote": None, "code-block": None, "start": None}
        unlike = [at for at, each in zip(breaks, kinds, strict=True) if each not in alike]
        edit.format_breaks(unlike, {**others, "list": kind})


def set_direction(document: Document, start: int, stop: int, direction: str | None) -> None:
    """Has the lines that a range touches be read in a direction; None leaves that to their letters."""
    with document.edit(Origin.LOCAL) as edit:
        for first, last in tables.pieces(document, start, stop):
            edit.format_lines(first, last - first, {"direction": direction})


def set_side(document: Document, start: int, stop: int, side: str) -> None:
    """Has the lines that a range touches stand at a side: "left", "right", "center" or "justify". The side on which a
    line begins is no attribute of it, so that it changes with its direction."""
    begin: defaultdict[bool, list[int]] = defaultdict(list)
    for line_break in _breaks(document, start, stop):
        begins = shown_side({}, from_right=is_line_from_right(document, line_at(document, line_break)))
        begin[side == begins].append(line_break)
    with document.edit(Origin.LOCAL) as edit:
        for begins_there, breaks in begin.items():
            edit.format_breaks(breaks, {"align": None if begins_there else side})


def toggle_check(document: Document, start: int, stop: int | None = None) -> bool:
    """Ticks the items to tick that a range touches, or unticks them where all are ticked; says whether there is one."""
    kinds = {
        line_break: document.rope.attributes_at(line_break).get("list")
        for line_break in _breaks(document, start, start if stop is None else stop)
    }
    items = [line_break for line_break, kind in kinds.items() if kind in ("checked", "unchecked")]
    wanted = "unchecked" if all(kinds[item] == "checked" for item in items) else "checked"
    if items:
        with document.edit(Origin.LOCAL) as edit:
            edit.format_breaks(items, {"list": wanted})
    return bool(items)


def insert_divider(document: Document, start: int, stop: int) -> int:
    """Puts a divider on a line of its own in place of a range; returns where the caret goes: the line below."""
    return insert_alone(document, start, stop, {"divider": True})


def insert_alone(document: Document, start: int, stop: int, embed: Mapping[str, Any]) -> int:
    """Puts an embed on a line of its own in place of a range, below the table where that lies in one; returns where the
    caret goes: the line below."""
    place = tables.place_for(document, start, stop)
    with document.edit(Origin.LOCAL) as edit:
        edit.delete_all(tables.deletable(document, start, stop))
        start = tables.below_table(document, place)
        line = line_at(document, start)
        at = start
        if at > line.start:
            edit.insert(at, "\n", _upper(document, line))
            go_on(edit, at + 1, line)
            at += 1
        begins_page = at == line.start and PAGE_BREAK in line.attributes
        edit.insert_embed(at, embed)
        edit.insert(at + 1, "\n", {PAGE_BREAK: True} if begins_page else NO_ATTRIBUTES)
        if begins_page:
            edit.format_lines(at + 2, 0, {PAGE_BREAK: None})
        if at + 2 == document.length:  # the break has closed the last line; the caret needs one below
            edit.insert(at + 2, "\n")
    return edit.place(at + 2)


def insert_page_break(document: Document, start: int, stop: int) -> int:
    """Begins a page in place of a range, below the table where that lies in one. At the start of a line this is its
    first one, unless it begins a page already or is the first of all: then an empty line stays above it. Who only
    suggests it gives no line of others another look: an empty one begins the page then.

    Returns:
        Where the caret goes.
    """
    with document.edit(Origin.LOCAL) as edit:
        at = tables.below_table(document, delete_in(edit, document, start, stop, keeps_tables=True))
        line = line_at(document, at)
        if _is_only_suggested(document, line):
            above = "\n" if at > line.start else ""
            edit.insert(at, above, line.attributes)
            if above and PAGE_BREAK in line.attributes:  # which what is behind it keeps
                return edit.place(at + 1)
            edit.insert(at + len(above), "\n", {PAGE_BREAK: True})
            return edit.place(at + len(above) + 1)
        if at > line.start or at == 0 or PAGE_BREAK in line.attributes:
            _divide(document, edit, at)
            at += 1
        edit.format_lines(at, 0, {PAGE_BREAK: True})
    return edit.place(at)


def insert_below(document: Document, at: int, embed: Mapping[str, Any]) -> int:
    """Puts an embed on a line of its own below the line at a position, or in its place where that one is empty; returns
    where the caret goes: the line below."""
    line = line_at(document, tables.below_table(document, at))
    below = line.start if tables.in_table(document, at) else line.end + 1
    if line.is_empty or below >= document.length:
        return insert_alone(document, line.end, line.end, embed)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(below, embed)
        edit.insert(below + 1, "\n")
    return edit.place(below + 2)


def in_code(document: Document, at: int) -> bool:
    """Whether the line at `at` is code."""
    return bool(line_at(document, at).attributes.get("code-block"))


def outside_code(document: Document, at: int) -> int:
    """The place next to a position that is in no code: the end of the line above the code, or else of that below; the
    position itself where all is code."""
    above = line = line_at(document, at)
    if not in_code(document, at):
        return at
    while above.start and in_code(document, above.start):
        above = line_at(document, above.start - 1)
    while line.end + 1 < document.length and in_code(document, line.end):
        line = line_at(document, line.end + 1)
    return next((each.end for each in (above, line) if not in_code(document, each.end)), at)


def _breaks(document: Document, start: int, stop: int) -> list[int]:
    """Where the lines end that a range touches, of several cells of a table those between its ends."""
    return [at for first, last in tables.pieces(document, start, stop) for at in document.line_breaks(first, last)]


def go_on(edit: Edit, at: int, above: LineHere, own: Attributes = NO_ATTRIBUTES) -> None:
    """Has the line at `at`, which was a part of the one above it, count on from the number that this one states, and
    stay on its page, unless these are its own attributes."""
    if given := [name for name in OF_FIRST if name in above.attributes and name not in own]:
        edit.format_lines(at, 0, dict.fromkeys(given))


def _is_only_suggested(document: Document, line: LineHere) -> bool:
    """Whether a line is somebody else's, of which another look cannot be suggested."""
    suggester = document.suggester
    return suggester is not None and not suggester.is_own(document.rope.attributes_at(line.end).get(INSERTION))


def _upper(document: Document, line: LineHere) -> Attributes:
    """The attributes of a break that comes into a line."""
    divides = _is_only_suggested(document, line) and not line.attributes.keys().isdisjoint(OF_FIRST)
    return {**line.attributes, DIVIDES: True} if divides else line.attributes


def _divide(document: Document, edit: Edit, at: int) -> None:
    """Divides a line at `at`: the second half begins behind it."""
    line = line_at(document, at)
    if at == document.length:  # a last line that is open gets its own break as well: one alone would only close it
        edit.insert(at, "\n\n", line.attributes)
        go_on(edit, at + 1, line)
        return
    is_at_end = at == line.end
    # There behind the line's own break, so that what others do to the line meanwhile stays with its words.
    edit.insert(at + is_at_end, "\n", line.attributes if is_at_end else _upper(document, line))
    go_on(edit, at + 1, line)
    new = at if at == line.start and not is_at_end else at + 1
    if line.attributes.get("list") == "checked":
        edit.format_lines(new, 0, {"list": "unchecked"})
    if "header" in line.attributes and at in (line.start, line.end):
        edit.format_lines(new, 0, {"header": None})


def _ends_code(document: Document, line: LineHere) -> bool:
    if not line.attributes.get("code-block"):
        return False
    following = line.end + 1
    return following >= document.length or not line_at(document, following).attributes.get("code-block")


def _is_all_code(document: Document, line: LineHere) -> bool:
    """Whether a line is a block of code by itself."""
    follows = line.start > 0 and line_at(document, line.start - 1).attributes.get("code-block")
    return not follows and _ends_code(document, line)
