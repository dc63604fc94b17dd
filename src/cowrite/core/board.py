"""The board: ideas as notes, their groups, frames and links, in the root `board` of the document.

Runs on the document's thread. Which group a note is in is a field of the note, so that people who group at the same
time never lose a note; what is merged, notes and groups, stays and names what it was merged into. Each act is one
transaction: one step of undo and one update. What of a session others may see is not decided here but in
`core.visibility`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Any

from cowrite.core.document import Document
from cowrite.core.entries import EntriesChange, Written
from cowrite.core.fields import member, number, text, texts, truth, whole
from cowrite.core.origin import Origin

ROOT = "board"
COLOURS = ("yellow", "orange", "red", "pink", "purple", "blue", "green", "grey")
"""Names of the colours that a note can have; the theme knows how each looks."""


class Hand(StrEnum):
    """Who wrote a note."""

    PERSON = "person"
    MODEL = "model"
    """The assistant; nobody has adopted it, so it is in no ballot."""
    ADOPTED = "adopted"
    """The assistant, and a person has made it their own."""


class Tie(StrEnum):
    """What a link between two notes says."""

    RELATED = "related"
    BUILDS_ON = "builds on"
    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is on the board and how large, in the board's units: one is a pixel at 100 %."""

    x: float
    y: float
    width: float = 180.0
    height: float = 120.0

    def holds(self, other: Place) -> bool:
        """Whether the middle of another place lies in it."""
        x, y = other.x + other.width / 2, other.y + other.height / 2
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height

    def overlaps(self, other: Place, gap: float = 0.0) -> bool:
        """Whether it shares anything with another place, or is nearer to it than `gap`."""
        return (
            self.x < other.x + other.width + gap
            and other.x < self.x + self.width + gap
            and self.y < other.y + other.height + gap
            and other.y < self.y + self.height + gap
        )


@dataclass(frozen=True, slots=True)
class Note:
    """One idea.

    Attributes:
        id: "note:" and a random part.
        group: the id of its group, or empty.
        merged_into: the id of the note that stands for it now, or empty.
        builds_on: ids of the notes that it came from.
        author: the name of who wrote it; empty where nobody is to know.
        hand: whether a person or the model wrote it.
        assist: the id of the record in `assists`; empty for a person's.
        lens: the view through which the model looked; empty for a person's.
        session: the id of the session it was written in, or empty.
        phase: the phase of that session.
        is_late: whether it came when that phase's writing was over.
        image: name of an image ("sha256:…"), or empty.
        created: milliseconds since 1970; 0 where the order of writing is not to be known.
        is_locked: whether it is to stay as and where it is until somebody unlocks it.
        is_sealed: whether it lies sealed and only its author sees it; such a note is never in the document.
    """

    id: str
    text: str
    place: Place
    colour: str = "yellow"
    group: str = ""
    merged_into: str = ""
    builds_on: tuple[str, ...] = ()
    author: str = ""
    hand: Hand = Hand.PERSON
    assist: str = ""
    lens: str = ""
    session: str = ""
    phase: str = ""
    is_late: bool = False
    image: str = ""
    created: int = 0
    is_locked: bool = False
    is_sealed: bool = False

    @property
    def words(self) -> str:
        """What it is called where it is named, in one line: a picture without words is "Picture"; empty for nothing."""
        return " ".join(self.text.split()) or ("Picture" if self.image else "")


@dataclass(frozen=True, slots=True)
class Group:
    """Notes that belong together; the notes name it, it does not name them.

    Attributes:
        titled_by: whether a person gave the title, or it is the model's or the first words of a note.
    """

    id: str
    title: str
    colour: str = "grey"
    session: str = ""
    titled_by: Hand = Hand.PERSON
    created: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """A titled area of the board."""

    id: str
    title: str
    place: Place


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one note to another."""

    id: str
    start: str
    end: str
    tie: Tie = Tie.RELATED


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
        self._known: dict[str, tuple[Mapping[str, Any], Note]] = {}  # notes, by the fields that they were read from

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
        groups = [_group(id, fields) for id, fields in self._entries.all("group") if self._holds_notes(id)]
        return sorted(groups, key=lambda group: (group.created, group.id))

    def frames(self) -> list[Frame]:
        """All frames."""
        return [Frame(id, text(fields, "title"), _place(fields)) for id, fields in self._entries.all("frame")]

    def links(self) -> list[Link]:
        """All links whose two notes are there."""
        links = [
            Link(id, text(fields, "start"), text(fields, "end"), member(Tie, fields, "tie", Tie.RELATED))
            for id, fields in self._entries.all("link")
        ]
        return [link for link in links if self.note(link.start) and self.note(link.end)]

    def members(self, group: str) -> list[Note]:
        """The notes of a group; those of no group for an empty id or for one that is not there."""
        known = {each.id for each in self.groups()}
        return [note for note in self.notes() if (note.group if note.group in known else "") == group]

    def observe(self, callback: Callable[[EntriesChange], None]) -> Callable[[], None]:
        """Calls back after each transaction with the ids it touched; returns the function that ends it."""
        return self._entries.observe(callback)

    # Writing

    def new_id(self, kind: str) -> str:
        """An id that nobody else draws."""
        return f"{kind}:{self._chance.randrange(2**64):016x}"

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
                    self._entries.change(id, _plain(fields), origin)

    def remove(self, ids: Iterable[str]) -> None:
        """Takes things off the board in one act. Notes of a group that is removed are in none then."""
        self.change({id: {"removed": True} for id in ids})

    def group(self, notes: Sequence[str], title: str = "", *, session: str = "") -> str:
        """Makes a group of notes in one act, and gives its id. Without a title it has the first words of its first."""
        id = self.new_id("group")
        first = self.note(notes[0]) if notes else None
        words = " ".join(first.text.split()[:6]) if first else "Group"
        with self._document.transaction(Origin.LOCAL):
            by = Hand.PERSON if title else Hand.MODEL
            group = {"title": Written(title or words), "colour": "grey", "session": session, "titled_by": by}
            self._entries.add(id, {**group, "created": self._clock()})
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

    def split_off(self, notes: Iterable[str]) -> None:
        """Lets notes that another one stood for stand for themselves again, in one act."""
        self.change({id: {"merged_into": ""} for id in notes})

    def merged(self, note: str) -> list[Note]:
        """The notes that a note stands for, those of these included."""
        return all_below(note, right_below(self.notes(merged=True)))

    def add_frame(self, title: str, place: Place) -> str:
        """Puts a frame on the board, and gives its id."""
        id = self.new_id("frame")
        self._entries.add(id, {"title": Written(title), **_plain({"place": place})})
        return id

    def link(self, start: str, end: str, tie: Tie = Tie.RELATED) -> str:
        """Draws a link between two notes, and gives its id."""
        id = self.new_id("link")
        self._entries.add(id, {"start": start, "end": end, "tie": tie})
        return id

    def can_undo(self) -> bool:
        """Whether there is an own act to take back."""
        return self._entries.can_undo()

    def can_redo(self) -> bool:
        """Whether there is an own act to bring back."""
        return self._entries.can_redo()

    def undo(self) -> None:
        """Takes back this person's newest act; what teammates did stays."""
        self._entries.undo()

    def redo(self) -> None:
        """Brings back the act that was taken back last."""
        self._entries.redo()

    def _read(self, id: str, fields: Mapping[str, Any]) -> Note:
        """A note from its entry. It stands for itself where the one that stands for it is gone, and where several
        people have merged notes into each other at the same time, the one of them whose id sorts first."""
        known = self._known.get(id)
        if known is None or known[0] is not fields:
            known = self._known[id] = fields, note_of(id, fields)
        note = known[1]
        if note.group:
            chain = (note.group, *self._above(note.group, removed=True))
            group = next(each for each in chain if self._holds_notes(each))
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
        first; each once.

        Args:
            removed: whether the way goes on over what was removed.
        """
        kind = id.partition(":")[0]
        found: list[str] = []
        while True:
            fields = self._entries.get(id, removed=removed)
            id = "" if fields is None else text(fields, "merged_into")
            if id in found or id.partition(":")[0] != kind or self._entries.get(id, removed=removed) is None:
                return found
            found.append(id)


def right_below(notes: Iterable[Note]) -> dict[str, list[Note]]:
    """By the id of a note that stands for others those of them that were merged into it itself."""
    below: dict[str, list[Note]] = {}
    for note in notes:
        if note.merged_into:
            below.setdefault(note.merged_into, []).append(note)
    return below


def all_below(note: str, below: Mapping[str, Sequence[Note]]) -> list[Note]:
    """The notes that a note stands for, those of these included.

    Args:
        note: its id.
        below: see `right_below`; no note stands for itself by way of others.
    """
    found: list[Note] = []
    waiting = [note]
    while waiting:
        inner = below.get(waiting.pop(), ())
        found += inner
        waiting += [each.id for each in inner]
    return found


def fields_of(note: Note) -> dict[str, Any]:
    """A note as the fields of its entry; what is empty is left out. What lies sealed before it is revealed is this."""
    simple = {
        name: getattr(note, name)
        for name in (*_STRINGS, "is_late", "is_locked", "created")
        if name != "text" and getattr(note, name)
    }
    builds_on = {"builds_on": list(note.builds_on)} if note.builds_on else {}
    return {"text": Written(note.text), "hand": note.hand, **_plain({"place": note.place}), **simple, **builds_on}


_STRINGS = ("text", "colour", "group", "merged_into", "author", "assist", "lens", "session", "phase", "image")


def note_of(id: str, fields: Mapping[str, Any]) -> Note:
    """A note from the fields of its entry; what somebody wrote there that makes no sense is passed over."""
    strings: dict[str, Any] = {name: text(fields, name) for name in _STRINGS}
    strings["colour"] = strings["colour"] if strings["colour"] in COLOURS else "yellow"
    return Note(
        id=id,
        place=_place(fields),
        builds_on=texts(fields, "builds_on"),
        hand=member(Hand, fields, "hand", Hand.PERSON),
        is_late=truth(fields, "is_late"),
        is_locked=truth(fields, "is_locked"),
        created=whole(fields, "created"),
        **strings,
    )


def _group(id: str, fields: Mapping[str, Any]) -> Group:
    return Group(
        id,
        text(fields, "title"),
        text(fields, "colour") or "grey",
        text(fields, "session"),
        member(Hand, fields, "titled_by", Hand.PERSON),
        whole(fields, "created"),
    )


def _place(fields: Mapping[str, Any]) -> Place:
    at = Place(0, 0)
    x, y = number(fields, "x", 0), number(fields, "y", 0)
    return Place(x, y, max(20, number(fields, "width", at.width)), max(20, number(fields, "height", at.height)))


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as an entry has them."""
    plain: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Place):
            plain |= {"x": value.x, "y": value.y, "width": value.width, "height": value.height}
        else:
            plain[name] = list(value) if isinstance(value, tuple) else value
    return plain
