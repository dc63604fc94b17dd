"""Check lists in formats that have none, where a character that is a box stands before each item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cowrite.convert.file_read import Losses
from cowrite.convert.numbering import CHECK_BOXES
from cowrite.core.text.richtext import DELETION, INSERTION, Line, Span, without
from cowrite.core.text.suggested_text import suggested_part

BOXES = {CHECK_BOXES["unchecked"]: "unchecked", CHECK_BOXES["checked"]: "checked", "☒": "checked"}
"""What a sign of a box stands for."""
_WRITTEN_BOX = re.compile(r"\[([ xX])\](?:[ \u00a0]+|$)")
_BLANKS = "\t \u00a0"  # between a box and its words


def boxes_before(spans: Sequence[Span]) -> tuple[dict[str, str], tuple[Span, ...]]:
    """The check boxes with which a line that was read begins, and what follows them.

    Returns:
        Kinds of lists, by the mark that the box has, which is empty for none; and the other spans.
    """
    found: dict[str, str] = {}
    rest = [span for span in spans if span.text]
    while rest and rest[0].embed is None and "" not in found:
        first, kind = rest[0], BOXES.get(rest[0].text[0])
        mark = next(iter(suggested_part(first.attributes)), "")
        if kind is None or mark in found:
            break
        found[mark] = kind
        rest[0] = replace(first, text=first.text[1:])
        while rest and rest[0].embed is None:  # programs have the box in a run of its own
            rest[0] = replace(rest[0], text=rest[0].text.lstrip(_BLANKS))
            if rest[0].text:
                break
            del rest[0]
    return found, tuple(rest)


def with_box(line: Line, marks: Mapping[str, str], before: Mapping[str, str], losses: Losses) -> Line:
    """A line that begins with a check box is an item of a check list.

    A box that is tracked comes in or goes with a line break. Where none beside it does, another kind of item was
    tracked, which is no suggestion here.

    Args:
        line: as it was read. One in no list of its program stands one step further in than its item.
        marks: of its line break.
        before: of the line break before it.
        losses: takes note of what comes in otherwise than it was.
    """
    boxes, spans = boxes_before(line.spans)
    if not boxes:
        return line
    alone = not marks and (len(boxes) > 1 or not before)
    if boxes.keys() != {""} and (alone or "" in boxes):
        losses.change("tracked boxes")
    kind = boxes.get("") or boxes.get(DELETION if DELETION in marks else INSERTION)
    if kind is None and alone:
        return Line(spans, line.attributes)
    block = without(line.attributes, "code-block")
    depth = block.get("indent", 0) - (0 if "list" in block else 1)
    return Line(spans, {**block, "list": kind or next(iter(boxes.values())), "indent": max(0, depth)})


def with_check_mark(line: Line) -> Line:
    """A bullet before a check box is a check list: one that is drawn, as in Apple Notes and cowrite's own HTML, or one
    that is written, as in Notion."""
    first = line.spans[0] if line.spans else None
    if line.attributes.get("list") not in ("bullet", *CHECK_BOXES) or first is None or first.embed is not None:
        return line
    kind, length = BOXES.get(first.text[:1]), 2
    if written := _WRITTEN_BOX.match(first.text):
        kind, length = "unchecked" if written[1] == " " else "checked", written.end()
    elif kind is None or first.text[1:2] not in ("", " ", "\u00a0"):
        return line
    spans = (Span(first.text[length:], first.attributes), *line.spans[1:])
    return Line(spans, {**line.attributes, "list": kind})
