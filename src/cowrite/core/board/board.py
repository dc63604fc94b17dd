"""The board: ideas as notes, their groups, frames and links, in the root `board` of the document.

Runs on the document's thread. Which group a note is in is a field of the note, so that people who group at the same
time never lose a note; what is merged, notes and groups, stays and names what it was merged into. Each act is one
transaction: one step of undo and one update. What of a session others may see is not decided here but in
`core.sessions.visibility`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from cowrite.core.board.items import (
    Frame,
    Group,
    Link,
    Note,
    Place,
    Tie,
    all_below,
    fields_of,
    frame_of,
    group_of,
    link_of,
    note_of,
    plain_fields,
    right_below,
)
from cowrite.core.board.model_words import taken_from
from cowrite.core.document.document import Document
from cowrite.core.entries.entries import Written, draw_id
from cowrite.core.entries.fields import Fields, Readings, text
from cowrite.core.text.origin import Origin

ROOT = "board"


MOST_MERGES = 100
"""So often one thing is merged into the next one."""


class Board:
    """The board of a document.

    Args:
        document: the draft it belongs to.
        chance: draws ids.
        clock: milliseconds since 1970.
    """

    def __init__(self, document: Document, *, chance: Random, clock: Callable[[], int]) -> None:
        self._document = document
        self._entries = document.entries(ROOT)
        self._chance = chance
        self._clock = clock
        self._notes = Readings(note_of)
        self._grouped = 0  # when a group was made last: those of one moment keep their order

    # Reading

    def notes(self, *, merged: bool = False) -> list[Note]:
        """All notes, in the order in which they were made; with `merged` also those that another one stands for."""
        every = (self._read(id, fields) for id, fields in self._entries.all("note"))
        notes = [note for note in every if merged or not note.merged_into]
        return sorted(notes, key=lambda note: (note.created, note.id))

    def note(self, id: str) -> Note | None:
        """A note, or None where it is not there."""
        fields = self._entries.get(id) if id.startswith("note:") else None
        return None if fields is None else self._read(id, fields)

    def groups(self) -> list[Group]:
        """All groups that were not merged into another one, in the order in which they were made."""
        groups = [group_of(id, fields) for id, fields in self._entries.all("group") if self._holds_notes(id)]
        return sorted(groups, key=lambda group: (group.created, group.id))

    def frames(self) -> list[Frame]:
        """All frames."""
        return [frame_of(id, fields) for id, fields in self._entries.all("frame")]

    def links(self) -> list[Link]:
        """All links whose two notes are there."""
        links = [link_of(id, fields) for id, fields in self._entries.all("link")]
        return [link for link in links if self.note(link.start) and self.note(link.end)]

    def members(self, group: str) -> list[Note]:
        """The notes of a group; those of no group for an empty id or for one that is not there."""
        known = {each.id for each in self.groups()}
        return [note for note in self.notes() if (note.group if note.group in known else "") == group]

    # Writing

    def new_id(self, kind: str) -> str:
        """An id that nobody else draws."""
        return draw_id(kind, self._chance)

    def add(self, notes: Iterable[Note], origin: Origin = Origin.LOCAL) -> list[str]:
        """Puts notes on the board in one act; gives their ids. A note without an id or a time gets them."""
        ids = []
        with self._document.transaction(origin):
            for note in notes:
                whole = replace(note, id=note.id or self.new_id("note"), created=note.created or self._clock())
                self._entries.add(whole.id, fields_of(whole), origin)
                ids.append(whole.id)
        return ids

    def change(self, changes: Mapping[str, Mapping[str, Any]], origin: Origin = Origin.LOCAL) -> None:
        """Sets fields of notes, groups, frames or links in one act; ids that are not there are passed over.

        Args:
            changes: for each id the fields by the names of its type; a `place` is a Place.
            origin: where it comes from.
        """
        with self._document.transaction(origin):
            for id, fields in changes.items():
                if self._entries.get(id) is not None:
                    self._entries.change(id, plain_fields(fields), origin)

    def remove(self, ids: Iterable[str]) -> None:
        """Takes things off the board in one act. Notes of a group that is removed are in none then."""
        self.change({id: {"removed": True} for id in ids})

    def group(self, notes: Sequence[str], title: str = "", *, session: str = "", model_text: str = "") -> str:
        """Makes a group of notes in one act, and gives its id. Without a title it has the first words of its first.

        Args:
            notes: their ids.
            title: of the group.
            session: the id of the session in which it is made, or empty.
            model_text: what the model wrote of the title.
        """
        id = self.new_id("group")
        first = self.note(notes[0]) if notes else None
        words = " ".join(first.text.split()[:6]) if first else "Group"
        if first and not title:
            model_text = taken_from(words, words, [first])
        self._grouped = max(self._clock(), self._grouped + 1)
        with self._document.transaction(Origin.LOCAL):
            group = {"title": Written(title or words), "colour": "grey", "session": session, "created": self._grouped}
            self._entries.add(id, group | ({"model_text": model_text} if model_text else {}))
            self.put_into(id, notes)
        return id

    def put_into(self, group: str, notes: Iterable[str]) -> None:
        """Puts notes into a group in one act; into none with an empty id."""
        self.change({id: {"group": group} for id in notes})

    def merge_groups(self, into: str, others: Sequence[str]) -> None:
        """Puts all notes of other groups into one, and what others put into those meanwhile, in one act."""
        merged = dict.fromkeys(other for other in others if other != into)
        there = {each.id for each in self.groups()}
        moved = {note.id: {"group": into} for note in self.notes() if note.group in merged and note.group in there}
        self.change({**moved, **{other: {"merged_into": into} for other in merged}})

    def merge_notes(self, into: str, others: Sequence[str]) -> None:
        """Lets one note stand for others, which stay and can be split off again, in one act."""
        changes = {id: {"merged_into": into} for id in others if id != into}
        if not changes.keys().isdisjoint(self._above(into)):
            changes[into] = {"merged_into": ""}  # one of them stood for it until now
        self.change(changes)

    def merged(self, note: str) -> list[Note]:
        """The notes that a note stands for, those of these included."""
        return all_below(note, right_below(self.notes(merged=True)))

    def add_frame(self, title: str, place: Place) -> str:
        """Puts a frame on the board, and gives its id."""
        id = self.new_id("frame")
        self._entries.add(id, {"title": Written(title), **plain_fields({"place": place})})
        return id

    def link(self, start: str, end: str, tie: Tie = Tie.RELATED) -> str:
        """Draws a link between two notes, and gives its id."""
        id = self.new_id("link")
        self._entries.add(id, {"start": start, "end": end, "tie": tie})
        return id

    def _read(self, id: str, fields: Fields) -> Note:
        """A note from its entry. It stands for itself where the one that stands for it is gone, and where several
        people have merged notes into each other at the same time, the one of them whose id sorts first."""
        note = self._notes.of(id, fields)
        if note.group:
            last = (note.group, *self._above(note.group, removed=True))[-1]
            group = min((last, *self._above(last, removed=True)))  # above the last there is none, or a ring with it
            note = note if group == note.group else replace(note, group=group)
        if not note.merged_into:
            return note
        above = self._above(id)
        stands = not above or (id in above and id == min(above))
        return replace(note, merged_into="") if stands else note

    def _holds_notes(self, group: str) -> bool:
        """Whether a group was not merged into another one; of those that several people have merged into each other at
        the same time, the one whose id sorts first holds the notes of all."""
        above = self._above(group, removed=True)
        return not above or (group in above and group == min(above))

    def _above(self, id: str, *, removed: bool = False) -> list[str]:
        """The ids of the notes that stand for a note, or of the groups that a group was merged into, the next one
        first; each once. Empty where the way is longer than people make it: then each stands for itself.

        Args:
            removed: whether the way goes on over what was removed.
        """
        kind = id.partition(":")[0]
        found: list[str] = []
        while len(found) <= MOST_MERGES:
            fields = self._entries.get(id, removed=removed)
            id = "" if fields is None else text(fields, "merged_into")
            if id in found or id.partition(":")[0] != kind or self._entries.get(id, removed=removed) is None:
                return found
            found.append(id)
        return []
