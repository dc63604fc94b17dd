"""GoneLooks: how text looked that this copy has deleted, so that it looks so again when undo brings it back.

In Yjs a look reaches from where it is set to where it is taken away. Undo writes text anew between the two; but stock
Yjs takes both away where nothing stands between them any more, in every document that it has open. Runs on the
document's thread. Positions are UTF-16 units.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cowrite.core.richtext import NO_ATTRIBUTES, RECORDS, Attributes, Format, Span, Utf16, utf16_length
from cowrite.core.structs import Content, Id, Struct
from cowrite.core.text_units import TextUnits

UnitsOf = Callable[[Sequence[tuple[int, int]]], TextUnits]
"""The ids of several stretches of the text, see `Anchors.units_of`."""

MOST_SPANS, MOST_UNITS = 20, 10_000
"""So many spans and units of what is deleted at once are noted by their ids: to find one takes as long as the text is.
Of more, the text says what comes back."""

MOST_WHOLE = 3
"""So many deletions of more are kept."""

MOST_PARTS = 20_000
"""So many parts of deleted text are kept; then it begins anew."""


class _Part(NamedTuple):
    """Text that was written in a row and looks alike."""

    clock: int
    units: int
    look: Attributes


class GoneLooks:
    """What one copy of a document knows of them.

    Args:
        client: its client id.
    """

    def __init__(self, client: int) -> None:
        self._client = client
        self._parts: dict[int, list[_Part]] = {}  # by client and clock
        self._count = 0
        self._back: dict[int, list[_Part]] = {}  # what undo has just brought back of it, the same
        self._whole: deque[tuple[Span, ...]] = deque(maxlen=MOST_WHOLE)

    def deletes(self, at: int, spans: Sequence[Span], units_of: UnitsOf) -> None:
        """Takes note of what an own edit is about to delete.

        Args:
            at: where it is.
            spans: it.
            units_of: gives its ids.
        """
        length = sum(utf16_length(span.text) for span in spans)
        if len(spans) > MOST_SPANS or length > MOST_UNITS:
            self._whole.append(tuple(spans))
            return
        if self._count >= MOST_PARTS:
            self._parts, self._count = {}, 0
        found = units_of([(at, length)])
        for span in spans:
            for units, id in found.runs(at, span.text):
                self._keep(id, units, span.attributes)
            at += utf16_length(span.text)

    def came_back(self, structs: Iterable[Struct]) -> None:
        """Takes note of what an own undo has brought back: anew, just left of what was deleted."""
        self._back = {}
        for each in structs if self._count else ():
            gone = each.right_origin
            if each.client == self._client and each.content in (Content.STRING, Content.EMBED) and gone is not None:
                for start, units, look in _within(self._parts, gone, each.length):
                    back = _Part(each.clock + start - gone.clock, units, look)
                    insort(self._back.setdefault(self._client, []), back, key=_clock)

    def put_right(self, come: Sequence[tuple[int, Span]], units_of: UnitsOf) -> list[Format]:
        """What gives text that an own undo has brought what it lacks of how it looked; it keeps how others have
        it look meanwhile.

        Args:
            come: that text, and where it is.
            units_of: gives its ids.
        """
        back, self._back = self._back, {}
        for whole in list(reversed(self._whole)):
            if _length(whole) == _length(span for _, span in come) and _text(whole) == _text(span for _, span in come):
                self._whole.remove(whole)
                return list(_lacking_of_all(whole, come))
        if not back:
            return []
        formats: list[Format] = []
        units = units_of([(at, utf16_length(span.text)) for at, span in come])
        for at, span in come:
            for length, id in units.runs(at, span.text):
                for start, part, look in _within(back, id, length):
                    formats += _lacking(at + start - id.clock, part, look, span.attributes)
                at += length
        return formats

    def _keep(self, id: Id, units: int, look: Attributes) -> None:
        insort(self._parts.setdefault(id.client, []), _Part(id.clock, units, look), key=_clock)
        self._count += 1


def _within(known: Mapping[int, Sequence[_Part]], id: Id, length: int) -> Iterator[_Part]:
    """What is known of units that were written in a row."""
    parts = known.get(id.client, ())
    index = max(0, bisect_right(parts, id.clock, key=_clock) - 1)
    while index < len(parts) and parts[index].clock < id.clock + length:
        clock, units, look = parts[index]
        start, stop = max(clock, id.clock), min(clock + units, id.clock + length)
        if start < stop:
            yield _Part(start, stop - start, look)
        index += 1


def _length(spans: Iterable[Span]) -> int:
    return sum(len(span.text) for span in spans)


def _clock(part: _Part) -> int:
    return part.clock


def _text(spans: Iterable[Span]) -> str:
    return "".join(span.text for span in spans)


def _lacking_of_all(went: Iterable[Span], come: Iterable[tuple[int, Span]]) -> Iterator[Format]:
    """What text lacks that has come as it went."""
    old, rest, look = iter(went), 0, NO_ATTRIBUTES
    for at, span in come:
        stop = at + utf16_length(span.text)
        while at < stop:
            if not rest:
                each = next(old)
                rest, look = utf16_length(each.text), each.attributes
            step = min(rest, stop - at)
            yield from _lacking(at, step, look, span.attributes)
            at, rest = at + step, rest - step


def _lacking(at: int, units: int, look: Attributes, has: Attributes) -> Iterator[Format]:
    lacks = {name: value for name, value in look.items() if name not in has and name not in RECORDS}
    if lacks:
        yield Format(Utf16(at), Utf16(units), lacks)
