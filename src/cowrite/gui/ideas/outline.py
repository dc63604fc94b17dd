"""The outline of a board as values: groups, their notes, and below each note those that it stands for.

Runs on the GUI thread, knows no Qt. What a row shows is words here, so that eyes and screen readers get the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import combinations
from re import Pattern

from cowrite.core.board.frames import frame_of
from cowrite.core.board.items import Group, Hand, Note, all_below, right_below
from cowrite.core.board.proposals import Proposal
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.text.first_words import shortened
from cowrite.core.text.search import compiled, has_all
from cowrite_server.counting import counted

UNGROUPED = ""
"""The id of the row above the notes of no group."""

EMPTY = "Empty note"
SHORT = 40  # characters of a note where it is named


class Kind(Enum):
    """What a row stands for."""

    GROUP = auto()
    NOTE = auto()
    MERGED = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        id: of the note or group; UNGROUPED for the row above the notes of no group.
        kind: what it stands for.
        text: what it says, whole.
        colour: one of `board.COLOURS`.
        author: who wrote it, where that is shown.
        marks: what else is to be known of it, each in a few words.
        is_sealed: whether it lies sealed, so that it can be neither grouped nor merged.
        is_foreign: whether the model wrote it and nobody has adopted it.
        is_locked: whether it stays as it is until somebody unlocks it.
        count: of a group how many notes it has, of a note how many it stands for.
    """

    id: str
    kind: Kind
    text: str
    colour: str = "grey"
    author: str = ""
    marks: tuple[str, ...] = ()
    is_sealed: bool = False
    is_foreign: bool = False
    is_locked: bool = False
    count: int = 0

    @property
    def said(self) -> str:
        """All that the row shows, in words."""
        if self.kind is Kind.GROUP:
            what = self.text if self.id == UNGROUPED else f"Group: {self.text}"
            return "; ".join([what, counted(self.count, "note"), *self.marks])
        by = [f"by {self.author}"] if self.author else []
        return "; ".join([self.text, *by, *([self.colour] if self.colour != "yellow" else []), *self.marks])


@dataclass(frozen=True, slots=True)
class Branch:
    """A row and those below it."""

    row: Row
    below: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What the list shows.

    Attributes:
        branches: the groups that are shown, with what is shown of them.
        seen, total: how many of how many notes somebody has opened, shown or not; none count for whoever is alone.
        never: the titles of the groups of which nobody has opened any note.
    """

    branches: tuple[Branch, ...] = ()
    seen: int = 0
    total: int = 0
    never: tuple[str, ...] = ()


def outline(
    brainstorm: Brainstorm,
    *,
    find: str,
    unseen_only: bool,
    edited: str,
    similar: Mapping[str, Collection[str]],
) -> Outline:
    """The whole list.

    Args:
        brainstorm: what it is a list of.
        find: show only what has these words, in any case.
        unseen_only: show only what nobody has opened.
        edited: the id of what is being edited, which is shown in any case.
        similar: by note id the ids of those that may say the same.
    """
    notes = brainstorm.visibility.notes(merged=True)
    coverage = brainstorm.coverage()
    unseen = dict.fromkeys(coverage.doubtful, "only one person, perhaps its author, has opened this")
    unseen = dict.fromkeys(coverage.unseen, "nobody has opened this yet") | unseen
    unopened = set(coverage.unseen) - set(coverage.doubtful)
    words = [compiled(word) for word in find.split()]
    branches = _Branches(brainstorm, notes, words, unseen, unseen_only=unseen_only, edited=edited, similar=similar)
    groups = {group.id: group for group in brainstorm.board.groups()}
    found, never = [], []
    for id, inside in _by_group(notes, groups).items():
        group = groups.get(id)
        title = group.title if group else "In no group" if groups else "All ideas"
        is_unopened = group is not None and bool(inside) and unopened.issuperset(note.id for note in inside)
        if is_unopened:
            never.append(title)
        shows_all = not words or (group is not None and has_all(words, title))
        below = tuple(each for note in inside if (each := branches.of(note, shows_all=shows_all)) is not None)
        if below or (group is not None and (id == edited or not (words or unseen_only))):
            found.append(Branch(_group_row(group, title, len(inside), is_unopened=is_unopened), below))
    return Outline(tuple(found), len(coverage.seen), len(coverage.seen) + len(coverage.unseen), tuple(never))


def _group_row(group: Group | None, title: str, count: int, *, is_unopened: bool) -> Row:
    marks = ["title from the assistant"] if group is not None and group.is_of_model else []
    marks += ["nobody has opened any of it"] if is_unopened else []
    id, colour = (group.id, group.colour) if group is not None else (UNGROUPED, "grey")
    return Row(id, Kind.GROUP, title or "Group", colour, "", tuple(marks), count=count)


def _by_group(notes: Sequence[Note], groups: Collection[str]) -> dict[str, list[Note]]:
    """The notes that stand for themselves, by the ids of their groups, those of none last."""
    members: dict[str, list[Note]] = {id: [] for id in (*groups, UNGROUPED)}
    for note in notes:
        if not note.merged_into:
            members[note.group if note.group in groups else UNGROUPED].append(note)
    return members


class _Branches:
    """Notes with those that each stands for, as far as they are shown; see `outline`.

    Args:
        notes: all of them.
        words: that are looked for.
        unseen: by note id, what to say of those that too few have opened.
    """

    def __init__(
        self,
        brainstorm: Brainstorm,
        notes: Sequence[Note],
        words: Sequence[Pattern[str]],
        unseen: Mapping[str, str],
        *,
        unseen_only: bool,
        edited: str,
        similar: Mapping[str, Collection[str]],
    ) -> None:
        self._texts = {note.id: note.words for note in notes}
        self._below = right_below(notes)
        self._frames = brainstorm.board.frames()
        self._words = words
        self._unseen = unseen
        self._unseen_only = unseen_only
        self._edited = edited
        self._similar = similar

    def of(self, note: Note, *, shows_all: bool) -> Branch | None:
        """The branch of a note; None where it is not shown.

        Args:
            note: which stands for itself.
            shows_all: whether it is shown whatever words are looked for.
        """
        inner = all_below(note.id, self._below)
        held = None if note.is_sealed else frame_of(note.place, self._frames)
        frame = "" if held is None else held.title or "Frame"
        is_edited = self._edited in {note.id, *(each.id for each in inner)}
        is_left_out = self._unseen_only and note.id not in self._unseen
        is_found = shows_all or any(has_all(self._words, each.text, each.author, frame) for each in (note, *inner))
        if not is_edited and (is_left_out or not is_found):
            return None
        alike = [self._texts[id] for id in self._similar.get(note.id, ()) if id in self._texts]
        merged = tuple(Branch(_row(each, Kind.MERGED, _marks(each, 0, {}, []), 0)) for each in inner)
        marks = _marks(note, len(inner), self._unseen, alike, frame)
        return Branch(_row(note, Kind.NOTE, marks, len(inner)), merged)


@dataclass(frozen=True, slots=True)
class Alike:
    """Notes that look alike.

    Attributes:
        notes: their ids.
        title: what their group might be called.
        texts: what they say, shortened.
    """

    notes: tuple[str, ...]
    title: str
    texts: tuple[str, ...]


def alike(brainstorm: Brainstorm, proposals: Sequence[Proposal], apart: Collection[frozenset[str]]) -> list[Alike]:
    """The proposals that still make sense: all their notes are there and in no group, and nobody has said no."""
    found, refused = [], set(apart)
    for proposal in proposals:
        notes = brainstorm.visibility.found(proposal.notes)
        there = [note for note in notes if not note.group and not note.merged_into]
        pairs = {frozenset(pair) for pair in combinations(proposal.notes, 2)}
        if len(there) == len(proposal.notes) and not pairs <= refused:
            found.append(Alike(proposal.notes, proposal.title, tuple(shortened(note.words, SHORT) for note in there)))
    return found


def _row(note: Note, kind: Kind, marks: tuple[str, ...], count: int) -> Row:
    is_foreign = note.hand is Hand.MODEL
    text = note.text or note.words or EMPTY
    return Row(note.id, kind, text, note.colour, note.author, marks, note.is_sealed, is_foreign, note.is_locked, count)


def _marks(note: Note, count: int, unseen: Mapping[str, str], similar: list[str], frame: str = "") -> tuple[str, ...]:
    marks = []
    if note.is_sealed:
        marks.append("sealed, only you see it")
    if note.is_locked:
        marks.append("locked")
    if note.is_late:
        marks.append("late")
    if note.hand is Hand.MODEL:
        marks.append("from the assistant, not adopted")
    elif note.hand is Hand.ADOPTED:
        marks.append("from the assistant, adopted")
    if note.image:
        marks.append("with an image")
    if count:
        marks.append(f"stands for {count} more")
    if frame:
        marks.append(f"in the frame “{shortened(frame, SHORT)}”")
    if similar:
        marks.append("similar to: " + " · ".join(f"“{shortened(text, SHORT)}”" for text in similar[:2]))
    if note.id in unseen:
        marks.append(unseen[note.id])
    return tuple(marks)
