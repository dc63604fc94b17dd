"""Words without their looks: what pasting without formatting brings. Who wrote them is no look, and stays.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from cowrite.convert.plain_text import from_text
from cowrite.core.document.assists import mark_of
from cowrite.core.text.richtext import MARK, Span, joined

_Stretch = tuple[int, int, str]


def plain_spans(text: str, own: Sequence[Span] = ()) -> list[Span]:
    """Plain text without formatting.

    Args:
        text: the words, with the signs that stand for looks in a plain text.
        own: the same as rich text, where whoever offers it has that: what is the assistant's in it stays marked.
    """
    spans = from_text(text)
    if all(mark_of(span.attributes) is None for span in own):
        return spans
    stretches = _stretches("".join(span.text for span in spans), own)[::-1]
    found: list[Span] = []
    at = 0
    for span in spans:
        behind, end = at, at + len(span.text)
        while stretches and stretches[-1][1] <= end:
            start, stop, mark = stretches.pop()
            found.append(Span(span.text[behind - at : start - at], span.attributes))
            found.append(Span(span.text[start - at : stop - at], {**span.attributes, MARK: mark}))
            behind = stop
        found.append(Span(span.text[behind - at :], span.attributes))
        at = end
    return joined(found)


def _stretches(text: str, own: Sequence[Span]) -> list[_Stretch]:
    """Where in a plain text the assistant's words stand, in order, each stretch within a line: its ends in characters,
    and the id of its record. Between the words are only the signs that stand for looks."""
    found: list[_Stretch] = []
    at = 0
    for span in own:
        mark = mark_of(span.attributes)
        for line in span.text.splitlines() if span.embed is None else ():
            start = -1
            for word in line.split():
                place = text.find(word, at)
                if place < 0:
                    continue
                if start >= 0 and "\n" in text[at:place]:
                    start = -1
                start = place if start < 0 else start
                at = place + len(word)
                if mark is not None:
                    if found and found[-1][0] == start:
                        found.pop()
                    found.append((start, at, mark))
    return found
