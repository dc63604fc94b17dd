"""Blanks: places to fill in, words in square brackets that whoever writes there replaces, such as [name]."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cowrite.core.text.richtext import DELETION, Line, Span, lines_of, utf16_length

_BLANK = re.compile(r"\[[^\W\d_][^\[\]\n]{0,300}\]")  # what begins with no letter, as [1] and [ ], has another meaning
_HOLDS_NONE = frozenset({"link", "code", DELETION})


def blanks(spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Where the blanks of a text are, in order, in UTF-16 units; none is in a link, in code or in what is to go.

    Args:
        spans: the text.
    """
    at = 0
    for line in lines_of(spans):
        if any("[" in span.text for span in line.spans) and not line.attributes.get("code-block"):
            text, start, read = _readable(line), at, 0
            for found in _BLANK.finditer(text):
                start += utf16_length(text[read : found.start()])
                yield start, start + utf16_length(found[0])
                read = found.start()
        at += sum(utf16_length(span.text) for span in line.spans) + 1


def next_blank(spans: Iterable[Span], at: int) -> tuple[int, int] | None:
    """The first blank that begins at a position or behind it, else the first of all; None where there is none.

    Args:
        spans: the text.
        at: the position, in UTF-16 units.
    """
    first = None
    for start, stop in blanks(spans):
        if start >= at:
            return start, stop
        first = first or (start, stop)
    return first


def _readable(line: Line) -> str:
    """The characters of a line, with breaks in the place of those that are in no blank."""
    return "".join(
        "\n" * utf16_length(span.text) if span.embed is not None or _HOLDS_NONE & span.attributes.keys() else span.text
        for span in line.spans
    )
