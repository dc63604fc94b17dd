"""StepMarks: what one step has done to marks, so that undo and redo do just the contrary.

Pure; runs on the document's thread. Positions are UTF-16 units. For example, Bo suggests that "one two" goes, and Ada
writes "X" in the middle: "one X two" now has two marks with a gap. Yjs' undo takes back only what Bo's step has set, so
it would leave the second mark, which is nobody's step. So a suggestion, a decision, an undo and a redo each note by the
ids of the text which text got another mark, and what it had before; the reverse gives just that text what it had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise
from typing import Any, Generic, NamedTuple, TypeVar

from cowrite.core.crdt.structs import Id
from cowrite.core.marks.ai_marks import MOST_RUNS, Place, Runs
from cowrite.core.marks.turns import Spans, Turn, cut, joined_formats
from cowrite.core.text.offsets import InsideCharacter, OutsideText
from cowrite.core.text.richtext import (
    DELETION,
    NO_ATTRIBUTES,
    RECORDS,
    TABLE,
    Attributes,
    Format,
    Op,
    Span,
    Utf16,
    plain_text,
    utf16_length,
)

_EXACT = RECORDS | {TABLE}  # of these text gets back just what it had

MOST_TURNED = 100
"""So many parts of text that stays get back their looks after an undo: each is looked for from the beginning."""


class Stayed(NamedTuple):
    """Text that was written in a row, whose mark a step has turned."""

    id: Id
    text: str
    name: str
    was: Any
    now: Any


class StepMarks(NamedTuple):
    """What one step, undo or redo has done.

    Attributes:
        stayed: the text that got another mark; None where that is left to the library.
        gone: the text that went, from left to right.
    """

    stayed: tuple[Stayed, ...] | None
    gone: tuple[Span, ...]

    def are_there(self, place: Place, spans: Spans) -> bool:
        """Whether text that has stayed still has the marks that the step gave it, some of it at least; see
        `turned_back`."""
        return any(turn.wanted != turn.was for turn in turned_back(self.stayed or (), (), place, spans))

    def followed(
        self,
        place: Place,
        text: Iterable[Span],
        runs: Runs,
        source_of: Callable[[Id], Id | None],
        turns: Iterable[Turn] = (),
    ) -> Place:
        """Where units are now, also those that were to go, and that others have taken out and brought back since: there
        they have the mark of the same change, and other ids.

        Args:
            place: where a unit is that goes by its id still.
            text: all of the rich text.
            runs: the ids of a stretch of it.
            source_of: see `Anchors.source_of`.
            turns: what the library has turned now.
        """
        stayed = [each for each in self.stayed or () if each.name == DELETION and each.now is not None]
        gone = [each.now for each in stayed if place(each.id) is None]
        lost = [each for each in turns if each.name == DELETION and each.was in gone]
        back: dict[Id, Utf16] = {}
        at = 0
        for span in list(text) if gone else ():
            stop = at + utf16_length(span.text)
            is_lost = any(at < each.at + each.units and each.at < stop for each in lost)
            is_it = is_lost or span.attributes.get(DELETION) in gone
            for units, first in runs(at, span.text) if is_it else ():
                while (source := source_of(first)) is not None:
                    back |= {Id(source.client, source.clock + unit): Utf16(at + unit) for unit in range(units)}
                    first = source
                at += units
            at = stop
        return lambda unit: back.get(unit) if (found := place(unit)) is None else found

    def then(self, later: StepMarks) -> StepMarks:
        """What one step has done that goes on with what another has done later."""
        if self.stayed is None or later.stayed is None:
            return StepMarks(None, self.gone + later.gone)
        stayed = list(self.stayed)
        for each in later.stayed:
            joined = _in_a_row(stayed[-1], each) if stayed else None
            stayed[-1 if joined else len(stayed) :] = [joined or each]
        return StepMarks(None if len(stayed) > MOST_RUNS else tuple(stayed), self.gone + later.gone)


class Passing:
    """What text an undo or redo takes away and brings.

    Args:
        ids: of the text of this person's suggestions before, by position; of as much as is worth the time.
        looks: those that a step may have turned, see `looks_of`.

    Attributes:
        gone: what went, from left to right.
        gone_by: by which ids each of these spans went: the first unit and the number of each part that was written in a
            row; none where that is not known.
        come: what came, and where it is.
        cells: what makes cells of lines that stay: the step, how far from its beginning they are, and their length.
        spared: text that stays and was to go, and is not any more: its change, where it is, and its units.
        turned: looks of text that stays which the library has turned, and no step has.
        watched: looks that steps have turned of which it is asked what the library turns.
        spread: what it has turned of these.
    """

    def __init__(self, ids: Mapping[int, Id] | None = None, looks: Set[str] = frozenset()) -> None:
        self.gone: list[Span] = []
        self.gone_by: list[tuple[tuple[Id, int], ...]] = []
        self._ids = ids or {}
        self._looks = looks
        self._shift = 0  # how much further on what is reached stood before
        self.come: list[tuple[int, Span]] = []
        self.cells: list[tuple[Format, int, int]] = []
        self.spared: list[tuple[str, int, int]] = []
        self.turned: list[Turn] = []
        self.watched: Set[str] = frozenset()
        self.spread: list[Turn] = []

    def goes(self, at: int, spans: Iterable[Span]) -> None:
        """Text goes, from left to right."""
        for span in spans:
            self.gone.append(span)
            before, units = at + self._shift, utf16_length(span.text)
            self.gone_by.append(_in_rows([self._ids.get(place) for place in range(before, before + units)]))
            self._shift += units

    def comes(self, at: int, span: Span) -> None:
        """Text comes, from left to right."""
        self.come.append((at, span))
        self._shift -= utf16_length(span.text)

    def turns(self, at: int, spans: Iterable[Span], changed: Attributes) -> None:
        """Text that stays gets other attributes, before it has them; from left to right."""
        names = changed.keys() - _EXACT - (self._looks - self.watched)
        for span in spans if names else ():
            units = utf16_length(span.text)
            for name in sorted(names):
                was, now = span.attributes.get(name), changed[name]
                if was != now:
                    turned = self.spread if name in self._looks else self.turned
                    turned.append(Turn(at, units, name, was, now, was))
            at += units

    def strays(self, gone: Iterable[Span], spans: Spans) -> list[Format]:
        """What gives text that stays the looks back that only the library has turned, and text that comes back those
        with which it went. Where others have deleted text, what was written around that of the step can be all that the
        text behind has its looks from.

        Args:
            gone: the text that the reverse of this took away.
            spans: the rich text as it is now.
        """
        if len(self.turned) > MOST_TURNED:
            return []
        gone = [_look(span) for span in gone]
        come = list[tuple[int, Span]]()
        for start, whole in self.come if gone else ():
            at = start
            for span in spans(at, at + utf16_length(whole.text)):
                come.append((at, span))
                at += utf16_length(span.text)
        back = returned(gone, [(at, _look(span)) for at, span in come], are_exact=True)
        return joined_formats([*(each.put_right for each in self.turned), *(back or ())])

    @property
    def has_cells(self) -> bool:
        """Whether cells of tables are among what went or came."""
        spans = (*self.gone, *(span for _, span in self.come))
        return any(TABLE in span.attributes and "\n" in span.text for span in spans)


def _in_rows(ids: Iterable[Id | None]) -> tuple[tuple[Id, int], ...]:
    """The first unit and the number of each part of text that was written in a row; nothing where one is not known."""
    rows: list[tuple[Id, int]] = []
    for id in ids:
        if id is None:
            return ()
        first, units = rows[-1] if rows else (id, 0)
        if id == Id(first.client, first.clock + units) and units:
            rows[-1] = first, units + 1
        else:
            rows.append((id, 1))
    return tuple(rows)


def looks_of(ops: Iterable[Op]) -> frozenset[str]:
    """Which looks steps of an edit set on text that is there, or take from it."""
    return frozenset(name for op in ops if isinstance(op, Format) for name in op.attributes) - _EXACT


def noted(turns: Iterable[Turn], gone: Iterable[Span], runs: Runs, spans: Spans) -> StepMarks:
    """What is to be remembered of a step, undo or redo; of text that stayed nothing where it is not worth the time that
    it takes."""
    stayed: list[Stayed] = []
    turned = [each for each in turns if each.wanted != each.was]
    if len(turned) > MOST_RUNS:
        return StepMarks(None, tuple(gone))
    for each in turned:
        at = each.at
        for span in list(spans(at, at + each.units)):
            text = span.text
            for units, id in runs(at, text):
                part, text = cut(text, units)
                stayed.append(Stayed(id, part, each.name, each.was, each.wanted))
                at += units
                if len(stayed) > MOST_RUNS:
                    return StepMarks(None, tuple(gone))
    return StepMarks(tuple(stayed), tuple(gone))


def turned_back(stayed: Iterable[Stayed], turns: Sequence[Turn], place: Place, spans: Spans) -> list[Turn]:
    """What becomes of text that stays when a step is reversed: what the step has turned gets back what it had, unless
    somebody has given it another mark since, and all else keeps what it has. A stroke under that of another is turned
    as if it showed, with nothing to put right.

    Args:
        stayed: the text that got another mark in the step.
        turns: what the library has turned now.
        place: where a unit is now; None where it is deleted.
        spans: the rich text as it is now.
    """
    back: dict[str, list[tuple[int, int, Stayed]]] = {}
    for each in stayed:
        for start, stop in _places(each.id, each.text, place, spans):
            back.setdefault(each.name, []).append((start, stop, each))
    found: list[Turn] = []
    for name in {*back, *(turn.name for turn in turns)}:
        now = _Ranges((turn.at, turn.at + turn.units, turn) for turn in turns if turn.name == name)
        then = _Ranges(back.get(name, ()))
        for start, stop in pairwise(sorted(now.ends | then.ends)):
            turn, part = now.at(start), then.at(start)
            if turn is None and part is None:
                continue
            at = start
            for span in list(spans(start, stop)):
                units, has = utf16_length(span.text), span.attributes.get(name)
                was = has if turn is None else turn.was
                if part is not None and _is_under(part, turn, has):
                    found.append(Turn(at, units, name, part.now, part.was, part.was))
                else:
                    wanted = part.was if part is not None and part.now == was else was
                    found.append(Turn(at, units, name, was, has, wanted))
                at += units
    return found


def _is_under(stayed: Stayed, turned: Turn | None, has: Any) -> bool:
    """Whether a step has turned a stroke over which another one shows: it has it back all the same, and nobody sees
    that."""
    return stayed.name == DELETION and turned is None and has not in (None, stayed.was, stayed.now)


def returned(gone: Iterable[Span], come: Iterable[tuple[int, Span]], *, are_exact: bool = False) -> list[Format] | None:
    """What gives text that comes back the marks and rows of tables with which it went, and the looks that it lacks;
    None where not just that text has come.

    Args:
        gone, come: see `Passing`.
        are_exact: whether it gets just the looks with which it went.
    """
    went = [(span.text, span.attributes) for span in gone]
    came = [(span.text, at, span.attributes) for at, span in come]
    if "".join(text for text, _ in went) != "".join(text for text, _, _ in came):
        return None
    formats: list[Format] = []
    rest, had = "", NO_ATTRIBUTES
    old = iter(went)
    for text, at, has in came:
        while text:
            if not rest:
                rest, had = next(old)
                continue
            part = text[: len(rest)]
            units = utf16_length(part)
            formats += _unlike(at, units, had, has, are_exact=are_exact)
            text, rest, at = text[len(part) :], rest[len(part) :], at + units
    return formats


def _look(span: Span) -> Span:
    """Rich text with its looks alone."""
    return Span(span.text, {name: value for name, value in span.attributes.items() if name not in _EXACT}, span.embed)


def _unlike(at: int, units: int, had: Attributes, has: Attributes, *, are_exact: bool) -> Iterator[Format]:
    for name in sorted({*had, *has}):
        # What was done to looks may not all be of this step; of these it is given what it lacks.
        if had.get(name) != has.get(name) and (are_exact or name in _EXACT or name not in has):
            yield Format(Utf16(at), Utf16(units), {name: had.get(name)})


def _in_a_row(one: Stayed, other: Stayed) -> Stayed | None:
    """Two texts as one, where they were written in a row and turned alike; None where not."""
    for first, last in ((one, other), (other, one)):
        behind = Id(first.id.client, first.id.clock + utf16_length(first.text))
        if last == first._replace(id=behind, text=last.text):
            return first._replace(text=first.text + last.text)
    return None


def _places(id: Id, text: str, place: Place, spans: Spans) -> Iterator[tuple[int, int]]:
    """Where text is that was written in a row, as far as it is there. Within, some of it can be gone, and as much of
    other text be there in its place."""
    units, last = utf16_length(text), utf16_length(text[-1])
    start, stop = place(id), place(Id(id.client, id.clock + units - last))
    if start is not None and stop is not None and _has(text, start, stop + last, spans):
        yield start, stop + last
    elif len(text) > 1:
        head, tail = text[: len(text) // 2], text[len(text) // 2 :]
        yield from _places(id, head, place, spans)
        yield from _places(Id(id.client, id.clock + utf16_length(head)), tail, place, spans)


def _has(text: str, start: int, stop: int, spans: Spans) -> bool:
    """Whether a text is what stands between two positions."""
    try:
        return stop - start == utf16_length(text) and plain_text(spans(start, stop)) == text
    except (InsideCharacter, OutsideText):  # in its place stands other text, whose characters end elsewhere
        return False


_Of = TypeVar("_Of")


class _Ranges(Generic[_Of]):
    """Ranges that do not overlap, each with something."""

    def __init__(self, ranges: Iterable[tuple[int, int, _Of]]) -> None:
        self._ranges = sorted(ranges, key=lambda each: each[0])
        self.ends = {end for start, stop, _ in self._ranges for end in (start, stop)}
        self._next = 0

    def at(self, position: int) -> _Of | None:
        """What the range has in which a position lies; the positions are asked for from left to right."""
        while self._next < len(self._ranges) and self._ranges[self._next][1] <= position:
            self._next += 1
        if self._next < len(self._ranges) and self._ranges[self._next][0] <= position:
            return self._ranges[self._next][2]
        return None
