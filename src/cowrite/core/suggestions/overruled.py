"""Overruled: what a decision has taken out here, brought back where somebody else's holds.

Runs on the document's thread. For example, Bo suggests that "two" goes. Ada accepts that, and Cy rejects it before they
hear of each other: "two" is gone in her copy, and there in his. The change's entry says in the end, the same to
everybody, that it was rejected. So Ada's copy puts "two" back where it stood, and tells her that Cy has decided
otherwise.

For that each copy keeps what its person has taken out by decisions, and by undoing what they had suggested
(`decided`). Nothing comes back where the other has decided knowing that: their verdict has a later turn then and names
this one, and leaves the words alone that an undo had stay.

Who may not edit suggests anew what comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from cowrite.core.crdt.structs import Id
from cowrite.core.document.document import Document
from cowrite.core.entries.entries import EntriesChange
from cowrite.core.entries.fields import whole
from cowrite.core.marks.turns import joined_formats
from cowrite.core.marks.verdict import ACCEPTED, OPEN, Verdict, verdict_in
from cowrite.core.suggestions.change_entries import ChangeEntries
from cowrite.core.suggestions.comebacks import Comebacks
from cowrite.core.suggestions.decided import Decided
from cowrite.core.suggestions.taken_out import Gone, TakenOut
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, SUGGESTIONS, Format, Utf16, plain_text, utf16_length


class _Place(NamedTuple):
    """Where text comes back, the change of which it was taken out, and it."""

    at: int
    id: str
    part: Gone


class Overruled:
    """Where the person here is overruled in one document.

    Args:
        document: the draft.
        changes: its changes, as this person sees them.
        decided: what this person has decided.
        tell: see `SuggestedChanges`.
    """

    def __init__(
        self, document: Document, changes: ChangeEntries, decided: Decided, tell: Callable[[Sequence[str]], None]
    ) -> None:
        self._document = document
        self._entries = document.entries(SUGGESTIONS)
        self._changes = changes
        self._decided = decided
        self._tell = tell
        self._comebacks = Comebacks(document, changes, taken_out=decided.units)
        self._entries.observe(self._yield_to)

    def _yield_to(self, change: EntriesChange) -> None:
        """Where somebody has decided otherwise at the same moment, and theirs holds, brings back what was taken out
        here: it was not to go, and what was to come in for it has gone there. Who may not edit suggests it anew."""
        for id in sorted(change.ids) if change.origin is Origin.REMOTE else ():
            if self._document.rejected_strokes(id)[0] and self._changes.goes_on(id):
                self._spare(id)
        ids = change.ids & self._decided.ids
        may_write = self._changes.may_edit or self._document.suggester is not None
        if change.origin is not Origin.REMOTE or not ids or not may_write:
            return
        verdicts = {id: verdict_in(self._entries.get(id) or {}) for id in ids}
        others = {id for id, theirs in verdicts.items() if self._is_contrary(id, theirs)}
        others -= self._decided.back(others)
        if not others:
            return
        gone = [
            (id, part)
            for id, mine in self._decided.pop_all(sorted(others)).items()
            for known in self._known(id, mine, verdicts[id])
            if self._comes_back(known, mine, verdicts[id]) and (part := self._comebacks.lacking(id, known)).spans
        ]
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

    def _spare(self, id: str) -> None:
        """Takes off what is left of a stroke that somebody has rejected: this copy may have put it right meanwhile, as
        where somebody wrote within it. Where all of it is there, that decision was taken back."""
        document = self._document
        gone, stays = (
            [place for part in parts for place in self._comebacks.places(*part)]
            for parts in document.rejected_strokes(id)
        )
        marks = {span.attributes.get(DELETION) for at, units in gone for span in document.spans(at, at + units)}
        if not marks.issuperset({None, id}):
            return
        struck = {place for at, units in stays for place in range(at, at + units)}
        formats, at = list[Format](), 0
        for span in document.spans():
            stop = at + utf16_length(span.text)
            if span.attributes.get(DELETION) == id:
                left = (place for place in range(at, stop) if place not in struck)
                formats += (Format(Utf16(place), Utf16(1), {DELETION: None}) for place in left)
            at = stop
        with document.edit(Origin.MENDING, directly=True) as edit:
            for op in joined_formats(formats):
                edit.format(op.at, op.length, op.attributes)

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
        for each, now in zip(found, self._written(found), strict=True):
            if each.part.units:
                self._comebacks.say(each.id, each.part.units, now)

    def _suggest_again(self, found: Sequence[_Place]) -> None:
        """Suggests text of who may not edit anew."""
        id = self._changes.new_id()
        now = self._written(found, id)
        was = [each.part.units for each in found]
        self._changes.begin_as(id, self._comebacks.said_anew(zip(was, now, strict=True)))

    def _written(self, found: Sequence[_Place], id: str | None = None) -> list[list[tuple[Id, int]]]:
        """Writes text where it comes back, as what is to come in with a change, or like all other; gives the ids of
        each: the first unit and the number of each part that was written in a row."""
        mark = {} if id is None else {INSERTION: id}
        texts = [[replace(span, attributes={**span.attributes, **mark}) for span in each.part.spans] for each in found]
        with self._document.edit(Origin.MENDING, directly=True) as edit:
            for each, spans in reversed(list(zip(found, texts, strict=True))):
                edit.insert_spans(each.at, spans)
        now, shift = list[list[tuple[Id, int]]](), 0
        for each, spans in zip(found, texts, strict=True):
            words = plain_text(spans)
            now.append([(first, units) for units, first in self._document.anchors.runs(each.at + shift, words)])
            shift += utf16_length(words)
        return now

    def _is_contrary(self, id: str, theirs: Verdict) -> bool:
        """Whether somebody has decided on a change otherwise than the person here; see `_comes_back`."""
        mine = self._decided.of(id)
        if not mine.gone:
            return _is_otherwise(mine, theirs)
        return any(self._comes_back(part, mine, theirs) for part in mine.gone)

    def _comes_back(self, part: Gone, mine: TakenOut, theirs: Verdict) -> bool:
        """Whether text comes back that this person has taken out, where somebody else has decided on its change. Who
        accepts a change of which a part was undone here has not known of that where they take out any of what is to
        stay, or take the change for a move, which it is no more."""
        if part.spared:
            units = [end.id for end in part.spared if end.id is not None]
            return theirs.state == ACCEPTED and not all(map(self._is_there, units))
        if mine.state == OPEN:
            return theirs.state == ACCEPTED and theirs.is_move
        return _is_otherwise(mine, theirs)

    def _is_there(self, unit: Id) -> bool:
        return self._document.anchors.place_of(unit) is not None


def _is_otherwise(mine: TakenOut, theirs: Verdict) -> bool:
    """Whether somebody has decided otherwise, and not after that, as on what the author of a change goes on with."""
    return theirs.state not in (mine.state, OPEN) and not theirs.knows(mine.turn, mine.decided)
