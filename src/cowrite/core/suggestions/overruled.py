"""Overruled: what a decision has taken out here, brought back where somebody else's holds.

Runs on the document's thread. For example, Bo suggests that "two" goes. Ada accepts that, and Cy rejects it before they
hear of each other: "two" is gone in her copy, and there in his. The change's entry says in the end, the same to
everybody, that it was rejected. So Ada's copy puts "two" back where it stood, and tells her that Cy has decided
otherwise.

For that each copy keeps what its person has taken out by decisions, and by undoing what they had suggested
(`taken_out`). Nothing comes back where the other has decided knowing that: their verdict has a later turn then, and
leaves the words alone that an undo had stay.

Who may not edit suggests anew what comes back; the server, which lets nobody take out like that what is accepted, may
put it back behind that: then it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, groupby
from typing import Any, NamedTuple

from cowrite.core.crdt.anchor import Anchor, Stick, moved
from cowrite.core.crdt.structs import Id
from cowrite.core.crdt.text_units import TextUnits
from cowrite.core.document.document import Document
from cowrite.core.entries.entries import EntriesChange
from cowrite.core.entries.fields import whole
from cowrite.core.marks.verdict import ACCEPTED, OPEN, REJECTED, Verdict, verdict_in
from cowrite.core.suggestions.brought_back import BroughtBack, Came
from cowrite.core.suggestions.change import SuggestedChange
from cowrite.core.suggestions.change_entries import ChangeEntries
from cowrite.core.suggestions.comebacks import Comebacks
from cowrite.core.suggestions.taken_out import Gone, TakenOut, from_json, to_json
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import (
    DELETION,
    INSERTION,
    SUGGESTIONS,
    Delete,
    Op,
    Span,
    plain_text,
    utf16_length,
)
from cowrite.core.text.suggested_text import suggested_part, unmarked

MOST_OPEN = 20
"""Of so many changes that are open it is known what an undo has taken out of them."""

MOST_STEPS = 100
"""Of a change with more steps nothing is taken for what was put back, or for half of what was cut and pasted."""


_Undone = tuple[Span, tuple[tuple[Id, int], ...]]
"""A span that an undo has taken out, and by which ids it went; see `Passing`."""


class _Place(NamedTuple):
    """Where text comes back, the change of which it was taken out, and it."""

    at: int
    id: str
    part: Gone


class Overruled:
    """What the person here has decided in one document.

    Args:
        document: the draft.
        changes: its changes, as this person sees them.
        tell: see `SuggestedChanges`.

    Attributes:
        changed: is called where `kept` is other than before.
    """

    def __init__(self, document: Document, changes: ChangeEntries, tell: Callable[[Sequence[str]], None]) -> None:
        self._document = document
        self._entries = document.entries(SUGGESTIONS)
        self._changes = changes
        self._tell = tell
        self._decided: dict[str, TakenOut] = {}
        self._brought_back = BroughtBack(document)
        self._comebacks = Comebacks(document, may_delete=lambda: changes.may_edit, taken_out=self._taken_out)
        self.changed: Callable[[], None] = lambda: None
        self._entries.observe(self._yield_to)
        document.observe_changes(self._forget_decided)

    @property
    def kept(self) -> dict[str, Any]:
        """What has to be known the next time; see `recall`."""
        return to_json(self._decided)

    def recall(self, kept: Mapping[str, Any]) -> None:
        """Takes in what was kept the last time, where nothing newer is known."""
        self._decided = from_json(kept) | self._decided

    def note(self, changes: Sequence[SuggestedChange], state: str, units: TextUnits) -> None:
        """Notes what is taken out by deciding on changes.

        Args:
            changes: they.
            state: ACCEPTED or REJECTED.
            units: of what is taken out.
        """
        gone = [(each.id, part) for each in changes for part in each.stretches if part.comes != (state == ACCEPTED)]
        for change in changes:
            former = self._decided.get(change.id)
            # What an undo has taken out of it before is still to come back.
            goes_on = former is not None and (former.state, state) in {(state, state), (OPEN, REJECTED)}
            before = [each for each in former.gone if goes_on or each.spared] if former is not None else ()
            self._decided[change.id] = TakenOut(state, self._changes.turn_of(change.id), list(before))
        for id, part in gone:
            spans = list(self._document.spans(part.start, part.stop))
            self._decided[id].gone.append(_gone(part.start, spans, units))
            at = int(part.start)
            for span in spans:
                other = _suggested_in(span)
                if other and other not in self._decided and not part.comes:
                    self._decided[other] = TakenOut(OPEN, 0, [])
                if other != id and other in self._decided and self._decided[other].state == OPEN:
                    self._decided[other].gone.append(_gone(at, [span], units))
                at += utf16_length(span.text)
        self.changed()

    def _yield_to(self, change: EntriesChange) -> None:
        """Where somebody has decided otherwise at the same moment, and theirs holds, brings back what was taken out
        here: it was not to go, and what was to come in for it has gone there. Who may not edit suggests it anew."""
        ids = change.ids & self._decided.keys()
        may_write = self._changes.may_edit or self._document.suggester is not None
        if change.origin is not Origin.REMOTE or not ids or not may_write:
            return
        verdicts = {id: verdict_in(self._entries.get(id) or {}) for id in ids}
        others = {id for id, theirs in verdicts.items() if self._is_contrary(id, theirs)}
        others -= self._back(others)
        if not others:
            return
        gone = [
            (id, part)
            for id in sorted(others)
            for mine in (self._decided.pop(id),)
            for part in self._known(id, mine, verdicts[id])
            if self._comes_back(part, mine, verdicts[id]) and not self._comebacks.are_back(id, part.units)
        ]
        self.changed()
        places = self._document.anchors.resolve_all([part.start for _, part in gone]) if gone else []
        found = [_Place(at, *each) for at, each in zip(places, gone, strict=True) if at is not None]
        found.sort(key=lambda each: each.at)
        if self._changes.may_edit:
            self._put_back(found)
        elif found:
            self._suggest_again(found)
        if found:
            self._document.steps.spare(units for _, part in gone for units in part.units)
        self._tell([verdicts[id].by for id in sorted(others)])

    def _known(self, id: str, mine: TakenOut, theirs: Verdict) -> Iterator[Gone]:
        """What of the text that this person has taken out somebody else knew, who has decided on it otherwise: nobody
        has accepted what its author went on with meanwhile."""
        writer = whole(self._entries.get(id) or {}, "client")
        for part in mine.gone:
            all_is_known = theirs.state != ACCEPTED or all(
                first.client != writer or first.clock + units <= theirs.clock for first, units in part.units
            )
            known = part if all_is_known else part.known(partial(self._is_known, writer=writer, clock=theirs.clock))
            if known.spans:
                yield known

    def _is_known(self, unit: Id, writer: int, clock: int) -> bool:
        """Whether somebody knew a unit, or what was brought back as it, who knew of a writer what they had written
        before a clock."""
        anchors = self._document.anchors
        first: Id | None = anchors.redone.first(unit)
        if writer != self._document.client_id and unit.client == writer and unit.clock >= clock:
            first = anchors.source_of(unit)
        return first is not None and (first.client != writer or first.clock < clock)

    def _put_back(self, found: Sequence[_Place]) -> None:
        """Puts text back, and says by which ids it goes now."""
        with self._document.edit(Origin.MENDING, directly=True) as edit:
            for each in reversed(found):
                edit.insert_spans(each.at, each.part.spans)
        shift = 0
        new: list[tuple[str, Sequence[tuple[Id, int]], list[tuple[Id, int]]]] = []
        for each in found:
            words = plain_text(each.part.spans)
            runs = self._document.anchors.runs(each.at + shift, words) if each.part.units else ()
            new.append((each.id, each.part.units, [(first, units) for units, first in runs]))
            shift += utf16_length(words)
        for id, was, now in new:
            if now:
                self._comebacks.say(id, was, now)

    def _suggest_again(self, found: Sequence[_Place]) -> None:
        """Suggests text of who may not edit anew."""
        id = self._changes.new_id()
        marked = [(each.at, [_marked(span, id) for span in each.part.spans]) for each in found]
        with self._document.edit(Origin.MENDING, directly=True) as edit:
            for at, spans in reversed(marked):
                edit.insert_spans(at, spans)
        now = self._brought_back.note(id, marked)
        was = [each.part.units for each in found]
        self._changes.begin_as(id, self._comebacks.said_anew(zip(was, now, strict=True)))

    def _taken_out(self) -> Iterator[tuple[Id, int]]:
        """The units that went by decisions of this person which hold: the first one and their number."""
        for id, mine in self._decided.items():
            if mine.state != OPEN and verdict_in(self._entries.get(id) or {}).state == mine.state:
                yield from (units for each in mine.gone for units in each.units)

    def _is_contrary(self, id: str, theirs: Verdict) -> bool:
        """Whether somebody has decided on a change otherwise than the person here; see `_comes_back`."""
        mine = self._decided[id]
        if not mine.gone:
            return _is_otherwise(mine, theirs)
        return any(self._comes_back(part, mine, theirs) for part in mine.gone)

    def _comes_back(self, part: Gone, mine: TakenOut, theirs: Verdict) -> bool:
        """Whether text comes back that this person has taken out, where somebody else has decided on its change. Who
        accepts a change of which a part was undone here has not known of that where they take out what is to stay, or
        take the change for a move, which it is no more."""
        if part.spared:
            units = [end.id for end in part.spared if end.id is not None]
            return theirs.state == ACCEPTED and not any(map(self._is_there, units))
        if mine.state == OPEN:
            return theirs.state == ACCEPTED and theirs.is_move
        return _is_otherwise(mine, theirs)

    def _is_there(self, unit: Id) -> bool:
        return self._document.anchors.place_of(unit) is not None

    def after(self, change: Change) -> tuple[Op, ...]:
        """A change was made: takes out what was suggested anew here and is put back with it; gives the steps."""
        is_known = bool(self._brought_back.ids or self._decided) and not self._changes.may_edit
        if change.origin is not Origin.REMOTE or not is_known or len(change.ops) > MOST_STEPS:
            return ()
        came = Came(change.ops, self._document, self._brought_back.ids)
        for decision in self._decided.values():
            left = [each for each in decision.gone if not self._is_back(each, came)]
            if len(left) < len(decision.gone):
                decision.gone[:] = left
                self.changed()
        return self._brought_back.take_out(came)

    def _is_back(self, gone: Gone, came: Came) -> bool:
        """Whether text that was taken out here is among what has come."""
        words = plain_text(gone.spans)
        return came.may_have(words) and bool(came.of(words, self._document.resolve(gone.start)))

    def _forget_decided(self, change: Change) -> None:
        if change.origin is Origin.UNDO:
            for id in self._back(self._decided) if self._decided else ():
                del self._decided[id]
            self._note_undone(change.ops)
            self.changed()

    def _note_undone(self, ops: Sequence[Op]) -> None:
        """Notes what an undo has taken out that this person had suggested: that is a rejection of the changes by which
        text was to go that is to stay now, and of other changes a part."""
        undone = self._document.undone
        spared = self._spared(undone.spared)
        for id, ends in spared.items():
            former = self._decided.pop(id, None)
            gone = former.gone if former is not None and former.state == OPEN else []
            gone = [each if each.spared else each._replace(spared=ends) for each in gone]
            self._decided[id] = TakenOut(OPEN, 0, gone)
        steps = ops if spared or len(ops) <= MOST_STEPS else ()
        rest = zip(undone.gone, undone.gone_by, strict=True)
        for index, op in enumerate(steps):
            if isinstance(op, Delete):
                own = [each for each in _beginning(rest, op.length) if self._changes.is_own(_suggested_in(each[0]))]
                at = moved(op.at, tuple(ops[index + 1 :]), Stick.RIGHT) if own else 0
                for id, found in groupby(own, lambda each: _suggested_in(each[0])):
                    spans, ids = zip(*found, strict=True)
                    units = tuple(chain.from_iterable(ids)) if all(ids) else ()
                    start = self._document.anchor(at, Stick.RIGHT)
                    part = Gone(start, [unmarked(span) for span in spans], units=units)
                    for each in {id} if id in spared else {id, *spared}:
                        mine = self._decided.setdefault(each, TakenOut(OPEN, 0, []))
                        if mine.state == OPEN:
                            mine.gone.append(part._replace(spared=spared.get(each, ())))
        for id in spared:
            if not self._decided[id].gone:
                del self._decided[id]
        for id in [id for id, decision in self._decided.items() if decision.state == OPEN][:-MOST_OPEN]:
            del self._decided[id]

    def _spared(self, places: Iterable[tuple[str, int, int]]) -> dict[str, tuple[Anchor, ...]]:
        """The first and the last unit of what this person had suggested to go and is to stay, by its change."""
        own = [each for each in places if self._changes.is_own(each[0])]
        ends = self._document.anchors.ends_of([(at, at + units) for _, at, units in own]) if own else []
        found: dict[str, tuple[Anchor, ...]] = {}
        for (id, _, _), both in zip(own, ends, strict=True):
            found[id] = (*found.get(id, ()), *both)
        return found

    def _back(self, ids: Iterable[str]) -> set[str]:
        """The changes of which what was taken out here is there again; others may only have gone on with them."""
        marked: dict[tuple[str, str], str] = {}
        for span in self._document.spans():
            for name, id in suggested_part(span.attributes).items():
                marked[name, id] = marked.get((name, id), "") + span.text
        return {id for id in ids if self._is_marked(id, marked)}

    def _is_marked(self, id: str, marked: Mapping[tuple[str, str], str]) -> bool:
        """Whether a change has text, and all that was taken out of it here.

        Args:
            id: of the change.
            marked: the text with each mark, by its name and the id.
        """
        mine = self._decided[id]
        there = marked.get((DELETION if mine.state == ACCEPTED else INSERTION, id), "")
        is_open = any((name, id) in marked for name in (INSERTION, DELETION))
        return is_open and all(plain_text(each.spans) in there for each in mine.gone)


def _is_otherwise(mine: TakenOut, theirs: Verdict) -> bool:
    """Whether somebody has decided otherwise, and not after that, as on what the author of a change goes on with."""
    return theirs.state not in (mine.state, OPEN) and theirs.turn <= mine.turn


def _beginning(gone: Iterator[_Undone], units: int) -> Iterator[_Undone]:
    """Takes so many units off what an undo has taken out."""
    while units > 0 and (each := next(gone, None)) is not None:
        units -= utf16_length(each[0].text)
        yield each


def _gone(at: int, spans: Sequence[Span], units_of: TextUnits) -> Gone:
    """Text that is about to be taken out.

    Args:
        at: where it stands.
        spans: it.
        units_of: its ids.
    """
    units = tuple((first, length) for length, first in units_of.runs(at, plain_text(spans)))
    return Gone(Anchor(units[0][0], Stick.RIGHT), [unmarked(span) for span in spans], units=units)


def _suggested_in(span: Span) -> str:
    """The change in which a text was to come in; empty for none."""
    return str(span.attributes.get(INSERTION, ""))


def _marked(span: Span, id: str) -> Span:
    return replace(span, attributes={**span.attributes, INSERTION: id})
