"""Where comments begin and end in rich text that is on its way to another format or from one.

On that way lines are taken apart, put together and looked at one by one. So the text is in pieces, cut wherever a
comment begins or ends, and each span and line break says in which piece it stands (`PIECE`). Their numbers grow along
the text, so that it costs no more the more comments overlap.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from cowrite.core.text.richtext import DELETION, PIECE, Attributes, Line, Span, Utf16, beginning, utf16_length, without
from cowrite.core.text.suggested_text import suggested_part
from cowrite.core.writing.places import Place

_GONE = "\0"  # for each character that is suggested to go; no text has it
LONGEST_WORD = 100
"""Characters on each side of a point that are looked at for its word."""


class Edge(NamedTuple):
    """A place at which a comment begins or ends.

    Attributes:
        at: where it is (UTF-16 units).
        begins: whether it is the comment's beginning.
        comment: its number among all.
    """

    at: int
    begins: bool
    comment: int


def edges_of(places: Iterable[Place | None]) -> list[Edge]:
    """The edges of comments along the text; piece n is the text between the n-th of them and the next one.

    Args:
        places: where each comment stands; None where it stands nowhere.
    """
    found = [(number, place) for number, place in enumerate(places) if place is not None]
    begin = (Edge(start, True, number) for number, (start, _) in found)
    return sorted((*begin, *(Edge(stop, False, number) for number, (_, stop) in found)))


def in_pieces(spans: Iterable[Span], edges: Sequence[Edge]) -> Iterator[Span]:
    """The spans of a text, cut at these edges."""
    index = at = 0
    for span in spans:
        text, taken = span.text, 0
        while taken < len(text):
            while index < len(edges) and edges[index].at <= at:
                index += 1
            units = edges[index].at - at if index < len(edges) else 2 * len(text)
            part = beginning(text[taken : taken + units], units) or text[taken]
            yield replace(span, text=part, attributes={**span.attributes, PIECE: index})
            taken += len(part)
            at += utf16_length(part)


def piece_mark(attributes: Attributes) -> Mapping[str, int]:
    """Of attributes the one that says in which piece their text stands."""
    piece = attributes.get(PIECE)
    return {PIECE: piece} if isinstance(piece, int) else {}


def kept_marks(attributes: Attributes) -> Mapping[str, Any]:
    """Of attributes those that say what is suggested, and in which piece their text stands."""
    return {**suggested_part(attributes), **piece_mark(attributes)}


class Extents:
    """Where the pieces of a text stand.

    Args:
        lines: all of it.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._numbers: list[int] = []
        self._starts: list[int] = []
        self._stops: list[int] = []
        words: list[str] = []
        suggested: list[str] = []
        self._length = 0
        for line in lines:
            for span in (*line.spans, Span("\n", line.attributes)):
                words.append(span.text)
                suggested.append(_GONE * len(span.text) if DELETION in span.attributes else span.text)
                self._add(span.attributes.get(PIECE), len(span.text))
        self._text = "".join(words)
        self._suggested = "".join(suggested)

    def place(self, first: int, stop: int) -> tuple[int, int]:
        """Start and stop, in characters, of the pieces from one up to another one; where there is no text in them, of
        the word there, or of what else is next to it."""
        begin, end = bisect_left(self._numbers, first), bisect_left(self._numbers, stop)
        if begin < end:
            return self._starts[begin], self._stops[end - 1]
        return self._around(self._starts[begin] if begin < len(self._starts) else self._length)

    def quote(self, start: int, stop: int) -> str:
        """What stands between two places as it is suggested, or all that is to go where it is that alone."""
        return self._suggested[start:stop].replace(_GONE, "") or self._text[start:stop]

    def in_units(self, positions: Iterable[int]) -> Mapping[int, Utf16]:
        """Each position, in characters, by UTF-16 units."""
        found: dict[int, Utf16] = {}
        before = at = 0
        for position in sorted(set(positions)):
            at += utf16_length(self._text[before:position])
            found[position] = Utf16(at)
            before = position
        return found

    def _add(self, piece: object, length: int) -> None:
        start, self._length = self._length, self._length + length
        if not isinstance(piece, int) or not length:
            return
        if self._numbers and piece <= self._numbers[-1]:
            self._stops[-1] = self._length
        else:
            self._numbers.append(piece)
            self._starts.append(start)
            self._stops.append(self._length)

    def _around(self, at: int) -> tuple[int, int]:
        text = self._text
        before, behind = text[max(0, at - LONGEST_WORD) : at], text[at : at + LONGEST_WORD]
        start = at - _word(reversed(before))
        stop = at + _word(behind)
        if start < stop:
            return start, stop
        if before and before[-1] != "\n":
            return at - 1, at
        return (at, at + 1) if behind else (max(0, at - 1), at)


def _word(letters: Iterable[str]) -> int:
    """How many letters and digits come first."""
    count = 0
    for letter in letters:
        if not letter.isalnum():
            break
        count += 1
    return count


def without_pieces(lines: Iterable[Line]) -> list[Line]:
    """Lines that do not say in which pieces they stand."""
    return [
        Line(
            tuple(replace(span, attributes=_without(span.attributes)) for span in line.spans), _without(line.attributes)
        )
        for line in lines
    ]


def _without(attributes: Attributes) -> Attributes:
    return without(attributes, PIECE) if PIECE in attributes else attributes
