"""BoardScene: the board as items, kept equal to what a Brainstorm shows.

Runs on the GUI thread. Reads only what has changed, and nothing while something is being dragged or painted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QObject, QRectF, QSignalBlocker, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from cowrite.core.board.items import Frame, Group, Link, Note, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.gui.board.area_items import FrameItem, GroupItem
from cowrite.gui.board.drawing import Drawing, Images
from cowrite.gui.board.handles_item import HandlesItem
from cowrite.gui.board.link_item import LinkItem
from cowrite.gui.board.note_item import MOVED_Z, NoteItem
from cowrite.gui.board.shots import Shots
from cowrite.gui.board.stand_ins import StandIns
from cowrite.gui.look.theme import Theme

MANY = 40
"""Changed notes from which on all are read again, which is then quicker than one after the other."""

BoardItem = NoteItem | GroupItem | FrameItem | LinkItem


def no_image(name: str) -> QImage | None:
    """There is none."""
    return None


class BoardScene(QGraphicsScene):
    """Shows notes, groups, frames and links.

    Args:
        brainstorm: what is shown.
        theme: how it looks.
        images: gives the images of notes.
        parent: Qt parent.
        published: shows what everybody has, once, for a picture; otherwise what this person sees, from now on.
    """

    changed_on_board = Signal()
    """Something is shown otherwise than before."""

    def __init__(
        self,
        brainstorm: Brainstorm,
        theme: Theme,
        images: Images = no_image,
        parent: QObject | None = None,
        *,
        published: bool = False,
    ) -> None:
        super().__init__(parent)
        self._brainstorm = brainstorm
        self.drawing = Drawing(theme, images)
        """How all of it is drawn."""
        self.notes: dict[str, NoteItem] = {}
        self.groups: dict[str, GroupItem] = {}
        self.frames: dict[str, FrameItem] = {}
        self.links: dict[str, LinkItem] = {}
        self._stand_ins = StandIns()
        self._members: dict[str, set[str]] = {}
        self._links_of: dict[str, set[str]] = {}
        self._all_links: dict[str, Link] = {}
        self._selection: list[str] = []
        self._holders: Mapping[str, tuple[str, str]] = {}
        self.shots = Shots(self.update, self)
        self.shots.is_on = not published
        self.setBackgroundBrush(self.drawing.look.ground)
        self.handles = HandlesItem(self.drawing)
        self.addItem(self.handles)
        self._read_all(published=published)
        if not published:
            end = brainstorm.observe(self._on_change)
            self.destroyed.connect(lambda _=None, end=end: end())

    # Looks

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self.drawing.show_theme(theme)
        self.setBackgroundBrush(self.drawing.look.ground)
        for note in self.notes.values():
            note.refit()
        self.update()

    def show_zoom(self, zoom: float) -> None:
        """Is seen from nearer or farther; what keeps its size on the screen takes another one."""
        self.drawing.zoom = zoom
        self.shots.zoomed()
        self.lay_handles()

    def show_image(self, name: str) -> None:
        """An image has arrived."""
        for item in self.notes.values():
            if item.note.image == name:
                item.refit()

    def show_holders(self, holders: Mapping[str, tuple[str, str]]) -> None:
        """Shows which notes teammates have selected: by id their name and colour."""
        for id in {*self._holders, *holders}:
            if id in self.notes:
                self.notes[id].show_holder(holders.get(id))
        self._holders = dict(holders)

    def show_found(self, ids: Collection[str]) -> None:
        """Marks notes as found, and all others as not."""
        for id, item in self.notes.items():
            if item.is_found != (id in ids):
                item.is_found = id in ids
                item.update()

    # Looking things up

    def item(self, id: str) -> BoardItem | None:
        """What shows an id; for a merged note the one that stands for it."""
        return self._shown_by(self._stand_ins.of(id))

    def title_of(self, group: str) -> str:
        """The title of a group; empty where there is none."""
        item = self.groups.get(group)
        return item.shown.title if item is not None else ""

    def members(self, group: str) -> list[str]:
        """The ids of the notes of a group that are shown."""
        return sorted(self._members.get(group, ()))

    def selected(self) -> list[str]:
        """The ids of what is selected, in the order in which it was selected."""
        items = ((id, self._shown_by(id)) for id in self._selection)
        return [id for id, item in items if item is not None and item.isSelected()]

    def selected_notes(self) -> list[str]:
        """The ids of the notes that are selected, those of a selected group included."""
        wanted = set(self.selected())
        for group in wanted & self.groups.keys():
            wanted.update(self._members.get(group, ()))
        return [id for id in self.notes if id in wanted]

    def select(self, ids: Iterable[str], *, also: bool = False) -> None:
        """Selects things, and nothing else; with `also` those that are selected already too."""
        wanted = dict.fromkeys(ids)
        held = dict.fromkeys(id for id in self.selected() if also or id in wanted)
        self._selection = [*held, *(id for id in wanted if id not in held)]
        with QSignalBlocker(self):
            for item in self._shown():
                on = item.id in wanted or (also and item.isSelected())
                if on != item.isSelected():
                    item.setSelected(on)
        self.selectionChanged.emit()

    def extent(self, ids: Iterable[str] = ()) -> QRectF:
        """What things take up, or all that there is; a null rectangle for nothing."""
        wanted = list(ids)
        items = [self.item(id) for id in wanted] if wanted else [*self.notes.values(), *self.frames.values()]
        extent = QRectF()
        for item in items:
            if isinstance(item, NoteItem | FrameItem):
                extent = extent.united(QRectF(item.place.x, item.place.y, item.place.width, item.place.height))
            elif item is not None:
                extent = extent.united(item.sceneBoundingRect())
        for id in {item.note.group for item in items if isinstance(item, NoteItem)} if not wanted else ():
            if id in self.groups:
                extent = extent.united(self.groups[id].sceneBoundingRect())
        return extent

    def places(self) -> dict[str, Place]:
        """Where all notes are."""
        return {id: item.place for id, item in self.notes.items()}

    def keep(self, ids: Collection[str]) -> None:
        """Shows these only, the links between them and the grounds of their groups, from now on."""
        for kept in (self.notes, self.frames):
            for id in kept.keys() - set(ids):
                self.removeItem(kept.pop(id))
        for id in self.links:
            self._lay_link(id)
        for group, members in self._members.items():
            members.intersection_update(ids)
            if not members and group in self.groups:
                self.removeItem(self.groups.pop(group))
            self._lay_group(group)

    # While something is being dragged

    def preview(self, places: Mapping[str, Place], lifted: Collection[str] = ()) -> None:
        """Shows things elsewhere without changing anything.

        Args:
            places: where, by id.
            lifted: notes that their groups do not follow.
        """
        touched: set[str] = set()
        links: set[str] = set()
        for id, place in places.items():
            note = self.notes.get(id)
            if note is not None:
                note.show_place(place)
                touched.add(note.note.group)
                links |= self._links_of.get(id, set())
            elif id in self.frames:
                self.frames[id].show_place(place)
        for group in touched:
            self._lay_group(group, lifted)
        for link in links:
            self._lay_link(link)
        self.lay_handles()

    def lift(self, ids: Iterable[str], on: bool) -> None:
        """Raises notes above the others while they are dragged, without their handles."""
        self.handles.is_dragged = on
        for id in ids:
            if id in self.notes:
                self.notes[id].setZValue(MOVED_Z if on else 0)

    def settle(self, ids: Iterable[str]) -> None:
        """Shows things where they are again."""
        notes = {id: self.notes[id].note.place for id in ids if id in self.notes}
        self.preview({**notes, **{id: self.frames[id].frame.place for id in ids if id in self.frames}})

    def lay_handles(self) -> None:
        """Has the handles around the one note or frame that is selected, unless it is locked."""
        held = self.selected() if self.handles.is_wanted else []
        item = self._shown_by(held[0]) if len(held) == 1 else None
        if isinstance(item, NoteItem) and not item.note.is_locked:
            self.handles.show_around(item.place, has_knobs=not item.note.is_sealed)
        elif isinstance(item, FrameItem):
            self.handles.show_around(item.place, has_knobs=False)
        else:
            self.handles.show_nowhere()

    # From the document

    def _shown_by(self, id: str) -> BoardItem | None:
        return self.notes.get(id) or self.groups.get(id) or self.frames.get(id) or self.links.get(id)

    def _shown(self) -> list[BoardItem]:
        return [*self.notes.values(), *self.groups.values(), *self.frames.values(), *self.links.values()]

    def _on_change(self, ids: frozenset[str]) -> None:
        notes = {id for id in ids if id.startswith("note:")}
        everything = len(notes) > MANY or any(id.startswith("session:") for id in ids)
        was = len(self.notes)
        if any(id.startswith("group:") for id in ids):
            everything = self._take_groups() or everything
        if notes and not everything:
            read = [note for note in map(self._brainstorm.visibility.note, notes) if note is not None]
            read.sort(key=lambda note: (note.created, note.id))  # what is newer lies above
            everything = self._stand_ins.merges(read, notes)
            if not everything:
                self._take_notes(read, notes)
        if everything:
            self._take_notes(self._brainstorm.visibility.notes(merged=True))
        if any(id.startswith("frame:") for id in ids):
            self._take_frames()
        if any(id.startswith("link:") for id in ids) or everything or len(self.notes) != was:
            self._take_links()
        self.lay_handles()
        self.changed_on_board.emit()

    def _read_all(self, *, published: bool) -> None:
        visibility = self._brainstorm.visibility
        self._take_groups()
        self._take_notes(visibility.published(merged=True) if published else visibility.notes(merged=True))
        self._take_frames()
        self._take_links()

    def _take_notes(self, read: Iterable[Note], asked: Collection[str] | None = None) -> None:
        """Takes notes as they are now; what was asked for, or all where that is None, and is not among them is gone."""
        changed = self._stand_ins.take({note.id: note for note in read}, asked)
        counts = self._stand_ins.counts()
        self._deselect(id for id in changed if self._stand_ins.shown(id) is None)
        touched: set[str] = set()
        for id in changed:
            touched |= self._show(id, counts[id])
        for group in touched:
            self._lay_group(group)

    def _deselect(self, ids: Iterable[str]) -> None:
        """Takes notes out of the selection all at once: Qt would tell of each that is removed."""
        items = [item for id in ids if (item := self.notes.get(id)) is not None and item.isSelected()]
        with QSignalBlocker(self):
            for item in items:
                item.setSelected(False)
            self.selectedItems()  # only now Qt forgets them
        if items:
            self.selectionChanged.emit()

    def _show(self, id: str, count: int) -> set[str]:
        """Brings one note's item up to date; gives the groups that this concerns."""
        note = self._stand_ins.shown(id)
        item = self.notes.get(id)
        touched = {item.note.group} if item is not None else set()
        if item is not None:
            self._members.get(item.note.group, set()).discard(id)
        if note is None:
            if item is not None:
                del self.notes[id]
                self.shots.forget(item)
                self.removeItem(item)
            return touched
        if item is None:
            item = self.notes[id] = NoteItem(note, self.drawing, self.shots)
            item.count = count
            self.addItem(item)
            item.show_holder(self._holders.get(id))
        else:
            item.show_note(note, count)
        if note.group:
            self._members.setdefault(note.group, set()).add(id)
        for link in self._links_of.get(id, ()):
            self._lay_link(link)
        return touched | {note.group}

    def _take_groups(self) -> bool:
        """Takes groups as they are now; says whether others are there, so that notes may be in others than before."""
        groups: dict[str, Group] = {group.id: group for group in self._brainstorm.board.groups()}
        others = groups.keys() != self.groups.keys()
        for id in self.groups.keys() - groups.keys():
            self.removeItem(self.groups.pop(id))
        for id, group in groups.items():
            if id in self.groups:
                self.groups[id].show_group(group)
            else:
                self.groups[id] = GroupItem(group, self.drawing)
                self.addItem(self.groups[id])
                self._lay_group(id)
        return others

    def _take_frames(self) -> None:
        frames: dict[str, Frame] = {frame.id: frame for frame in self._brainstorm.board.frames()}
        for id in self.frames.keys() - frames.keys():
            self.removeItem(self.frames.pop(id))
        for id, frame in frames.items():
            if id in self.frames:
                self.frames[id].show_frame(frame)
            else:
                self.frames[id] = FrameItem(frame, self.drawing)
                self.addItem(self.frames[id])

    def _take_links(self) -> None:
        self._all_links = {link.id: link for link in self._brainstorm.board.links()}
        for id in self.links.keys() - self._all_links.keys():
            self.removeItem(self.links.pop(id))
        self._links_of = {}
        for id, link in self._all_links.items():
            if id in self.links:
                self.links[id].show_link(link)
            else:
                self.links[id] = LinkItem(link, self.drawing)
                self.addItem(self.links[id])
            for end in (link.start, link.end):
                self._links_of.setdefault(self._stand_ins.of(end), set()).add(id)
            self._lay_link(id)

    def _lay_group(self, id: str, lifted: Collection[str] = ()) -> None:
        item = self.groups.get(id)
        if item is None:
            return
        members = self._members.get(id, set())
        staying = [self.notes[note].place for note in members if note not in lifted]
        item.show_notes(staying or [self.notes[note].place for note in members])

    def _lay_link(self, id: str) -> None:
        item, link = self.links.get(id), self._all_links.get(id)
        if item is None or link is None:
            return
        start, end = (self.notes.get(self._stand_ins.of(each)) for each in (link.start, link.end))
        if start is None or end is None or start is end:
            item.hide()
        else:
            item.show()
            item.show_ends(start.place, end.place)


def as_board_item(item: QGraphicsItem | None) -> BoardItem | None:
    """An item as one of the board's own; None for all others."""
    return item if isinstance(item, NoteItem | GroupItem | FrameItem | LinkItem) else None
