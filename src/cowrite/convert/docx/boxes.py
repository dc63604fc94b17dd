"""The boxes before the items of check lists in a Word document that is written, and which of them are tracked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from cowrite.convert.numbering import CHECK_BOXES
from cowrite.core.text.richtext import DELETION, INSERTION, Line, Span
from cowrite.core.text.suggested_text import suggested_part
from cowrite.core.text.table import row_id


def boxes(lines: Sequence[Line]) -> list[tuple[Span, ...]]:
    """What stands before each line in a check list, where the box is a character.

    A box comes in and goes with what makes a line begin there, or be an item, and these are breaks. What is suggested
    of the cells of a table changes no line beside it.
    """
    found: list[tuple[Span, ...]] = []
    for in_table, group in groupby(lines, lambda line: bool(row_id(line.attributes))):
        each = list(group)
        found += [_box(cell.attributes.get("list", ""), {}) for cell in each] if in_table else _boxes(each)
    return found


def _boxes(lines: Sequence[Line]) -> list[tuple[Span, ...]]:
    standing, accepted = _kinds(lines, INSERTION), _kinds(lines, DELETION)
    found: list[tuple[Span, ...]] = []
    before: Mapping[str, str] = {}
    for line, stands, stays in zip(lines, standing, accepted, strict=True):
        here = suggested_part(line.attributes)
        if stands == stays:
            found.append(_box(stays, {}))
        else:
            id = next(iter((*before.values(), *here.values())), "")
            found.append((*_box(stands, {DELETION: id}), *_box(stays, {INSERTION: id})))
        before = here
    return found


def _kinds(lines: Sequence[Line], mark: str) -> list[str]:
    """In which kind of list each line begins, without the breaks that have a mark; empty where it begins none then."""
    kinds: list[str] = []
    kind = ""
    for at in reversed(range(len(lines))):
        if mark not in lines[at].attributes or at == len(lines) - 1:
            kind = lines[at].attributes.get("list", "")
        begins = at == 0 or mark not in lines[at - 1].attributes
        kinds.append(kind if begins else "")
    return kinds[::-1]


def _box(kind: str, marks: Mapping[str, str]) -> tuple[Span, ...]:
    return (Span(f"{CHECK_BOXES[kind]} ", marks),) if kind in CHECK_BOXES else ()
