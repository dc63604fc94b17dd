"""SuggestingEdit: an edit that changes nothing yet, and is shown as what somebody suggests.

Runs on the document's thread. Its steps are made on the rope alone, so that who makes them reads on the way what they
would read otherwise. In the end they are taken back, and what they come to is suggested: what was to go is marked with
`deletion`, what was to come in comes behind it, marked with `insertion`. A person's own suggestion is changed for real.
Formats of text that is there already cannot be suggested and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, cast

from pycrdt import Text

from cowrite.core.crdt.text_units import TextUnits
from cowrite.core.document.body import Body
from cowrite.core.document.edit import MOST_PLACES, Edit
from cowrite.core.document.suggested_at_once import Place, places_of, suggest
from cowrite.core.document.suggester import Suggester
from cowrite.core.marks.ai_marks import MOST_LOOKS
from cowrite.core.marks.step_marks import StepMarks
from cowrite.core.marks.turns import Turn
from cowrite.core.text.pieces import Part, Pieces
from cowrite.core.text.richtext import (
    DELETION,
    INSERTION,
    TABLE,
    Attributes,
    Delete,
    Format,
    Insert,
    Span,
    plain_text,
    utf16_length,
)


class _NoText:
    """Takes the place of the shared text, and does nothing."""

    def insert(self, *_of: object) -> None:
        """Does nothing."""

    def insert_embed(self, *_of: object) -> None:
        """Does nothing."""

    def format(self, *_of: object) -> None:
        """Does nothing."""

    def __delitem__(self, _of: object) -> None:
        """Does nothing."""


class SuggestingEdit(Edit):
    """An edit of which the text shows what is suggested, once it is finished.

    Args:
        body: what is edited.
        client: the document's client id.
        suggester: who suggests.
        mark: see `Edit`.
    """

    __slots__ = ("_breaks", "_leaves_formats", "_marks", "_old", "_real", "_suggester", "_whole")

    def __init__(self, body: Body, client: int, suggester: Suggester, mark: str | None) -> None:
        scratch = Body(cast(Text, _NoText()), client)
        scratch.rope = body.rope
        super().__init__(scratch, mark)
        self._whole = body
        self._suggester = suggester
        self._real = Edit(body)
        self._old: dict[int, list[Span]] = {}  # what a step has taken the place of, by the step's number
        self._breaks: list[tuple[int, int]] = []  # ends of pieces, as steps count them and as they lie in the end
        self._leaves_formats = False
        self._marks: StepMarks | None = None

    @property
    def result(self) -> Edit:
        """What is done to the body in the end."""
        return self._real

    @property
    def marks(self) -> StepMarks | None:
        """See `Edit.marks`. What somebody writes in the middle of what is to go ends the mark there and begins it
        anew, and undo would know nothing of that beginning."""
        return self._marks

    def place(self, at: int, *, behind: bool = False) -> int:
        """See `Edit.place`."""
        start = (0, 0)
        for end in self._breaks:
            if at < end[0] or (at == end[0] and not behind):
                break
            start = end
        else:
            return start[1] + at - start[0]
        return end[1] - (end[0] - at) if at > start[0] else start[1]

    def delete(self, at: int, length: int) -> None:
        """See `Edit.delete`."""
        if length:
            old = list(self._body.rope.spans(at, at + length))
            super().delete(at, length)
            self._old[len(self.ops) - 1] = old

    def delete_all(self, stretches: Sequence[tuple[int, int]], known: TextUnits | None = None) -> None:
        """See `Edit.delete_all`."""
        for at, length in reversed(stretches):
            self.delete(at, length)

    def format(self, at: int, length: int, attributes: Attributes) -> None:
        """See `Edit.format`."""
        old, steps = list(self._body.rope.spans(at, at + length)), len(self.ops)
        super().format(at, length, attributes)
        if len(self.ops) > steps:
            self._old[steps] = old

    def format_breaks(self, breaks: Sequence[int], attributes: Attributes) -> None:
        """See `Edit.format_breaks`; a last line that is open stays so."""
        for line_break in reversed(breaks):
            if line_break < self._body.rope.units:
                self.format(line_break, 1, attributes)
            else:
                self._leaves_formats = True

    def take_back(self) -> None:
        """Makes the rope what it was."""
        rope = self._body.rope
        for step in reversed(range(len(self.ops))):
            op = self.ops[step]
            if isinstance(op, Insert):
                rope.delete(op.at, utf16_length(op.span.text))
                continue
            if isinstance(op, Format):
                rope.delete(op.at, op.length)
            at = int(op.at)
            for span in self._old[step]:
                rope.insert(at, span)
                at += utf16_length(span.text)

    def finish(self) -> None:
        """Takes the steps back, and suggests what they come to."""
        pieces = Pieces(self._body.rope.units - _growth(self.ops))
        try:
            for op in self.ops:
                pieces.take(op)
        finally:
            self.take_back()
        self._suggest(pieces)
        only_formats = all(isinstance(op, Format) for op in self.ops)  # what is typed can bring another look with it
        if self._leaves_formats and (only_formats or not self._real.ops):
            self._suggester.leave_formats()

    # Inside

    def _suggest(self, pieces: Pieces) -> None:
        parts = list(pieces.parts())
        if len(parts) > MOST_LOOKS:  # to look by which ids it all goes is not worth the time
            self._marks = StepMarks(None, ())
        moved = self._moved(parts)
        id = self._id_at(*moved)
        at_once = self._at_once(parts)

        def is_at_once(part: Part) -> bool:
            return part.attributes is None and part.start in at_once

        # From the end on: the shared text looks for each place from its own beginning.
        gone = [0 if is_at_once(part) else self._do(part, moved, id) for part in reversed(parts)]
        counted = shift = 0  # how far the steps have counted, and how much further on is what stays than it was
        done = 0  # how much of that is done at once
        shifts: list[int] = []
        for part, units_gone in zip(parts, reversed(gone), strict=True):
            units_new = sum(utf16_length(span.text) for span in part.new)
            if is_at_once(part):
                shifts.append(shift - done)
                done += units_new
            counted += units_new + (0 if part.attributes is None else part.stop - part.start)
            shift += units_new - units_gone
            self._breaks.append((counted, part.stop + shift))
        if at_once:
            self._suggest_at_once(list(at_once.values()), shifts)

    def _do(self, part: Part, moved: Sequence[Part], id: Callable[[], str]) -> int:
        """Suggests one part; gives how many units of it are gone for real.

        Args:
            part: it.
            moved: see `_moved`.
            id: gives the id of the change that these are.
        """
        if part.attributes is not None:
            return self._reformat(part)
        return self._replace(part, id if part in moved else self._id_of(part))

    def _suggest_at_once(self, places: Sequence[Place], shifts: Sequence[int]) -> None:
        """Suggests a change in each of these places; of each it is said how much further on it is than its part."""
        ids = [self._cut_for(place.part) or self._suggester.begin() for place in places]
        taken = ((part, by, id) for (part, *_), by, id in zip(places, shifts, ids, strict=True) if not part.new)
        for part, by, id in islice(taken, 1):
            self._suggester.cut(id, self._whole.rope.text(part.start + by, part.stop + by))
        suggest(self._whole, self._real, list(zip(places, ids, strict=True)), shifts)

    def _at_once(self, parts: Sequence[Part]) -> dict[int, Place]:
        """Of many parts those that are suggested at once, by where each begins."""
        replaced = [part for part in parts if part.attributes is None]
        places = places_of(self._whole, replaced) if len(replaced) > MOST_PLACES else []
        return {place.part.start: place for place in places}

    def _moved(self, parts: Iterable[Part]) -> Sequence[Part]:
        """The two parts of which one takes away what the other brings, as where a line is moved: they are one change,
        so that nobody accepts one of them alone. Nothing where there is more than these."""
        replaced = [part for part in parts if part.attributes is None]
        if len(replaced) != 2:
            return ()
        taken, brought = sorted(replaced, key=lambda part: bool(part.new))
        if taken.new or brought.start < brought.stop:
            return ()
        text = plain_text(brought.new)
        return replaced if text and text == self._whole.rope.text(taken.start, taken.stop) else ()

    def _id_of(self, part: Part) -> Callable[[], str]:
        """Gives the id of the change of a part: where it brings what was cut elsewhere, that of the cut."""
        cut = self._cut_for(part)
        return self._id_at(part) if cut is None else lambda: cut

    def _cut_for(self, part: Part) -> str | None:
        return self._suggester.goes_on_with_cut(plain_text(part.new)) if part.start == part.stop else None

    def _replace(self, part: Part, id: Callable[[], str]) -> int:
        """Suggests text in the place of a range of the text as it was; gives how many units of both are gone for real:
        of the new text what was suggested to go where it stood before, as in a line that is moved.

        Args:
            part: the range, and the text.
            id: gives the id of the change.
        """
        rope, start, end = self._whole.rope, part.start, part.stop
        if self._ends_before_own_line(part):
            self._real.delete(end, 1)
            end -= 1
        end -= self._take_back(start, end)
        struck = list(_unmarked(start, rope.spans(start, end)))
        under = list(self._under(part, start, end))
        if struck or under:
            marks = StepMarks(None, ())
            if self._marks is None or self._marks.stayed is not None:
                strokes = sorted([*struck, *under])
                marks = self._real.told.noted([Turn(*each, DELETION, None, id(), id()) for each in strokes], ())
                self._marks = marks if self._marks is None else self._marks.then(marks)
            self._real.told.strikes(id(), marks)
        for first, units in reversed(struck):
            self._real.set_suggested(first, units, DELETION, id())
        if struck and not part.new:
            self._suggester.cut(id(), "".join(rope.text(first, first + units) for first, units in struck))
        at = end
        for span in self._new(part):
            self._real.insert_span(at, Span(span.text, {**span.attributes, INSERTION: id()}, span.embed))
            at += utf16_length(span.text)
        units_new = sum(utf16_length(span.text) for span in part.new)
        return part.stop - end + units_new - (at - end)

    def _under(self, part: Part, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Where others have suggested that something goes in whose place words come in, position and length: once that
        is rejected, it is to go for these words. What is only taken out may come in elsewhere, without it."""
        if part.new and all("\n" not in span.text for span in part.new):
            for at, span in _placed(start, self._whole.rope.spans(start, stop)):
                goes = span.attributes.get(DELETION)
                if is_id(goes) and not self._suggester.is_own(goes):
                    yield at, utf16_length(span.text)

    def _new(self, part: Part) -> Iterator[Span]:
        """What comes in of new text: not what stays suggested to go where it stood before, but for the break of a line
        of which words come in. Of this person's own suggestion nothing stays there."""
        suggester, has_words = self._suggester, False
        for span in part.new:
            held, goes = span.attributes, span.attributes.get(DELETION)
            kept = {name: value for name, value in held.items() if name not in _SUGGESTED}
            is_to_go = suggester.knows(goes)
            if is_to_go and suggester.is_own(held.get(INSERTION)) and not suggester.is_own(goes):
                kept[DELETION], is_to_go = goes, False
            if not is_to_go:
                yield Span(span.text, kept, span.embed)
                has_words = not span.text.endswith("\n")
            elif "\n" in span.text:
                if has_words:
                    yield Span("\n", kept)
                has_words = False

    def _ends_before_own_line(self, part: Part) -> bool:
        """Whether a break is to go right before one that this person has suggested, as Enter does at the end of a line:
        then that one goes for real, and the other stays."""
        rope, is_own = self._whole.rope, self._suggester.is_own
        change = rope.attributes_at(part.stop).get(INSERTION)
        if part.new or part.start == part.stop or not is_own(change):
            return False
        goes = rope.attributes_before(part.stop)
        if is_own(goes.get(INSERTION)) or is_id(goes.get(DELETION)):
            return False
        if goes.get(TABLE) != rope.attributes_at(part.stop).get(TABLE):
            return False  # each closes a row of its own
        if rope.rfind("\n", part.stop) != part.stop - 1 or rope.find("\n", part.stop) != part.stop:
            return False
        (parts,) = self._real.writers([(part.stop, 1)])
        return all(self._suggester.wrote(change, client) for _, client in parts)

    def _take_back(self, start: int, stop: int) -> int:
        """Takes text out of a range where it is this person's own suggestion; gives how much is gone.

        Letters of others can have the mark too, as where somebody has brought a change back that was rejected.
        """
        rope, suggester = self._whole.rope, self._suggester
        placed = [(at, span.attributes.get(INSERTION), span) for at, span in _placed(start, rope.spans(start, stop))]
        own = [(at, change, utf16_length(span.text)) for at, change, span in placed if suggester.is_own(change)]
        gone: list[tuple[int, int]] = []
        writers = self._real.writers([(at, units) for at, _, units in own]) if own else []
        for (at, change, _), parts in zip(own, writers, strict=True):
            for units, client in parts:
                if suggester.wrote(change, client):
                    gone.append((at, units))
                at += units
        self._real.delete_all(gone)
        return sum(units for _, units in gone)

    def _reformat(self, part: Part) -> int:
        """Gives another look to what stays, where it is this person's; gives 0: nothing of it is gone."""
        wanted = {name: value for name, value in (part.attributes or {}).items() if name not in _SUGGESTED}
        spans = self._whole.rope.spans(part.start, part.stop) if part.attributes else ()
        for first, span in list(_placed(part.start, spans)):
            if wanted and self._suggester.is_own(span.attributes.get(INSERTION)):
                self._real.format(first, utf16_length(span.text), wanted)
            else:
                self._leaves_formats = True
        return 0

    def _id_at(self, *parts: Part) -> Callable[[], str]:
        """Gives the id of this person's change that goes on in parts or beside them, or that begins there."""
        rope = self._whole.rope
        here: list[Attributes] = []
        for start, stop, *_ in parts:
            here += (
                rope.attributes_before(start),
                *(span.attributes for span in rope.spans(start, stop)),
                rope.attributes_at(stop),
            )
        ids = (attributes.get(name) for attributes in here for name in (INSERTION, DELETION))
        found = [id for id in ids if isinstance(id, str) and self._suggester.goes_on(id)]

        def give() -> str:
            if not found:
                found.append(self._suggester.begin())
            return found[0]

        return give


_SUGGESTED = frozenset({INSERTION, DELETION})


def _growth(ops: Iterable[Any]) -> int:
    """By how many units steps have made a text longer."""
    grown = 0
    for op in ops:
        if isinstance(op, Insert):
            grown += utf16_length(op.span.text)
        elif isinstance(op, Delete):
            grown -= op.length
    return grown


def _placed(at: int, spans: Iterable[Span]) -> Iterator[tuple[int, Span]]:
    for span in spans:
        yield at, span
        at += utf16_length(span.text)


def _unmarked(at: int, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Where stands what nobody has suggested to go: position and length of each run, in UTF-16 units."""
    run = 0
    for span in spans:
        units = utf16_length(span.text)
        if not is_id(span.attributes.get(DELETION)):
            run += units
        elif run:
            yield at - run, run
            run = 0
        at += units
    if run:
        yield at - run, run


def is_id(value: object) -> bool:
    """Whether this is an id, and not what another program has written there."""
    return isinstance(value, str) and bool(value)
