"""The headings of a body, in the order of its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, INSERTION, Span, Utf16, utf16_length
from cowrite.core.writing.line import heading_level

LONGEST = 200  # characters of a heading that are given


class Heading(NamedTuple):
    """A line that is a heading.

    Attributes:
        at: where the line begins, UTF-16 units.
        level: 1 to 6.
        text: its words; a long one is cut.
    """

    at: Utf16
    level: int
    text: str


def headings(spans: Iterable[Span], *, stands: bool = False) -> Iterator[Heading]:
    """The headings among the lines of a body; lines without words that are to stay are none.

    Args:
        spans: of the body, from its beginning on.
        stands: whether lines are read as they stand, and not as suggestions would have them.
    """
    return (heading for _, heading in heading_lines(spans, stands=stands) if heading.text)


def heading_lines(spans: Iterable[Span], *, stands: bool = False) -> Iterator[tuple[Utf16, Heading]]:
    """All lines that are headings, also those without words, each with where its break stands; see `headings`."""
    at = start = 0
    line: list[str] = []
    for span in spans:
        if stands and INSERTION in span.attributes:
            at += utf16_length(span.text)
            continue
        level = heading_level(span.attributes)
        *ended, rest = span.text.split("\n") if level else span.text.rsplit("\n", 1)
        is_read = stands or DELETION not in span.attributes
        for text in ended:
            line.append(text if is_read else "")
            at += utf16_length(text) + 1
            if level:
                words = " ".join("".join(line).replace(EMBED_CHARACTER, " ").split())
                yield Utf16(at - 1), Heading(Utf16(start), level, words[:LONGEST])
            start, line = at, []
        line.append(rest if is_read else "")
        at += utf16_length(rest)
