"""Decided: what the person here has taken out of suggested changes by deciding on them, and by undoing what they had
suggested.

Runs on the document's thread. It is known as long as it may have to come back; see `overruled`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, groupby
from typing import Any, NamedTuple

from cowrite.core.crdt.anchor import Anchor, Stick, moved
from cowrite.core.crdt.structs import Id
from cowrite.core.crdt.text_units import TextUnits
from cowrite.core.document.document import Document
from cowrite.core.marks.verdict import ACCEPTED, OPEN, REJECTED, verdict_in
from cowrite.core.suggestions.change import SuggestedChange
from cowrite.core.suggestions.change_entries import ChangeEntries
from cowrite.core.suggestions.taken_out import Gone, TakenOut, from_json, to_json
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, SUGGESTIONS, Delete, Op, Span, plain_text, utf16_length
from cowrite.core.text.suggested_text import suggested_part, unmarked

MOST_OPEN = 20
"""Of so many changes that are open it is known what an undo has taken out of them."""

MOST_STEPS = 100
"""Of a change with more steps nothing is taken for what was put back, or for half of what was cut and pasted."""

_Undone = tuple[Span, tuple[tuple[Id, int], ...]]
"""A span that an undo has taken out, and by which ids it went; see `Passing`."""


class _Part(NamedTuple):
    """A part of a change that an undo has taken out.

    Attributes:
        id: of the change.
        step: the number of the step that took it out.
        at: where that was.
        spans, units: see `Gone`.
    """

    id: str
    step: int
    at: int
    spans: list[Span]
    units: tuple[tuple[Id, int], ...]


class Decided:
    """What the person here has decided in one document.

    Args:
        document: the draft.
        changes: its changes, as this person sees them.

    Attributes:
        changed: is called where `kept` is other than before.
    """

    def __init__(self, document: Document, changes: ChangeEntries) -> None:
        self._document = document
        self._entries = document.entries(SUGGESTIONS)
        self._changes = changes
        self._decided: dict[str, TakenOut] = {}
        self.changed: Callable[[], None] = lambda: None
        document.observe_changes(self._on_change)

    @property
    def kept(self) -> dict[str, Any]:
        """What has to be known the next time; see `recall`."""
        return to_json(self._decided)

    def recall(self, kept: Mapping[str, Any]) -> None:
        """Takes in what was kept the last time, where nothing newer is known."""
        self._decided = from_json(kept) | self._decided

    def note(self, changes: Sequence[SuggestedChange], state: str, now: int, units: TextUnits) -> None:
        """Notes what is taken out by deciding on changes.

        Args:
            changes: they.
            state: ACCEPTED or REJECTED.
            now: milliseconds since 1970.
            units: of what is taken out.
        """
        gone = [(each.id, part) for each in changes for part in each.stretches if part.comes != (state == ACCEPTED)]
        for change in changes:
            former = self._decided.get(change.id)
            # What an undo has taken out of it before is still to come back.
            goes_on = former is not None and (former.state, state) in {(state, state), (OPEN, REJECTED)}
            before = [each for each in former.gone if goes_on or each.spared] if former is not None else ()
            self._decided[change.id] = TakenOut(state, self._changes.turn_of(change.id), list(before), now)
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

    @property
    def ids(self) -> Set[str]:
        """The changes out of which something was taken."""
        return self._decided.keys()

    def of(self, id: str) -> TakenOut:
        """What was taken out of a change, which is one of `ids`."""
        return self._decided[id]

    def pop_all(self, ids: Iterable[str]) -> dict[str, TakenOut]:
        """Forgets changes, and gives what was taken out of each."""
        gone = {id: self._decided.pop(id) for id in ids}
        self.changed()
        return gone

    def units(self) -> Iterator[tuple[Id, int]]:
        """The units that went by decisions of this person which hold: the first one and their number."""
        for id, mine in self._decided.items():
            if mine.state != OPEN and verdict_in(self._entries.get(id) or {}).state == mine.state:
                yield from (units for each in mine.gone for units in each.units)

    def back(self, ids: Iterable[str]) -> set[str]:
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

    def _goes_again(self, id: str, gone: Gone) -> bool:
        """Whether a redo has suggested again that words go in a change which an undo had stay."""
        places = [self._document.anchors.place_of(end.id) for end in gone.spared if end.id is not None]
        attributes_at = self._document.rope.attributes_at
        return any(at is not None and attributes_at(at).get(DELETION) == id for at in places)

    def _on_change(self, change: Change) -> None:
        if change.origin is Origin.UNDO:
            with self._document.anchors.steady():
                for id, decision in self._decided.items():
                    decision.gone[:] = [each for each in decision.gone if not self._goes_again(id, each)]
            for id in self.back(self._decided) if self._decided else ():
                del self._decided[id]
            self._note_undone(change.ops)
            self.changed()

    def _note_undone(self, ops: Sequence[Op]) -> None:
        """Notes what an undo has taken out that this person had suggested: that is a rejection of the changes by which
        text was to go that is to stay now, and of other changes a part."""
        spared: dict[str, list[tuple[int, int]]] = {}
        for id, at, units in self._document.undone.spared:
            if self._changes.is_own(id):
                spared.setdefault(id, []).append((at, at + units))
        undone = list(self._undone(ops)) if spared or len(ops) <= MOST_STEPS else []
        if sum(part.id not in spared for part in undone) > MOST_STEPS:
            undone = [part for part in undone if part.id in spared]
        is_shared = any(part.id not in spared for part in undone)
        parted = {part.id for part in undone}
        for id in spared:
            former = self._decided.pop(id, None)
            gone = former.gone if former is not None and former.state == OPEN else []
            if gone or is_shared or id in parted:
                self._decided[id] = TakenOut(OPEN, 0, gone)
        for part in undone:
            self._decided.setdefault(part.id, TakenOut(OPEN, 0, []))
        newest = [id for id, decision in self._decided.items() if decision.state == OPEN]
        for id in newest[:-MOST_OPEN]:
            del self._decided[id]
        for id in newest[-MOST_OPEN:]:  # only of these places are looked for, each from the beginning of the text
            parts = [part for part in undone if part.id == id or (id in spared and part.id not in spared)]
            ends = tuple(chain.from_iterable(self._document.anchors.ends_of(spared.get(id, []))))
            gone = self._decided[id].gone
            gone[:] = [each if each.spared else each._replace(spared=ends) for each in gone]
            for part in parts:
                start = self._document.anchor(moved(part.at, tuple(ops[part.step + 1 :]), Stick.RIGHT), Stick.RIGHT)
                gone.append(Gone(start, part.spans, ends, part.units))

    def _undone(self, ops: Sequence[Op]) -> Iterator[_Part]:
        """What an undo has taken out that this person had suggested."""
        undone = self._document.undone
        rest = zip(undone.gone, undone.gone_by, strict=True)
        for step, op in enumerate(ops):
            if not isinstance(op, Delete):
                continue
            own = [each for each in _beginning(rest, op.length) if self._changes.is_own(_suggested_in(each[0]))]
            for id, found in groupby(own, lambda each: _suggested_in(each[0])):
                spans, ids = zip(*found, strict=True)
                units = tuple(chain.from_iterable(ids)) if all(ids) else ()
                yield _Part(id, step, op.at, [unmarked(span) for span in spans], units)


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
