"""What a person does to the board: each method is one act, one step of undo and one update for the others.

Knows no Qt. What is locked stays as and where it is; what lies sealed is not grouped, merged or linked before it is
revealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from cowrite.core.board.frames import MARGIN, frame_of
from cowrite.core.board.items import Frame, Group, Link, Note, Place, Tie
from cowrite.core.board.layout import (
    GAP,
    TITLE,
    Edge,
    aligned,
    bounds,
    clear_of,
    distributed,
    free,
    gathered,
    gridded,
    tidied,
)
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.document.assists import AssistRecord, Assists
from cowrite.core.text.origin import Origin


class BoardActs:
    """The acts of whoever sits here.

    Args:
        brainstorm: what they are done to.
    """

    def __init__(self, brainstorm: Brainstorm) -> None:
        self._brainstorm = brainstorm
        self._board = brainstorm.board

    @property
    def assists(self) -> Assists:
        """What is known of how the assistant's notes came to be."""
        return self._brainstorm.document.assists

    # Notes

    def write(self, notes: Iterable[Note]) -> list[str]:
        """Puts new notes on the board, or into the box while the session seals; gives their ids."""
        return self._brainstorm.write(notes)

    def home(self, id: str) -> str:
        """See `Brainstorm.home`."""
        return self._brainstorm.home(id)

    def rewrite(self, id: str, text: str) -> None:
        """Gives a note another text, or a group or frame another title."""
        if not id.startswith("note:"):
            self._brainstorm.change({id: {"title": text}})
        elif self._open([id]):
            self._brainstorm.change({id: {"text": text}})

    def place(self, places: Mapping[str, Place], groups: Mapping[str, str] | None = None) -> None:
        """Puts notes and frames elsewhere, and with it notes into other groups, in one act.

        Args:
            places: where each is now.
            groups: by note the id of its group now, or empty.
        """
        changes: dict[str, dict[str, Any]] = {id: {"place": place} for id, place in places.items()}
        for id, group in (groups or {}).items():
            changes.setdefault(id, {})["group"] = group
        locked = {note.id for note in self._notes(changes) if note.is_locked}
        self._brainstorm.change({id: fields for id, fields in changes.items() if id not in locked})

    def colour(self, ids: Iterable[str], colour: str) -> None:
        """Gives notes and groups another colour."""
        wanted = list(ids)
        groups = [id for id in wanted if id.startswith("group:")]
        self._change([*(note.id for note in self._open(wanted)), *groups], colour=colour)

    def lock(self, ids: Iterable[str], on: bool) -> None:
        """Lets notes stay as and where they are, or lets them be moved and changed again."""
        self._change([note.id for note in self._notes(ids)], is_locked=on)

    def adopt(self, ids: Iterable[str]) -> list[str]:
        """Makes the model's notes one's own; gives those that were."""
        with self._one_act():
            return self._brainstorm.adopt([note.id for note in self._open(ids)])

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Takes things off the board; of a group only the group, its notes stay. Gives the ids of what is gone."""
        wanted = list(ids)
        locked = {note.id for note in self._notes(wanted) if note.is_locked}
        gone = [id for id in wanted if id not in locked]
        with self._one_act():
            self._brainstorm.remove(gone)
        return gone

    def duplicate(self, ids: Iterable[str]) -> list[str]:
        """Puts copies of notes beside them; gives their ids."""
        notes = self._notes(ids)
        if not notes:
            return []
        whole = bounds(note.place for note in notes)
        found = free(replace(whole, x=whole.x + whole.width + GAP), self._taken(), step=(1, 0))
        dx, dy = found.x - whole.x, found.y - whole.y
        return self.write(note.copy_at(note.place.moved(dx, dy)) for note in notes)

    # Groups

    def group(self, ids: Sequence[str]) -> str:
        """Makes a group of notes and gathers them; gives its id, or nothing where there is nothing to group."""
        notes = self._public(ids)
        if not notes:
            return ""
        session = self._brainstorm.session
        with self._one_act():
            group = self._board.group([note.id for note in notes], session=session.id if session else "")
            loose = {note.id: note.place for note in notes if not note.is_locked}
            self.place(gathered(loose, self._taken(without=loose)))
        return group

    def put_into(self, group: str, ids: Iterable[str]) -> None:
        """Puts notes into a group; into none with an empty id."""
        self._board.put_into(group, [note.id for note in self._public(ids)])

    def merge(self, ids: Sequence[str]) -> str:
        """Lets the first of several notes stand for all but the locked; gives its id, or nothing for none."""
        notes = self._public(ids)
        merged = [note.id for note in notes[1:] if not note.is_locked]
        if not merged:
            return ""
        self._brainstorm.merge(notes[0].id, merged)
        return notes[0].id

    def split(self, id: str) -> list[str]:
        """Lets the notes that one stands for stand for themselves again, beside it; gives their ids."""
        stand_in, below = self._brainstorm.visibility.note(id), self._brainstorm.visibility.merged(id)
        if stand_in is None or not below:
            return []
        at = stand_in.place
        wanted = bounds(gridded([note.place for note in below], at.x + at.width + GAP, at.y))
        found = free(wanted, self._taken(), step=(1, 0))
        places = gridded([note.place for note in below], found.x, found.y)
        changes = {note.id: {"merged_into": "", "place": place} for note, place in zip(below, places, strict=True)}
        self._brainstorm.change(changes)
        return list(changes)

    # Frames and links

    def frame(self, place: Place, title: str = "Frame") -> str:
        """Puts a frame on the board; gives its id."""
        return self._board.add_frame(title, place)

    def frame_around(self, ids: Iterable[str]) -> str:
        """Puts a frame around notes; gives its id, or nothing where there are none."""
        notes = self._notes(ids)
        if not notes:
            return ""
        whole, margin = bounds(note.place for note in notes), MARGIN
        place = Place(
            whole.x - margin,
            whole.y - margin - TITLE / 2,
            whole.width + 2 * margin,
            whole.height + 2 * margin + TITLE / 2,
        )
        return self.frame(place)

    def link(self, start: str, end: str) -> str:
        """Draws a link between two notes; gives its id, or nothing where that cannot be or is there already."""
        notes = self._public([start, end])
        if len(notes) < 2:
            return ""
        held = next((each for each in self._board.links() if {each.start, each.end} == {start, end}), None)
        return held.id if held is not None else self._board.link(start, end)

    def tie(self, ids: Iterable[str], tie: Tie) -> None:
        """Says otherwise what links mean."""
        self._change([id for id in ids if id.startswith("link:")], tie=tie)

    def turn(self, ids: Iterable[str]) -> None:
        """Lets links point the other way."""
        links = {each.id: each for each in self._board.links()}
        self._brainstorm.change({id: {"start": links[id].end, "end": links[id].start} for id in ids if id in links})

    # Order

    def align(self, ids: Iterable[str], edge: Edge) -> None:
        """Brings notes and frames into one line."""
        self._arrange(ids, lambda places: aligned(places, edge))

    def distribute(self, ids: Iterable[str], *, across: bool) -> None:
        """Gives notes and frames equal gaps."""
        self._arrange(ids, lambda places: distributed(places, across=across))

    def tidy(self, ids: Iterable[str]) -> None:
        """Puts notes into a grid, those of a group together; without ids all that are in no frame. Where the grid would
        lie on what else there is, or in a frame, it goes below."""
        wanted, frames = list(ids), self._board.frames()
        notes = [note for note in self._notes(wanted) if not note.is_locked]
        if not wanted:
            loose = (note for note in self._brainstorm.visibility.notes() if frame_of(note.place, frames) is None)
            notes = [note for note in loose if not note.is_locked]
        blocks: dict[str, dict[str, Place]] = {group.id: {} for group in self._board.groups()}
        single: dict[str, Place] = {}
        for note in notes:
            blocks.get(note.group, single)[note.id] = note.place
        places = tidied([block for block in blocks.values() if block], single)
        others = self._taken(without=[note.id for note in notes])
        others += [each.place for each in frames if not any(each.place.holds(note.place) for note in notes)]
        self.place(clear_of(places, others, title=TITLE if any(blocks.values()) else 0))

    # From and to the clipboard

    def paste(
        self,
        notes: Sequence[Note],
        links: Iterable[Link],
        frames: Iterable[Frame],
        groups: Mapping[str, Group],
        records: Iterable[AssistRecord] = (),
    ) -> list[str]:
        """Puts copies of notes, their links, groups and frames on the board in one act; gives the notes' ids.

        Args:
            notes, links, frames: where they are to be; ids name each other only.
            groups: by the ids that the notes name.
            records: of what the assistant wrote among them. A record names its user, so none comes where nobody is to
                know, or not yet, from whom a note is.
        """
        with self._one_act():
            written = self.write([replace(note, id="", group="", author="", created=0) for note in notes])
            ids = {note.id: id for note, id in zip(notes, written, strict=True)}
            public = {note.id for note in self._public(written)}
            session = self._brainstorm.session
            if public and (session is None or not session.is_anonymous):
                named = {note.assist for note in notes}
                self.assists.keep(record for record in records if record.id in named)
            self._paste_links(links, ids, public)
            for frame in frames:
                self.frame(frame.place, frame.title)
            for name, group in groups.items():
                members = [ids[note.id] for note in notes if note.group == name]
                if not public.isdisjoint(members):
                    self._board.group(members, group.title, model_text=group.model_text)
        return written

    # Inside

    def _paste_links(self, links: Iterable[Link], ids: Mapping[str, str], public: Set[str]) -> None:
        """Links copies of notes as the notes are; of several links between two the first counts.

        Args:
            links: those between the notes.
            ids: of the copies, by those of the notes.
            public: those of copies that others see, between which alone there can be links.
        """
        ends: dict[frozenset[str], Link] = {}
        for link in links:
            pair = frozenset(ids.get(each, "") for each in (link.start, link.end))
            if len(pair) == 2 and pair <= public:
                ends.setdefault(pair, link)
        for link in ends.values():
            self._board.link(ids[link.start], ids[link.end], link.tie)

    def _one_act(self) -> AbstractContextManager[None]:
        return self._brainstorm.document.transaction(Origin.LOCAL)

    def _notes(self, ids: Iterable[str]) -> list[Note]:
        return self._brainstorm.visibility.found(ids)

    def _open(self, ids: Iterable[str]) -> list[Note]:
        return [note for note in self._notes(ids) if not note.is_locked]

    def _public(self, ids: Iterable[str]) -> list[Note]:
        return [note for note in self._notes(dict.fromkeys(ids)) if not note.is_sealed]

    def _taken(self, without: Iterable[str] = ()) -> list[Place]:
        left_out = set(without)
        return [note.place for note in self._brainstorm.visibility.notes() if note.id not in left_out]

    def _change(self, ids: Iterable[str], **fields: Any) -> None:
        changes = dict.fromkeys(ids, fields)
        if changes:
            self._brainstorm.change(changes)

    def _arrange(self, ids: Iterable[str], order: Callable[[Mapping[str, Place]], Mapping[str, Place]]) -> None:
        wanted = set(ids)
        places = {note.id: note.place for note in self._open(wanted)}
        places |= {frame.id: frame.place for frame in self._board.frames() if frame.id in wanted}
        if len(places) > 1:
            self.place(order(places))
