"""Comebacks: text that a decision had taken out, and that is there again by other ids because another decision holds.

Runs on the document's thread. For example, Ada rejects what Bo accepts, and strikes "two" in it before she hears of
that. His decision holds, so her copy puts "two" back where Cy, too, has struck it. In Yjs that is new text, of which
nobody has struck anything. So whoever puts text back says in the entry of the change by which ids it went and by which
it goes now; who may not edit, and suggests it anew, says it in that of the new change. Every copy reads the same there:

- What its person had suggested to go is to go again.
- What its person has taken out besides, as by moving it elsewhere, goes again.
- What two copies have put back is there once: that of the lower client id stays.

The server says it as well, where it writes text again that its author has taken out before they heard that it is
accepted. There that is what stays, whatever their undo has brought back and their copy has suggested anew.

Only who may edit says what is put back; the server sees to that. Who may only suggest can say anything of what they
suggest anew, so that is believed of text alone that they have written and that is still suggested in that change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from cowrite.core.crdt.anchor import Anchor, Stick
from cowrite.core.crdt.structs import Id
from cowrite.core.document.document import Document
from cowrite.core.entries.entries import EntriesChange
from cowrite.core.entries.fields import Fields
from cowrite.core.marks.comeback import (
    ANEW,
    BACK,
    MOST_PARTS,
    MOST_RETURNS,
    Comeback,
    Runs,
    back_in,
    in_parts,
    read,
    said_in,
    units_of,
    written,
)
from cowrite.core.marks.turns import cut, held_parts, joined_formats
from cowrite.core.suggestions.change_entries import ChangeEntries
from cowrite.core.suggestions.taken_out import Gone
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, SUGGESTIONS, Format, Utf16, utf16_length
from cowrite_server.document.ranges import Ranges, add_ranges, joined, without

_SERVER = 0
"""Stands for the client ids by which the server writes, each once, below all others."""


class Comebacks:
    """What has come back in one document.

    Args:
        document: the draft.
        changes: its changes, as the person here sees them.
        taken_out: gives the units that the person has taken out by decisions that hold.
    """

    def __init__(
        self, document: Document, changes: ChangeEntries, *, taken_out: Callable[[], Iterable[tuple[Id, int]]]
    ) -> None:
        self._document = document
        self._changes = changes
        self._taken_out = taken_out
        self._entries = document.entries(SUGGESTIONS)
        self._own: list[Comeback] = []
        self._anew: list[Comeback] = []
        self._entries.observe(self._follow)

    def say(self, id: str, was: Runs, now: Runs) -> None:
        """Says by which ids text goes that was put back here.

        Args:
            id: of a change in whose entry that is said.
            was, now: the text then and now.
        """
        found = list(in_parts(was, now))
        name = f"{BACK}{self._document.client_id}"
        said = [*read((self._entries.get(id) or {}).get(name)), *found]
        self._entries.change(id, {name: written(said)}, Origin.MENDING)
        self._own = [*self._own, *found][-MOST_PARTS:]
        self._strike(found)

    def said_anew(self, texts: Iterable[tuple[Runs, Runs]]) -> Fields:
        """What the entry of a new change says of texts that are suggested anew in it, each then and now."""
        found = [each for was, now in texts for each in in_parts(was, now)]
        self._anew = [*self._anew, *found][-MOST_PARTS:]
        return {f"{ANEW}{self._document.client_id}": written(found)} if found else {}

    def lacking(self, id: str, text: Gone) -> Gone:
        """What of a text nobody has put back, neither another copy, as the entry of a change says, nor the server.

        Args:
            id: of the change.
            text: that was taken out of it.
        """
        entries = [self._entries.get(id) or {}, *(fields for _, fields in self._entries.all(BACK.removesuffix(":")))]
        back = back_in(entries)
        said = units_of(self._all_of(back))
        parts = (Comeback(first, first, units) for first, units in text.units)
        if not any(part.divided(said)[0] for part in parts):
            return text
        return text.known(lambda unit: bool(without({unit.client: [(unit.clock, 1)]}, said)))

    def _follow(self, change: EntriesChange) -> None:
        """Others have put text back: what stands twice by that goes."""
        me = self._document.client_id
        ids = self._entries.having(change.ids, (BACK, ANEW)) if change.origin is Origin.REMOTE else ()
        entries = {id: self._entries.get(id) or {} for id in ids}
        back = [
            (_SERVER if id.startswith(BACK) else client, said)
            for id, fields in entries.items()
            for client, said in said_in(fields, BACK).items()
        ]
        anew = [
            (client, [each for each in said if self._is_suggested(each, id)])
            for id, fields in entries.items()
            for client, said in said_in(fields, ANEW).items()
        ]
        self._strike(each for _, said in (*back, *anew) for each in said)
        gone = self._outdone(each for client, said in back if client < me for each in said)
        others = [each for client, said in (*back, *anew) if client != me for each in said]
        if others and not self._changes.may_edit:
            gone += self._twice([each for client, said in back if client != me for each in said])
        elif others:
            gone += self._taken_out_of(others)
        self._delete(gone)

    def _outdone(self, back: Iterable[Comeback]) -> list[Comeback]:
        """What of the text that this person has put back others have put back as well, whose copies count first."""
        first = units_of(each.was_units for each in back)
        divided = [own.divided(first) for own in self._own]
        self._own = [each for _, rest in divided for each in rest]
        return [each for shared, _ in divided for each in shared]

    def _taken_out_of(self, others: Iterable[Comeback]) -> list[Comeback]:
        """What of a text that others have put back this person has taken out."""
        deleted: Ranges = units_of(self._taken_out())
        add_ranges(deleted, self._document.deleted)
        return [part for each in others for part in each.divided(joined(deleted))[0]]

    def _delete(self, gone: Iterable[Comeback]) -> None:
        """Takes text out, each unit of it once."""
        places, known = list[tuple[int, int]](), dict[int, list[tuple[int, int]]]()
        for each in gone:
            new = without({each.now.client: [(each.now.clock, each.units)]}, joined(known))
            add_ranges(known, new)
            places += (
                place
                for client, runs in new.items()
                for clock, length in runs
                for place in self.places(Id(client, clock), length)
            )
        if places:
            with self._document.edit(Origin.MENDING, directly=True) as edit:
                edit.delete_all(sorted(places))

    def _twice(self, back: Sequence[Comeback]) -> Iterator[Comeback]:
        """What the person here suggests that others have put back: who may only suggest takes out nothing that is
        accepted. So their undo brings back none of it either."""
        known = list(self._all_of(back))
        self._document.steps.spare(known)
        divided = [each.divided(units_of(known)) for each in self._anew]
        self._anew = [each for _, rest in divided for each in rest]
        yield from (each for shared, _ in divided for each in shared)
        at = 0
        for span in list(self._document.spans()) if back else ():
            if self._changes.is_own(span.attributes.get(INSERTION)):
                rest = span.text
                for length, run in self._document.anchors.runs(at, span.text):
                    text, rest = cut(rest, length)
                    held = known if run.client == self._document.client_id else list(self._held(run, text, back))
                    for offset, units, is_back in held_parts(run, length, held):
                        if is_back:
                            now = Id(run.client, run.clock + offset)
                            yield Comeback(now, now, units)
            at += utf16_length(span.text)

    def _all_of(self, back: Iterable[Comeback]) -> Iterator[tuple[Id, int]]:
        """By which ids text went, and what an undo here has brought back of it."""
        redone = self._document.anchors.redone
        for each in back:
            for client, units in redone.all_of(each.was.client, range(each.was.clock, each.was.clock + each.units)):
                yield Id(client, units.start), len(units)

    def _held(self, run: Id, text: str, back: Sequence[Comeback]) -> Iterator[tuple[Id, int]]:
        """What of a text that was written in a row an undo has brought back before the document was opened again. Of
        that it is only known beside what it stands, so each letter has to be the same. What others have put back is
        none of it, though in Yjs the mark beside it can lie over it for a moment."""
        anchors, unit, put_back = self._document.anchors, run, units_of((each.now, each.units) for each in back)
        for letter in text:
            source, now = anchors.source_of(unit), None
            for _ in range(MOST_RETURNS):
                now = next(filter(None, (each.now_of(source) for each in back)), None) if source is not None else None
                if source is None or now is not None:
                    break
                source = anchors.source_of(source)
            is_other = now is not None and without({unit.client: [(unit.clock, 1)]}, put_back)
            at = anchors.place_of(now) if now is not None and is_other else None
            if at is not None and next(self._document.spans(at)).text[0] == letter:
                yield unit, utf16_length(letter)
            unit = Id(unit.client, unit.clock + utf16_length(letter))

    def _is_suggested(self, found: Comeback, id: str) -> bool:
        """Whether all that is there of a text is suggested to come in with a change."""
        spans = self._document.rope.spans
        places = self.places(found.now, found.units)
        return all(each.attributes.get(INSERTION) == id for at, units in places for each in spans(at, at + units))

    def _strike(self, found: Iterable[Comeback]) -> None:
        """Has text go again that came back and that this person has suggested to go."""
        struck = [
            Format(Utf16(at), Utf16(length), {DELETION: id})
            for first, units, id in self._document.struck_again(found)
            for at, length in self.places(first, units)
        ]
        if struck:
            with self._document.edit(Origin.MENDING, directly=True) as edit:
                for op in joined_formats(struck):
                    edit.format(op.at, op.length, op.attributes)

    def places(self, first: Id, units: int) -> Iterator[tuple[int, int]]:
        """Where text stands that was written in a row, as far as it is there: position and units of each part."""
        anchors = self._document.anchors
        start = anchors.resolve(Anchor(first, Stick.RIGHT))
        stop = anchors.resolve(Anchor(Id(first.client, first.clock + units - 1), Stick.LEFT))
        if start is None or stop is None or start >= stop:
            return
        at = int(start)
        for length, run in list(anchors.runs(start, self._document.rope.text(start, stop))):
            for offset, part, is_held in held_parts(run, length, [(first, units)]):
                if is_held:
                    yield at + offset, part
            at += length
