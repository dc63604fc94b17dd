"""Suggested changes: what people would put into the draft and take out of it, until somebody decides.

Runs on the document's thread. What is suggested to come in stands in the text already, marked with `insertion`; what is
suggested to go stands there still, marked with `deletion`. The root `suggestions` says whose each change is, and how it
was decided. A change is open as long as there is text with its mark: whoever takes a decision back has it open again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from cowrite.core.assists import AssistRecord, mark_of, suggested
from cowrite.core.authors import Author, author_fields, author_of, moment_of
from cowrite.core.body import Edit
from cowrite.core.document import Document
from cowrite.core.entries import EntriesChange
from cowrite.core.lines import delete_in
from cowrite.core.origin import Origin
from cowrite.core.richtext import DELETION, INSERTION, SUGGESTIONS, Utf16, utf16_length
from cowrite.core.structs import Content, Id, read_structs

ACCEPTED, REJECTED = "accepted", "rejected"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a suggested change.

    Attributes:
        start, stop: where it stands, in UTF-16 units.
        comes: whether it is to come in, and not to go.
        text: its characters.
    """

    start: Utf16
    stop: Utf16
    comes: bool
    text: str


@dataclass(frozen=True, slots=True)
class SuggestedChange:
    """A change that is open.

    Attributes:
        id: "change:" and a random part, or what another program calls it.
        author: who suggests it; without name and id where nothing says it.
        created: milliseconds since 1970; 0 where nothing says it.
        stretches: all its parts, in the order of the text; at least one.
    """

    id: str
    author: Author
    created: int
    stretches: tuple[Stretch, ...]

    @property
    def start(self) -> Utf16:
        """Where it begins."""
        return self.stretches[0].start

    @property
    def stop(self) -> Utf16:
        """Where it ends."""
        return self.stretches[-1].stop

    @property
    def comes(self) -> str:
        """The text that is to come in."""
        return "".join(stretch.text for stretch in self.stretches if stretch.comes)

    @property
    def goes(self) -> str:
        """The text that is to go."""
        return "".join(stretch.text for stretch in self.stretches if not stretch.comes)


class SuggestedChanges:
    """The suggested changes of a document, and who suggests more of them (`core.suggesting.Suggester`).

    Args:
        document: the draft.
        me: who sits here.
        chance: draws ids.
        clock: milliseconds since 1970.
        formats_left: is called where somebody would suggest what cannot be suggested: another look of text.
    """

    def __init__(
        self,
        document: Document,
        me: Callable[[], Author],
        *,
        chance: Random,
        clock: Callable[[], int],
        formats_left: Callable[[], None] = lambda: None,
    ) -> None:
        self._document = document
        self._entries = document.entries(SUGGESTIONS)
        self._me = me
        self._chance = chance
        self._clock = clock
        self._formats_left = formats_left
        self.may_edit = True
        """Whether the person may write all of the document, and only chooses to suggest."""

    def all(self) -> list[SuggestedChange]:
        """All open changes in the order of the text."""
        found: dict[str, list[Stretch]] = {}
        at = 0
        for span in self._document.spans():
            stop = at + utf16_length(span.text)
            for name in (INSERTION, DELETION):
                id = span.attributes.get(name)
                if isinstance(id, str) and id:
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

    def is_own(self, id: object) -> bool:
        """Whether this is the id of a change that the person here has suggested."""
        fields = self._entries.get(id) if isinstance(id, str) else None
        return fields is not None and bool(me := self._me().id) and author_of(fields).id == me

    def begin(self) -> str:
        """Begins a change of the person here, and gives its id."""
        id = f"change:{self._chance.randrange(2**64):016x}"
        self._entries.add(id, author_fields(self._me(), self._clock()), self._document.origin)
        return id

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

    def suggest_anew(self, lacking: bytes, clients: Collection[int]) -> None:
        """Suggests text that the server has not taken: its mark went when somebody decided on what stood beside it.

        Args:
            lacking: an update with all that the server may lack.
            clients: by whom it was written; what others have written meanwhile is left alone.
        """
        ids = (
            Id(struct.client, struct.clock + offset)
            for struct in read_structs(lacking)
            if struct.client in clients and struct.content in (Content.STRING, Content.EMBED)
            for offset in range(struct.length)
        )
        places = {place for id in ids if (place := self._document.place_of(id)) is not None}
        bare = list(self._bare(places))
        if bare:
            with self._document.edit(Origin.MENDING) as edit:
                id = self.begin()
                for start, stop in bare:
                    edit.format(start, stop - start, {INSERTION: id})

    def leave_formats(self) -> None:
        """Nothing could be suggested, for it was formats alone."""
        self._formats_left()

    # Inside

    def _bare(self, places: Container[int]) -> Iterator[tuple[int, int]]:
        """Where characters that begin at these places are not suggested, in as few stretches as can be."""
        at = start = 0
        for span in self._document.spans():
            for character in span.text:
                if at not in places or INSERTION in span.attributes:
                    if start < at:
                        yield start, at
                    start = at + utf16_length(character)
                at += utf16_length(character)
        if start < at:
            yield start, at

    def _change(self, id: str, stretches: list[Stretch]) -> SuggestedChange:
        fields = self._entries.get(id) or {}
        return SuggestedChange(id, author_of(fields), moment_of(fields), tuple(stretches))

    def _decide(self, ids: Collection[str], state: str) -> None:
        document = self._document
        changes = [change for change in self.all() if change.id in ids]
        stretches = [stretch for change in changes for stretch in change.stretches]
        if not stretches:
            return
        document.begin_undo_step()
        with document.transaction(Origin.LOCAL):
            if state == ACCEPTED:
                document.assists.keep(list(self._records_of(stretches)))
            with document.edit(Origin.LOCAL, directly=True) as edit:
                for each in stretches:
                    if each.comes == (state == ACCEPTED):
                        edit.set_suggested(each.start, each.stop - each.start, _name(each), None)
                goes = (each for each in stretches if each.comes == (state == REJECTED))
                for each in sorted(goes, key=lambda each: each.start, reverse=True):  # so that others keep their place
                    _take_out(edit, document, each)
            for change in changes:
                if self._entries.get(change.id) is not None:
                    decided = {"state": state, "decided_by": self._me().name, "decided": self._clock()}
                    self._entries.change(change.id, decided)
        document.begin_undo_step()

    def _records_of(self, stretches: Iterable[Stretch]) -> Iterator[AssistRecord]:
        """The records of the assistant's text in stretches that lie beside the changes still."""
        for stretch in stretches:
            for span in self._document.spans(stretch.start, stretch.stop):
                id = mark_of(span.attributes)
                if id is not None and id not in self._document.assists:
                    yield self._document.assists.record(id)


def _take_out(edit: Edit, document: Document, stretch: Stretch) -> None:
    """Deletes a part of a change. Where it ends with the break that closes the document, another closes it then, or
    that one stays and is decided."""
    start, stop = stretch.start, stretch.stop
    if stop < document.length or not document.is_closed:
        delete_in(edit, document, start, stop)
    elif start > 0 and document.rope.rfind("\n", start) == start - 1:
        edit.delete(start, stop - start)
    else:
        delete_in(edit, document, start, stop - 1)
        edit.set_suggested(document.length - 1, 1, _name(stretch), None)


def _name(stretch: Stretch) -> str:
    return INSERTION if stretch.comes else DELETION


def _add(stretches: list[Stretch], new: Stretch) -> None:
    """Adds a part of a change; what stands side by side is one part."""
    last = stretches[-1] if stretches else None
    if last is not None and last.stop == new.start and last.comes == new.comes:
        stretches[-1] = Stretch(last.start, new.stop, new.comes, last.text + new.text)
    else:
        stretches.append(new)
