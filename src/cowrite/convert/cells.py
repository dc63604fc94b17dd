"""Cells of tables for formats whose cells hold words alone: what a line is besides, its words say.

An item of a list has its mark before it, code is written as code, a heading is bold. Indents and quotes are lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cowrite.convert.normal import is_divider
from cowrite.convert.numbering import label, numbers
from cowrite.core.text.richtext import COLUMN, TABLE, Line, Span, without
from cowrite.core.text.table import row_id, standing


def with_plain_cells(lines: Sequence[Line]) -> list[Line]:
    """The lines of a document in normal form, in which cells are nothing but cells."""
    if not any(row_id(line.attributes) for line in lines):
        return list(lines)
    both = zip(lines, numbers(lines), strict=True)
    return [_plain(line, number) if row_id(line.attributes) else line for line, number in both]


def in_plain_words(lines: Sequence[Line]) -> list[Line]:
    """The lines of one cell as words, in normal form or not."""
    return [_plain(line, number) for line, number in zip(lines, numbers(lines), strict=True)]


def in_bold(line: Line) -> Line:
    """A line with all of its text in bold, unless it says otherwise."""
    return Line(tuple(_marked(span, {"bold": True, **span.attributes}) for span in line.spans), line.attributes)


def without_bold(line: Line) -> Line:
    """A line none of which is bold."""
    return Line(tuple(_marked(span, without(span.attributes, "bold")) for span in line.spans), line.attributes)


def _plain(line: Line, number: int | None) -> Line:
    block = dict(standing(line.attributes))
    if row_id(line.attributes):
        block |= {name: line.attributes[name] for name in (TABLE, COLUMN) if name in line.attributes}
    if is_divider(line):
        return Line((), block)
    spans = line.spans
    if "code-block" in line.attributes:
        spans = tuple(_marked(span, {"code": True, **span.attributes}) for span in spans)
    elif "header" in line.attributes:
        spans = in_bold(line).spans
    if kind := line.attributes.get("list"):
        spans = (Span(f"{label(kind, line.attributes.get('indent', 0), number)} "), *spans)
    return Line(spans, block)


def _marked(span: Span, attributes: Mapping[str, Any]) -> Span:
    return span if span.embed is not None else Span(span.text, attributes)
