"""Suggested changes: what people would put into the draft and take out of it, until somebody decides.

Runs on the document's thread. What is suggested to come in stands in the text already, marked with `insertion`; what is
suggested to go stands there still, marked with `deletion`. The root `suggestions` says whose each change is, and how it
was decided. A change is open as long as there is text with its mark: whoever takes a decision back has it open again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from cowrite.core.crdt.clocks import clock_of
from cowrite.core.document.assists import AssistRecord, mark_of, suggested
from cowrite.core.document.document import Document
from cowrite.core.document.edit import Edit
from cowrite.core.document.watched import Check, unwatched
from cowrite.core.entries.authors import Author, Authorship, author_fields, authorship_of
from cowrite.core.entries.entries import EntriesChange
from cowrite.core.entries.fields import Fields, Readings, whole
from cowrite.core.marks.verdict import ACCEPTED, ENDED, REJECTED, Verdict, known_in
from cowrite.core.suggestions.anew import put_right
from cowrite.core.suggestions.change import SuggestedChange
from cowrite.core.suggestions.change_entries import ChangeEntries
from cowrite.core.suggestions.decided import Decided
from cowrite.core.suggestions.overruled import Overruled
from cowrite.core.suggestions.stretches import Stretch, Withdrawn, decide
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, SUGGESTIONS, Span, Utf16, plain_text, utf16_length
from cowrite.core.text.suggested_text import MOST_TYPED, suggested_part

PART = 500  # spans that come into a new document at once


class SuggestedChanges(ChangeEntries):
    """The suggested changes of a document, and who suggests more of them (`core.document.suggester.Suggester`).

    Args:
        document: the draft.
        me: who sits here.
        chance: draws ids.
        clock: milliseconds since 1970.
        formats_left: is called where somebody would suggest what cannot be suggested: another look of text.
        overruled: is called where others have decided otherwise at the same moment as the person here, and that holds:
            with a name for each change, empty where it is not known.
    """

    def __init__(
        self,
        document: Document,
        me: Callable[[], Author],
        *,
        chance: Random,
        clock: Callable[[], int],
        formats_left: Callable[[], None] = lambda: None,
        overruled: Callable[[Sequence[str]], None] = lambda _names: None,
    ) -> None:
        super().__init__(document, me, chance=chance, clock=clock)
        self._formats_left = formats_left
        self._authorships = Readings(lambda _id, fields: authorship_of(fields))
        self._cut = "", ""  # what was suggested to go last, and in which change
        self.decided = Decided(document, self)
        """What the person has decided, and has to know also the next time."""
        self._overruled = Overruled(document, self, self.decided, overruled)
        document.recall_struck(self._is_own_and_open)

    def all(self) -> list[SuggestedChange]:
        """All open changes in the order of the text."""
        found: dict[str, list[Stretch]] = {}
        at = 0
        for span in self._document.spans():
            stop = at + utf16_length(span.text)
            for name, id in suggested_part(span.attributes).items() if span.attributes else ():
                if id:
                    _add(found.setdefault(id, []), Stretch(Utf16(at), Utf16(stop), name == INSERTION, span.text))
            at = stop
        return [self._change(id, stretches) for id, stretches in found.items()]

    def is_mine(self, change: SuggestedChange) -> bool:
        """Whether the person here has suggested it."""
        return bool(change.author.id) and change.author.id == self._me().id

    def accept(self, ids: Collection[str]) -> None:
        """Makes changes: what was to come in is text like all other, what was to go is gone. One undo step."""
        self._decide(ids, ACCEPTED)

    def reject(self, ids: Collection[str]) -> None:
        """Undoes changes: the text is as if nobody had suggested them. One undo step."""
        self._decide(ids, REJECTED)

    def observe(self, callback: Callable[[EntriesChange], None]) -> Callable[[], None]:
        """Calls back after each transaction that touched their entries; returns the function that ends it."""
        return self._entries.observe(callback)

    # Who suggests

    def cut(self, id: str, text: str) -> None:
        """Takes note of a text that was suggested to go in a change, with none in its place."""
        self._cut = id, text.strip("\n")

    def goes_on_with_cut(self, text: str) -> str | None:
        """The change in which a text goes that comes in elsewhere; None for none. What a key can put in is none."""
        id, words = self._cut
        if len(words) <= MOST_TYPED or text.strip("\n") != words:
            return None
        self._cut = "", ""
        stays = plain_text(span for span in self._document.spans() if span.attributes.get(DELETION) == id)
        return id if words in stays else None

    def keeps(self, records: Sequence[AssistRecord]) -> bool:
        """Keeps the records of the assistant's text beside the changes, for who may not write them anywhere else; says
        whether it does."""
        if self.may_edit:
            return False
        for record in records:
            id = suggested(record.id)
            if self._entries.get(id) is None:
                self._entries.add(id, record.to_json(), self._document.origin)
        return True

    def suggest_anew(self, held: bytes) -> None:
        """Only suggests what the server has not taken; see `core.suggestions.anew`.

        Args:
            held: the server's document, as an update; this one has taken it in.
        """
        id = self.new_id()
        formats = put_right(held, self._document, id)
        if formats:
            with self._document.edit(Origin.MENDING) as edit:
                if any(op.attributes.get(INSERTION) == id for op in formats):
                    self.begin_as(id)
                for op in formats:
                    edit.format(op.at, op.length, op.attributes)

    def leave_formats(self) -> None:
        """Nothing could be suggested, for it was formats alone."""
        self._formats_left()

    # Inside

    def _is_own_and_open(self, id: object) -> bool:
        """Whether the person here has suggested this, and nobody has ever decided on it or restored an earlier text."""
        return self.is_own(id) and {"decided", "restored"}.isdisjoint(self._entries.get(str(id)) or {})

    def _change(self, id: str, stretches: list[Stretch]) -> SuggestedChange:
        fields = self._entries.get(id)
        authorship = authorship_of({}) if fields is None else self._authorships.of(id, fields)
        return SuggestedChange(id, *authorship, tuple(stretches))

    def _decide(self, ids: Collection[str], state: str) -> None:
        document = self._document
        ids = set(ids)
        changes = [change for change in self.all() if change.id in ids]
        stretches = [stretch for change in changes for stretch in change.stretches]
        if not stretches:
            return
        accepts = state == ACCEPTED
        goes = sorted((int(each.start), each.stop - each.start) for each in stretches if each.comes != accepts)
        units = document.anchors.units_of(goes)
        now, knows = self._clock(), document.state_vector()
        self.decided.note(changes, state, now, units)
        with document.steps.one() as marks, document.transaction(Origin.LOCAL):
            if accepts:
                document.assists.keep(list(self._records_of(stretches)))
            with document.edit(Origin.LOCAL, self, directly=True) as edit:
                withdraw = None if self.may_edit else partial(self._withdraw, edit)
                marks.append(decide(edit, document, stretches, units, accepts=accepts, withdraw=withdraw))
            for change in changes:
                # A server knows whose a change is by the client id that began it, and that of an earlier copy may be
                # taken for somebody else's: what only says how it ended is not to have all the rest refused.
                is_there = self._entries.get(change.id) is not None
                if is_there if self.may_edit else self.goes_on(change.id):
                    self._entries.change(change.id, self._verdict_on(change, state, now, knows))

    def _verdict_on(self, change: SuggestedChange, state: str, now: int, knows: bytes) -> Fields:
        """What the entry of a change says of a decision.

        Args:
            change: it.
            state: ACCEPTED or REJECTED.
            now: milliseconds since 1970.
            knows: the state vector of the document that the person has before them.
        """
        fields = self._entries.get(change.id) or {}
        clock = clock_of(knows, whole(fields, "client"))
        is_move = state == ACCEPTED and change.is_move
        turn, after = self.turn_of(change.id), known_in(fields)
        said = Verdict(state, self._me().name, turn, clock, is_move, after).fields(now)
        # A server takes from who only suggests nothing but how their change has ended.
        return said if self.may_edit else {name: said[name] for name in ENDED}

    def _withdraw(self, edit: Edit, stretches: Sequence[tuple[int, int]]) -> Withdrawn:
        """What who may not edit takes out of what they have suggested to come in."""
        withdrawn = Withdrawn([], [])
        for (at, _), parts in zip(stretches, edit.writers(stretches) if stretches else [], strict=True):
            for units, client in parts:
                id = self._document.rope.attributes_at(at).get(INSERTION)
                if self.wrote(id, client):
                    withdrawn.gone.append((at, units))
                elif isinstance(id, str):
                    withdrawn.struck.append((at, units, id))
                at += units
        return withdrawn

    def _records_of(self, stretches: Iterable[Stretch]) -> Iterator[AssistRecord]:
        """The records of the assistant's text in stretches that lie beside the changes still."""
        for stretch in stretches:
            for span in self._document.spans(stretch.start, stretch.stop):
                id = mark_of(span.attributes)
                if id is not None and id not in self._document.assists:
                    yield self._document.assists.record(id)


def authorships(document: Document, spans: Iterable[Span]) -> dict[str, Authorship]:
    """Who has suggested each change of which there is something among spans of a document, and when, by its id."""
    entries = document.entries(SUGGESTIONS)
    ids = {id for span in spans for id in suggested_part(span.attributes).values()}
    return {id: authorship_of(entries.get(id) or {}) for id in ids}


def bring_in(
    document: Document,
    spans: Sequence[Span],
    suggested: Mapping[str, Authorship],
    check: Check = unwatched,
    *,
    carried: Sequence[AssistRecord] = (),
) -> None:
    """Fills a new document with rich text from elsewhere, and suggests what is only suggested there.

    Args:
        document: it is empty.
        spans: the rich text, ended by a line break that nobody suggests; empty for none.
        suggested: who suggests each change of which the spans have marks, and when, by its id.
        check: ends it; the document is of no use then.
        carried: the records of the assistant's text in it.
    """
    for id, (author, created) in suggested.items():
        fields = {**author_fields(author, created), "client": document.client_id}
        document.entries(SUGGESTIONS).add(id, fields, Origin.IMPORT)
    if not spans:
        return
    # With its marks and in a transaction of its own, so that it is known here which letters are suggested.
    with document.edit(Origin.IMPORT, carried=document.assists.lacking(spans, carried)) as edit:
        *whole, last = spans
        edit.format_lines(0, 0, last.attributes)
        whole.append(replace(last, text=last.text[:-1]))
        for stop in range(len(whole), 0, -PART):  # see `Edit.insert_spans`
            check()
            edit.insert_spans(0, [span for span in whole[max(0, stop - PART) : stop] if span.text])


def _add(stretches: list[Stretch], new: Stretch) -> None:
    """Adds a part of a change; what stands side by side is one part."""
    last = stretches[-1] if stretches else None
    if last is not None and last.stop == new.start and last.comes == new.comes:
        stretches[-1] = Stretch(last.start, new.stop, new.comes, last.text + new.text)
    else:
        stretches.append(new)
