"""Ideas: what a person does with the notes of a board in a list, each as one act.

Runs on the document's thread. A list has no places; a note that is written in one gets a free place on the board. What
lies sealed cannot be grouped or merged before it is revealed: a group's title is on the board, for everybody. What is
locked stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from cowrite.core.board.frames import MARGIN, frame_of, room_in
from cowrite.core.board.items import Group, Hand, Note, Place, Tie, all_below, right_below
from cowrite.core.board.jottings import Jotting
from cowrite.core.board.layout import GAP, brought, gathered
from cowrite.core.board.model_words import taken_from
from cowrite.core.board.proposals import title_for
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.text.origin import Origin

COLUMNS = 6  # of notes that a list puts on the board


class Ideas:
    """The acts.

    Args:
        brainstorm: what they are done to.
    """

    def __init__(self, brainstorm: Brainstorm) -> None:
        self._brainstorm = brainstorm

    @property
    def seals(self) -> bool:
        """Whether what is written now lies sealed."""
        session = self._brainstorm.session
        return session is not None and session.seals

    def write(self, texts: Iterable[str], group: str = "", *, session: str = "") -> list[str]:
        """Writes one note for each text that says something, into a group of that id; gives their ids.

        Args:
            texts: what they say.
            group: id of their group, or empty.
            session: id of the session in which they were begun; empty for the one that runs.
        """
        words = [text.strip() for text in texts if text.strip()]
        places = self.places(len(words))
        into = "" if self.seals or self._group(group) is None else group
        return self._brainstorm.write(
            Note("", text, place, group=into, session=session) for text, place in zip(words, places, strict=True)
        )

    def write_pictures(self, names: Sequence[str], group: str) -> list[str]:
        """Writes one note for each picture, by its name ("sha256:…"), into a group of that id; gives their ids."""
        into = "" if self.seals or self._group(group) is None else group
        places = self.places(len(names))
        return self._brainstorm.write(
            Note("", "", place, group=into, image=name) for name, place in zip(names, places, strict=True)
        )

    def duplicate(self, ids: Iterable[str]) -> list[str]:
        """Writes copies of notes into their groups; gives the ids of the copies."""
        notes = self._found(dict.fromkeys(ids))
        return self._brainstorm.write(
            note.copy_at(place, "" if self.seals else self.standing(note).group)
            for note, place in zip(notes, self.places(len(notes)), strict=True)
        )

    def take_in(self, jottings: Sequence[Jotting]) -> list[str]:
        """Takes a list in: its notes, its groups, frames and links, and what is merged; gives the ids of its notes.

        While the session seals, no group, frame or link is made and nothing merged, because all of them can be seen.
        """
        flat = [(jotting, each) for jotting in jottings for each in (jotting, *jotting.stands_for)]
        places, frames = self._laid_out(["" if self.seals else jotting.frame for jotting, _ in flat])
        brainstorm = self._brainstorm
        with brainstorm.document.transaction(Origin.LOCAL):
            titles: dict[str, str] = {}
            for jotting in jottings:
                if jotting.group and not self.seals:
                    titles[jotting.group] = titles.get(jotting.group) or jotting.group_model_text
            groups = self._groups(titles)
            notes = [
                Note(
                    brainstorm.board.new_id("note"),
                    each.text,
                    place,
                    each.colour or "yellow",
                    group=groups.get(jotting.group, ""),
                    author=each.author,
                    is_late=each.is_late,
                    image=each.picture,
                    hand=each.hand,
                    model_text="" if each.hand is Hand.PERSON else each.model_text or each.text,
                )
                for (jotting, each), place in zip(flat, places, strict=True)
            ]
            ids = brainstorm.write(notes)
            if not self.seals:
                stands = {id(jotting): note for (jotting, each), note in zip(flat, ids, strict=True) if each is jotting}
                for (jotting, each), note in zip(flat, ids, strict=True):
                    if each is not jotting:
                        brainstorm.board.merge_notes(stands[id(jotting)], [note])
                for title, place in frames.items():
                    brainstorm.board.add_frame(title, place)
                self._link_numbered([each for _, each in flat], ids)
        return ids

    def _link_numbered(self, jottings: Sequence[Jotting], ids: Sequence[str]) -> None:
        """Draws the links between jottings that have become notes; of those with one number the first is meant."""
        numbered = {each.number: id for each, id in reversed(list(zip(jottings, ids, strict=True)))}
        for each, start in zip(jottings, ids, strict=True):
            for link in dict.fromkeys(each.links):
                end = numbered.get(link.number, "") if link.number else ""
                if end and end != start:
                    self._brainstorm.board.link(start, end, link.tie)

    def _laid_out(self, frames: Sequence[str]) -> tuple[list[Place], dict[str, Place]]:
        """A free place for each of some notes, given the titles of their frames; and one for each frame, by its title,
        below all else."""
        free = self.places(frames.count(""))
        left, top = self._corner()
        top = max([top, *(place.y + place.height + GAP for place in free)])
        inside: dict[str, list[Place]] = {"": free}
        around: dict[str, Place] = {}
        for title in dict.fromkeys(filter(None, frames)):
            grid = _grid(left + MARGIN, top + MARGIN, range(frames.count(title)))
            right, bottom = (
                max(place.x + place.width for place in grid),
                max(place.y + place.height for place in grid),
            )
            around[title] = Place(left, top, right + MARGIN - left, bottom + MARGIN - top)
            inside[title] = grid
            top = bottom + MARGIN + GAP
        following = {title: iter(grid) for title, grid in inside.items()}
        return [next(following[title]) for title in frames], around

    def retype(self, id: str, text: str) -> None:
        """Gives a note another text, or a group another title; an empty one is no change, but on a picture.

        What was written into a note or a title that is gone meanwhile is a note of its own: somebody took it away, or
        it was one's own and came onto the board without a name, as another one. So is what was written into a note that
        somebody has locked.
        """
        is_group, note = id.startswith("group:"), self._brainstorm.visibility.note(id)
        if not text.strip() and (note is None or note.is_locked or not note.image):
            return
        if self.is_locked(id) or (self._group(id) if is_group else note) is None:
            new = Note("", text, self.places(1)[0], session=self._brainstorm.home(id))
            if note is not None:  # words of the model that are left in it stay the model's
                new = replace(new, hand=note.hand, assist=note.assist, lens=note.lens, model_text=note.model_text)
            self._brainstorm.write([new])
            return
        self._brainstorm.change({id: {"title": text.strip()} if is_group else {"text": text}})

    def colour(self, ids: Iterable[str], colour: str) -> None:
        """Gives notes or groups a colour."""
        self._brainstorm.change({id: {"colour": colour} for id in ids if not self.is_locked(id)})

    def lock(self, ids: Iterable[str], *, on: bool) -> None:
        """Lets notes stay as they are, or lets them be changed again."""
        self._brainstorm.change({id: {"is_locked": on} for id in ids if self.is_locked(id) is not on})

    def adopt(self, ids: Iterable[str]) -> None:
        """Makes notes of the model one's own."""
        self._brainstorm.adopt([id for id in ids if not self.is_locked(id)])

    def proposed_title(self, ids: Sequence[str]) -> str:
        """What a group of notes might be called."""
        return title_for(self._found(ids), self._brainstorm.visibility.published())

    def group(self, ids: Iterable[str], title: str, proposed: str = "") -> str:
        """Makes a group of notes that everybody has, gathers them on the board, and gives the group's id; empty where
        there are none.

        Args:
            ids: of the notes.
            title: as the person has worded or taken it over.
            proposed: the title that was proposed to them.
        """
        notes = self._open(ids)
        if not notes:
            return ""
        model_text = taken_from(title, proposed, self._found(notes))
        with self._brainstorm.document.transaction(Origin.LOCAL):
            group = self._brainstorm.board.group(notes, title.strip(), session=self._session, model_text=model_text)
            loose = self._places(filter(self.can_be_moved, notes))
            self._put(gathered(loose, self._places_without(loose)))
        return group

    def move(self, ids: Iterable[str], group: str) -> None:
        """Puts notes into a group, or into none. A note that is merged into another is split off for it; one that lies
        far from the group comes to lie below it. Into a group that a teammate has taken away goes nothing."""
        notes = self._open(ids)
        if not notes or (group and self._group(group) is None):
            return
        there = [note.place for note in self._brainstorm.visibility.members(group)] if group else []
        fields = {"group": group, "merged_into": ""}
        with self._brainstorm.document.transaction(Origin.LOCAL):
            self._brainstorm.change(dict.fromkeys(notes, fields))
            loose = self._places(filter(self.can_be_moved, notes))
            self._put(brought(loose, there, self._places_without(loose)))

    def move_groups(self, groups: Sequence[str], into: str) -> None:
        """Puts all notes of groups into another one, which alone stays; into none that a teammate has taken away."""
        if self._group(into) is not None:
            self._brainstorm.board.merge_groups(into, groups)

    def can_be_moved(self, id: str) -> bool:
        """Whether it is a note that has a place of its own and may leave it."""
        note = self._brainstorm.visibility.note(id)
        return note is not None and not note.is_locked and not note.merged_into

    def put_into_frame(self, ids: Iterable[str], frame: str) -> None:
        """Puts notes to where there is room in a frame, or with an empty id in none. What is locked stays."""
        board = self._brainstorm.board
        frames = {each.id: each for each in board.frames()}
        moved = {}
        for note in self._found(filter(self.can_be_moved, self._open(ids))):
            held = frame_of(note.place, frames.values())
            if (held.id if held else "") != frame:
                moved[note.id] = note.place
        if not moved or (frame and frame not in frames):
            return
        if frame:
            whole = frames[frame].place
            places, grown = room_in(whole, [*moved.values()], self._around(whole, moved))
            changes = {frame: {"place": grown}} if grown != whole else {}
        else:
            spots = self.places(len(moved))
            places = [replace(size, x=at.x, y=at.y) for size, at in zip(moved.values(), spots, strict=True)]
            changes = {}
        changes |= {id: {"place": place} for id, place in zip(moved, places, strict=True)}
        self._brainstorm.change(changes)

    def frame(self, ids: Iterable[str], title: str) -> str:
        """Puts notes into a new frame, below all that is on the board; gives its id, or nothing for none."""
        notes = [id for id in self._open(ids) if self.can_be_moved(id)]
        if not notes:
            return ""
        left, top = self._corner()
        width = 2 * MARGIN - GAP + min(len(notes), COLUMNS) * (Place(0, 0).width + GAP)
        with self._brainstorm.document.transaction(Origin.LOCAL):
            frame = self._brainstorm.board.add_frame(title.strip(), Place(left, top, width, 2 * MARGIN))
            self.put_into_frame(notes, frame)
        return frame

    def merge(self, into: str, others: Iterable[str]) -> None:
        """Lets one note stand for others; what is locked stays."""
        notes = [id for id in self._open(others) if id != into and not self.is_locked(id)]
        if notes and self._open([into]):
            self._brainstorm.merge(into, notes)

    def split(self, ids: Iterable[str]) -> None:
        """Lets merged notes stand for themselves again; of a note that stands for others, all of these."""
        notes = self._found(ids)
        below = right_below(self._brainstorm.visibility.published(merged=True))
        # A merged note keeps the group that it was in; split off, it stays where people saw it.
        groups = {note.id: self.standing(note).group for note in notes if note.merged_into}
        for note in notes:
            if not note.merged_into:
                groups |= {each.id: note.group for each in all_below(note.id, below)}
        if groups:
            self._brainstorm.change({id: {"merged_into": "", "group": group} for id, group in groups.items()})

    def link(self, start: str, others: Iterable[str], tie: Tie | None) -> None:
        """Says what a note has to do with others, in place of what was said between them before; None says nothing."""
        notes = self._open([start, *others])
        board = self._brainstorm.board
        if start not in notes:
            return
        drawn: dict[frozenset[str], list[str]] = {}
        for each in board.links():
            drawn.setdefault(frozenset((each.start, each.end)), []).append(each.id)
        with self._brainstorm.document.transaction(Origin.LOCAL):
            for end in (id for id in notes if id != start):
                held = drawn.get(frozenset((start, end)), [])
                if tie is not None:
                    kept = held.pop() if held else board.link(start, end, tie)
                    board.change({kept: {"start": start, "end": end, "tie": tie}})
                board.remove(held)

    def remove(self, ids: Iterable[str]) -> None:
        """Takes notes and groups away; the notes of a group that goes are in none then."""
        self._brainstorm.remove([id for id in ids if not self.is_locked(id)])

    def see(self, ids: Iterable[str]) -> None:
        """Says that whoever sits here has opened notes that everybody has."""
        notes = self._open(ids)
        if notes:
            self._brainstorm.sessions.say_seen(notes, self._brainstorm.me)

    def is_sealed(self, ids: Iterable[str]) -> bool:
        """Whether any of the notes lies sealed."""
        return any(note.is_sealed for note in self._found(ids))

    def is_locked(self, id: str) -> bool:
        """Whether it is a note that stays as it is."""
        note = self._brainstorm.visibility.note(id)
        return note is not None and note.is_locked

    def standing(self, note: Note) -> Note:
        """The note that stands for one which was merged, or that one itself."""
        while note.merged_into and (above := self._brainstorm.visibility.note(note.merged_into)) is not None:
            note = above
        return note

    @property
    def _session(self) -> str:
        session = self._brainstorm.session
        return session.id if session is not None else ""

    def _found(self, ids: Iterable[str]) -> list[Note]:
        return self._brainstorm.visibility.found(ids)

    def _open(self, ids: Iterable[str]) -> list[str]:
        """The ids of notes that everybody has, each once."""
        return [note.id for note in self._found(dict.fromkeys(ids)) if not note.is_sealed]

    def _places(self, ids: Iterable[str]) -> dict[str, Place]:
        return {note.id: note.place for note in self._found(ids)}

    def _places_without(self, ids: Collection[str]) -> list[Place]:
        return [note.place for note in self._brainstorm.visibility.notes() if note.id not in ids]

    def _put(self, places: Mapping[str, Place]) -> None:
        if places:
            self._brainstorm.change({id: {"place": place} for id, place in places.items()})

    def _around(self, frame: Place, without: Collection[str]) -> list[Place]:
        """The places of all that lies in or beside a frame: notes, and frames but for those that it lies in."""
        notes = self._brainstorm.visibility.notes()
        places = [each.place for each in self._brainstorm.board.frames()]
        room = frame.width * frame.height
        beside = [each for each in places if each.width * each.height < room or not each.holds(frame)]
        return [*(note.place for note in notes if note.id not in without), *beside]

    def _group(self, id: str) -> Group | None:
        return next((group for group in self._brainstorm.board.groups() if group.id == id), None)

    def _groups(self, titles: Mapping[str, str]) -> dict[str, str]:
        """By title the id of a group that is called so; made where there is none.

        Args:
            titles: with what the model wrote of each.
        """
        known = {group.title: group.id for group in reversed(self._brainstorm.board.groups())}
        for title, model_text in titles.items():
            if title not in known:
                known[title] = self._brainstorm.board.group([], title, session=self._session, model_text=model_text)
        return known

    def places(self, count: int) -> list[Place]:
        """Free places below all that is on the board."""
        notes = self._brainstorm.visibility.notes(merged=True)
        left, top = self._corner()
        begin = 0
        # A row that a list has begun is filled up first.
        last = notes[-1].place if notes else None
        if last is not None and abs(last.y + last.height + GAP - top) < 1:
            across = round((last.x - left) / (last.width + GAP)) + 1
            begin, top = (across, last.y) if across < COLUMNS else (0, top)
        return _grid(left, top, range(begin, begin + count))

    def _corner(self) -> tuple[float, float]:
        """Where there is room below all that is on the board: its left side, and the first free line."""
        notes = self._brainstorm.visibility.notes(merged=True)
        taken = [*(note.place for note in notes), *(frame.place for frame in self._brainstorm.board.frames())]
        left = min((place.x for place in taken), default=0.0)
        return left, max((place.y + place.height + GAP for place in taken), default=0.0)


def _grid(left: float, top: float, numbers: Iterable[int]) -> list[Place]:
    """Places beside and below each other, counted from the upper left corner."""
    size = Place(0, 0)
    return [
        Place(left + (each % COLUMNS) * (size.width + GAP), top + (each // COLUMNS) * (size.height + GAP))
        for each in numbers
    ]
