"""What lies on the board: notes, groups, frames and links, as frozen values, and as the fields of their entries.

Fields can be written by anybody who may edit; what makes no sense in them is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from cowrite.core.entries.authors import shown_name
from cowrite.core.entries.entries import Written
from cowrite.core.entries.fields import Fields, member, number, text, texts, truth, whole
from cowrite.core.text.model_words import is_of_model

COLOURS = ("yellow", "orange", "red", "pink", "purple", "blue", "green", "grey")
"""Names of the colours that a note can have; the theme knows how each looks."""

FARTHEST = 90_000.0
"""So far from the middle, in the board's units, something lies at most."""
LARGEST_NOTE, LARGEST_FRAME = 5_000.0, 50_000.0

_STRINGS = (
    "text", "colour", "group", "merged_into", "author", "assist", "lens", "model_text", "session", "phase", "image",
)  # fmt: skip


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

    def moved(self, dx: float, dy: float) -> Place:
        """The place so much farther to the right and down."""
        return replace(self, x=self.x + dx, y=self.y + dy)

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
        model_text: what the model wrote, whatever people have made of it since; empty for a person's, and where it is
            not known.
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
    model_text: str = ""
    session: str = ""
    phase: str = ""
    is_late: bool = False
    image: str = ""
    created: int = 0
    is_locked: bool = False
    is_sealed: bool = False

    @property
    def words(self) -> str:
        """What it is called where it is named, in one line: an image without words is "Image"; empty for nothing."""
        return " ".join(self.text.split()) or ("Image" if self.image else "")

    def copy_at(self, place: Place, group: str = "") -> Note:
        """A new note that says the same, for a place and a group of that id."""
        return Note(
            *("", self.text, place, self.colour, group),
            hand=self.hand,
            assist=self.assist,
            lens=self.lens,
            model_text=self.model_text,
            image=self.image,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Notes that belong together; the notes name it, it does not name them.

    Attributes:
        model_text: what of its first title was taken over from notes of the model; empty for a person's.
    """

    id: str
    title: str
    colour: str = "grey"
    session: str = ""
    created: int = 0
    model_text: str = ""

    @property
    def is_of_model(self) -> bool:
        """Whether its title has words of the model."""
        return is_of_model(self.title, self.model_text)


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
    return {"text": Written(note.text), "hand": note.hand, **plain_fields({"place": note.place}), **simple, **builds_on}


def note_of(id: str, fields: Fields) -> Note:
    """A note from the fields of its entry."""
    strings: dict[str, Any] = {name: text(fields, name) for name in _STRINGS}
    strings["author"] = shown_name(strings["author"])
    strings["colour"] = strings["colour"] if strings["colour"] in COLOURS else "yellow"
    return Note(
        id=id,
        place=place_of(fields, LARGEST_NOTE),
        builds_on=texts(fields, "builds_on"),
        hand=member(Hand, fields, "hand", Hand.PERSON),
        is_late=truth(fields, "is_late"),
        is_locked=truth(fields, "is_locked"),
        created=whole(fields, "created"),
        **strings,
    )


def group_of(id: str, fields: Fields) -> Group:
    """A group from the fields of its entry."""
    return Group(
        id,
        text(fields, "title"),
        text(fields, "colour") or "grey",
        text(fields, "session"),
        whole(fields, "created"),
        text(fields, "model_text"),
    )


def frame_of(id: str, fields: Fields) -> Frame:
    """A frame from the fields of its entry."""
    return Frame(id, text(fields, "title"), place_of(fields, LARGEST_FRAME))


def link_of(id: str, fields: Fields) -> Link:
    """A link from the fields of its entry."""
    return Link(id, text(fields, "start"), text(fields, "end"), member(Tie, fields, "tie", Tie.RELATED))


def place_of(fields: Fields, largest: float) -> Place:
    """A place from the fields of an entry, within what a board can show.

    Args:
        fields: of the entry.
        largest: so wide and so high at most.
    """
    at = Place(0, 0)
    x, y = (min(max(number(fields, name, 0), -FARTHEST), FARTHEST) for name in ("x", "y"))
    width, height = (min(max(number(fields, name, getattr(at, name)), 20), largest) for name in ("width", "height"))
    return Place(x, y, width, height)


def plain_fields(fields: Fields) -> dict[str, Any]:
    """Fields as an entry has them."""
    plain: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Place):
            plain |= {"x": value.x, "y": value.y, "width": value.width, "height": value.height}
        else:
            plain[name] = list(value) if isinstance(value, tuple) else value
    return plain
