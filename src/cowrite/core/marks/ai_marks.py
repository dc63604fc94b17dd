"""AiMarks: keeps the mark of the assistant's text on that text alone.

Runs on the document's thread. Positions are UTF-16 units. In Yjs a mark reaches from where it is set to where it is
taken away. For example, Ada types "X" within the assistant's "one two": the mark is taken away before "X" and set again
behind it. When "one two" is undone, the end of its mark goes with it, and all that follows would count as the
assistant's. So this copy sees to it that

- after an own undo, no text that stayed has another mark than before, and own text that came back has the mark with
  which it was written;
- after others' changes, text that this copy has written has the mark with which it was written, or none, and no
  other text has got a mark of this copy instead of what it had;
- when others' undo takes text away within which this copy has typed, what follows does not get its mark.

Whose text it is, only its ids say for sure. Where two copies contradict each other all the same, both soon stop.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from cowrite.core.crdt.structs import Content, Id, Struct
from cowrite.core.marks.corrections import MOST_OTHERS, MOST_OWN, Corrections
from cowrite.core.text.richtext import MARK, Attributes, Format, Op, Span, Utf16, utf16_length

Place = Callable[[Id], Utf16 | None]
"""Where a unit of the text is now; None where it is deleted."""


class Stray(NamedTuple):
    """Text with a wrong mark.

    Attributes:
        at: where it is.
        units: how long.
        mark: what it should have; None for none.
        is_new: whether it has just come in.
    """

    at: int
    units: int
    mark: Any
    is_new: bool


class _Turned(NamedTuple):
    """Text that stayed and got another mark."""

    at: int
    text: str
    was: Any
    now: Any


class _Own(NamedTuple):
    """Text with a mark that this copy has written."""

    clock: int
    length: int
    mark: str


UNSURE = ""
"""In the place of a mark: text that this copy brought back without knowing what it had."""

MOST_RUNS = 500
"""So many parts of a text are looked at; beyond, whose they are is not worth the time that it takes."""

MOST_DELETED_RUNS = 20
"""So many parts of what somebody is about to delete are looked at, while they wait for it."""

MOST_LOOKS = 100
"""So many of all that is deleted in one edit, however many places it deletes at."""

SHORT = 32
"""Units that somebody deletes of which it is always noted what marks they had; of more only where there are some."""

Runs = Callable[[int, str], Iterator[tuple[int, Id]]]
"""The ids of a stretch of the text, see `Anchors.runs`."""


class AiMarks:
    """What one copy of a document knows of marks.

    Args:
        client: its client id.
        name: the attribute that is the mark.
        has_breaks: whether line breaks have it too.

    Attributes:
        are_there: whether there has been one in the document.
    """

    def __init__(self, client: int, name: str = MARK, *, has_breaks: bool = False) -> None:
        self.are_there = False
        self._name = name
        self._has_breaks = has_breaks
        self._client = client
        self._typed_beside: set[str] = set()
        self._gone: set[str] = set()  # marks of text that others have just taken away
        self._turned: list[_Turned] = []
        self._own: list[_Own] = []  # by clock: what is written later has a higher one
        self._own_marks: set[str] = set()  # of all of these
        self._deleted: dict[Id, str | None] = {}  # others' text, by its single units
        self._corrections = Corrections()
        self._back: list[tuple[Id, int, str | None]] = []

    def typed(self, left: Attributes, attributes: Attributes) -> None:
        """Takes note of an own insert beside text with a mark."""
        mark = _id(left.get(self._name))
        if mark is not None and attributes.get(self._name) != mark:
            self._typed_beside.add(mark)

    def wrote(self, structs: Iterable[Struct], spans: Sequence[Span]) -> None:
        """Takes note of what an own transaction has written.

        Args:
            structs: of its update.
            spans: the text that its edits have put in, in the order in which the shared text got it.
        """
        written = [each for each in structs if each.client == self._client and each.content in _TEXT]
        if sum(each.length for each in written) != sum(utf16_length(span.text) for span in spans):
            return
        units = iter([(each.clock, each.length) for each in written])
        clock = left = 0
        for span in spans:
            rest, mark = utf16_length(span.text), _id(span.attributes.get(self._name))
            while rest:
                if not left:
                    clock, left = next(units)
                step = min(rest, left)
                if mark is not None:
                    self._note_own(clock, step, mark)
                clock, left, rest = clock + step, left - step, rest - step

    def _note_own(self, clock: int, length: int, mark: str) -> None:
        self._own_marks.add(mark)
        last = self._own[-1] if self._own else None
        if last is not None and last.clock + last.length == clock and last.mark == mark:  # somebody types
            self._own[-1] = _Own(last.clock, last.length + length, mark)
        else:
            self._own.append(_Own(clock, length, mark))

    def deletes(self, at: int, spans: Sequence[Span], runs: Runs, most: int = MOST_DELETED_RUNS) -> int:
        """Takes note of what an own edit is about to delete, what has a mark first and not much else.

        Args:
            at: where it is.
            spans: it.
            runs: the ids of a stretch of the text.
            most: so many parts of it are looked at.

        Returns:
            How many were.
        """
        ends = accumulate((utf16_length(span.text) for span in spans), initial=at)
        places = [
            (_id(span.attributes.get(self._name)), start, span.text) for span, start in zip(spans, ends, strict=False)
        ]
        places.sort(key=lambda place: place[0] is None)
        found = ((mark, *run) for mark, start, text in places for run in runs(start, text))
        looked = 0
        for mark, units, id in islice(found, min(most, MOST_DELETED_RUNS)):
            looked += 1
            if id.client != self._client:
                self._deleted |= {Id(id.client, id.clock + offset): mark for offset in range(units)}
        return looked

    def goes(self, spans: Iterable[Span]) -> None:
        """Takes note of text that is taken away, before it is."""
        self._gone |= {mark for span in spans if (mark := _id(span.attributes.get(self._name))) is not None}

    def came_back(self, structs: Iterable[Struct]) -> None:
        """Takes note of what an own undo or redo has brought back: anew, just left of what was deleted."""
        for each in structs:
            gone = each.right_origin
            if each.client == self._client and each.content in _TEXT and gone is not None:
                for offset, length, mark in list(self._marks_of(gone, each.length)):
                    if mark is not None:
                        self._own.append(_Own(each.clock + offset, length, mark))
                        self._own_marks.add(mark)
                    if mark != UNSURE:
                        self._back.append((Id(self._client, each.clock + offset), length, mark))

    def laid(self, clock: int, length: int, mark: str) -> None:
        """Takes note of the mark that own text has again, with which it was not written."""
        for offset, units, had in list(self._marks(clock, length)):
            if had is None:
                insort(self._own, _Own(clock + offset, units, mark))
                self._own_marks.add(mark)

    def knows(self, mark: str) -> bool:
        """Whether this copy remembers text with a mark that it has written or brought back."""
        return mark in self._own_marks

    def had(self, id: Id, length: int) -> Iterator[tuple[int, int, str | None]]:
        """The marks with which this copy has written a text, or brought it back: offset, length and mark of each part.

        Args:
            id: of its first unit, this copy's.
            length: units.
        """
        return self._marks(id.clock, length)

    def turns(self, at: int, spans: Iterable[Span], mark: Any) -> None:
        """Takes note that text which stays gets another mark, before it has it; in one change from left to right."""
        for span in spans:
            was = span.attributes.get(self._name)
            if was != mark:
                self._turned.append(_Turned(at, span.text, was, mark))
            at += utf16_length(span.text)

    def forget(self) -> None:
        """The text was read anew: what a change has done to marks is known no longer."""
        self._turned, self._back, self._gone = [], [], set()

    def take_strays(
        self, *, is_undo: bool, place: Place, runs: Runs, spans: Callable[[int, int], Iterator[Span]]
    ) -> list[Stray]:
        """What has a wrong mark after a change that is not an own edit.

        Args:
            is_undo: whether an own undo or redo was the change.
            place: where a unit is now; None where it is deleted.
            runs: the ids of a stretch of the text.
            spans: the rich text between two positions.
        """
        turned, self._turned = self._turned, []
        back, self._back = self._back, []
        gone, self._gone = self._gone, set()
        if is_undo:
            stayed = [Stray(each.at, utf16_length(each.text), each.was, is_new=False) for each in turned]
            return stayed + list(self._unlike(self._worth_a_look(back), place, spans))
        found: list[tuple[str | None, int, Stray]] = []
        for each in turned:
            mark = _id(each.was) if each.now is None else _id(each.now)
            parts = list(self._put_back(each, gone, runs))
            found += [(mark, MOST_OWN, stray) for stray, is_own in parts if is_own]
            found += [(mark, MOST_OTHERS, stray) for stray, is_own in parts if not is_own]
        return list(self._corrections.make(found))

    def _worth_a_look(self, back: list[tuple[Id, int, str | None]]) -> Iterable[tuple[Id, int, str | None]]:
        """What of the text that came back may have another mark than it should: what had one first, and not too much,
        since to find one place takes the longer the more places there are."""
        if not self.are_there:
            return ()
        return islice(sorted(back, key=lambda each: each[2] is None), MOST_RUNS)

    def _put_back(self, turned: _Turned, gone: set[str], runs: Runs) -> Iterator[tuple[Stray, bool]]:
        """What of a text has a wrong mark now, and whether this copy has written it."""
        was, now = _id(turned.was), _id(turned.now)
        own = {mark for mark in (was, now) if mark is not None and mark in self._own_marks}
        if own:
            # The text of others that got a mark of this copy has what it had, unless that was one as well.
            other = turned.now if now not in own else None if was in own else turned.was
            for at, units, mark in self._own_parts(turned, runs, own):
                wanted = other if mark is None else mark
                if wanted != turned.now:
                    yield Stray(at, units, wanted, is_new=False), mark is not None
        elif turned.was is None and now in self._typed_beside and now in gone:
            yield Stray(turned.at, utf16_length(turned.text), None, is_new=False), False
        elif turned.was is None:
            at = turned.at
            for units, id in islice(runs(at, turned.text), MOST_RUNS):
                if id.client == self._client:
                    for offset, length, mark in self._marks(id.clock, units):
                        if mark is None:
                            yield Stray(at + offset, length, None, is_new=False), True
                at += units

    def _own_parts(self, turned: _Turned, runs: Runs, marks: set[str]) -> Iterator[tuple[int, int, str | None]]:
        """The parts of a text: where each is, its units, and with which of some marks this copy has written it; None
        for none of them."""
        at = turned.at
        for units, id in runs(at, turned.text):
            parts = self._marks(id.clock, units) if id.client == self._client else ((0, units, None),)
            for offset, length, mark in parts:
                yield at + offset, length, mark if mark in marks else None
            at += units

    def _marks_of(self, id: Id, length: int) -> Iterator[tuple[int, int, str | None]]:
        """The marks that deleted text had: offset, length and mark of each part."""
        if id.client == self._client:
            yield from self._marks(id.clock, length)
            return
        pieces: list[tuple[str | None, int]] = []
        behind = 0
        for offset, mark in self._known_deleted(id, length):
            pieces += ((UNSURE, offset - behind), (mark, 1))
            behind = offset + 1
        pieces.append((UNSURE, length - behind))
        offset = 0
        for mark, parts in groupby((each for each in pieces if each[1]), key=itemgetter(0)):
            units = sum(part for _, part in parts)
            yield offset, units, mark
            offset += units

    def _known_deleted(self, id: Id, length: int) -> Iterator[tuple[int, str | None]]:
        """The units of a deleted text of others of which it is known what mark they had: offset and mark of each. Where
        much of that which is not known comes back, as all of a long text, this must not look at each of its units."""
        if length <= len(self._deleted):
            units = ((offset, Id(id.client, id.clock + offset)) for offset in range(length))
            yield from ((offset, self._deleted[unit]) for offset, unit in units if unit in self._deleted)
        else:
            places = (unit.clock - id.clock for unit in self._deleted if unit.client == id.client)
            for offset in sorted(each for each in places if 0 <= each < length):
                yield offset, self._deleted[Id(id.client, id.clock + offset)]

    def _marks(self, clock: int, length: int) -> Iterator[tuple[int, int, str | None]]:
        """The marks with which this copy has written a range: offset, length and mark of each part."""
        offset = 0
        index = max(0, bisect_right(self._own, clock, key=lambda own: own.clock) - 1)
        while offset < length:
            while index < len(self._own) and self._own[index].clock + self._own[index].length <= clock + offset:
                index += 1
            own = self._own[index] if index < len(self._own) else _Own(clock + length, 0, "")
            if own.clock > clock + offset:
                step = min(own.clock - clock, length) - offset
                yield offset, step, None
            else:
                step = min(own.clock + own.length - clock, length) - offset
                yield offset, step, own.mark
            offset += step

    def _unlike(
        self,
        back: Iterable[tuple[Id, int, str | None]],
        place: Place,
        spans: Callable[[int, int], Iterator[Span]],
    ) -> Iterator[Stray]:
        """What of the text that came back has another mark than it should."""
        for id, length, mark in back:
            at = place(id)
            if at is not None:
                for span in list(spans(at, at + length)):
                    units = utf16_length(span.text)
                    if (self._has_breaks or span.text != "\n") and span.attributes.get(self._name) != mark:
                        yield Stray(at, units, mark, is_new=True)
                    at = Utf16(at + units)


def _id(mark: object) -> str | None:
    """A mark that is one; other programs can write anything."""
    return mark if isinstance(mark, str) else None


_TEXT = (Content.STRING, Content.EMBED)


def put_right(ops: Iterable[Op], strays: Iterable[Stray]) -> tuple[Op, ...]:
    """The steps of a change as they are when its strays have the right marks."""
    return (*ops, *(Format(Utf16(each.at), Utf16(each.units), {MARK: each.mark}) for each in strays))


def without_marks(ops: Iterable[Op]) -> Iterator[Op]:
    """The steps of a change that sets no mark on text which stays."""
    for op in ops:
        if isinstance(op, Format) and MARK in op.attributes:
            rest = {name: value for name, value in op.attributes.items() if name != MARK}
            if rest:
                yield Format(op.at, op.length, rest)
        else:
            yield op
