"""Turn: text that stayed while its mark was turned, and what puts that right.

Pure. Positions are UTF-16 units. For example, an undo lays the mark "change:1" over "three", which had none: the turn
says where "three" is, that it had nothing, has "change:1" now, and should have nothing again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from cowrite.core.crdt.structs import Id
from cowrite.core.marks.ai_marks import MOST_RUNS, Runs
from cowrite.core.text.richtext import Format, Span, Utf16

Spans = Callable[[int, int], Iterator[Span]]
"""The rich text between two positions."""


class Turn(NamedTuple):
    """Text that stayed, and its mark before a change, after it, and when that is put right."""

    at: int
    units: int
    name: str
    was: Any
    now: Any
    wanted: Any

    @property
    def put_right(self) -> Format:
        """What gives it the mark that it should have."""
        return Format(Utf16(self.at), Utf16(self.units), {self.name: self.wanted})


def runs_of(turned: Turn, runs: Runs, spans: Spans) -> Iterator[tuple[int, int, Id]]:
    """Who has written text that stayed, part by part from left to right, as far as that is worth the time: where a part
    is, its units and its first id."""
    at, looked = turned.at, 0
    for span in list(spans(at, at + turned.units)):
        for units, id in runs(at, span.text):
            yield at, units, id
            at += units
            looked += 1
            if looked >= MOST_RUNS:
                return


def cut(text: str, units: int) -> tuple[str, str]:
    """The first so many UTF-16 units of a text, and the others."""
    data = text.encode("utf-16-le")
    return data[: 2 * units].decode("utf-16-le"), data[2 * units :].decode("utf-16-le")


def held_parts(run: Id, units: int, held: Iterable[tuple[Id, int]]) -> Iterator[tuple[int, int, bool]]:
    """Text that was written in a row, cut where held text begins and ends: offset, units and whether it is held."""
    first, last = run.clock, run.clock + units
    inside = [
        (max(first, id.clock), min(last, id.clock + length))
        for id, length in held
        if id.client == run.client and id.clock < last and id.clock + length > first
    ]
    for start, stop in pairwise(sorted({first, last, *(end for each in inside for end in each)})):
        yield start - first, stop - start, any(begin <= start and stop <= end for begin, end in inside)


def beside(turned: Iterable[Turn], others: Iterable[Turn]) -> Iterator[Turn]:
    """What of text that was turned others do not tell of, by the names of the marks; all are from left to right."""
    places: dict[str, list[tuple[int, int]]] = {}
    for other in others:
        places.setdefault(other.name, []).append((other.at, other.at + other.units))
    for each in turned:
        at, end, known = each.at, each.at + each.units, places.get(each.name, ())
        for place in range(max(bisect_left(known, (at,)) - 1, 0), len(known)):
            start, stop = known[place]
            if start >= end:
                break
            if at < start:
                yield each._replace(at=at, units=start - at)
            at = max(at, stop)
        if at < end:
            yield each._replace(at=at, units=end - at)


def joined_formats(formats: Iterable[Format]) -> list[Format]:
    """The same in as few as can be: between two the text would be cut, and redo of yrs does not find what was cut."""
    joined: list[Format] = []
    for each in sorted(formats, key=lambda each: each.at):
        last = joined[-1] if joined else None
        if last is not None and last.at + last.length == each.at and last.attributes == each.attributes:
            joined[-1] = Format(last.at, Utf16(last.length + each.length), last.attributes)
        else:
            joined.append(each)
    return joined
