"""Writing: new notes and their places, and the field in which notes and titles are written.

Runs on the GUI thread.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRectF

from cowrite.core.board.items import Note, Place
from cowrite.core.board.layout import GAP, free, snapped
from cowrite.gui.board.acts import BoardActs
from cowrite.gui.board.area_items import BAND, FrameItem, GroupItem
from cowrite.gui.board.board_scene import BoardScene
from cowrite.gui.board.canvas import Canvas
from cowrite.gui.board.note_editor import Next, NoteEditor
from cowrite.gui.board.note_item import NoteItem

SIZE = Place(0, 0)
"""How large a new note is."""


class Writing(QObject):
    """Opens the field where something is written, and goes on to the next note.

    Args:
        scene, canvas, acts: the board.
        parent: Qt parent.
    """

    def __init__(self, scene: BoardScene, canvas: Canvas, acts: BoardActs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scene = scene
        self._canvas = canvas
        self._acts = acts
        self._new = Note("", "", SIZE)
        self.colour = "yellow"
        """Of the next note."""
        self.may_edit = True
        self.is_from_right = False
        """Whether one reads from right to left, so that beside is on the left."""
        self.field = NoteEditor(canvas.viewport(), self._write, canvas.shown_at)
        self.field.left.connect(self._on_left)
        canvas.viewed.connect(self.field.follow)
        canvas.note_wanted.connect(self.new_note_at)
        canvas.edit_wanted.connect(self.edit)
        scene.changed_on_board.connect(self._follow)

    def new_note(self) -> None:
        """Begins a note beside the one that is selected, or in the middle of what is in sight."""
        selected = self._scene.selected_notes()
        if len(selected) == 1:
            self._begin_next(self._scene.notes[selected[0]].note, Next.BESIDE)
        else:
            self.new_note_at(self._canvas.mapToScene(self._canvas.viewport().rect().center()), is_exact=False)

    def new_note_at(self, point: QPointF, *, is_exact: bool = True) -> None:
        """Begins a note around a point of the scene, in the group that lies there."""
        x, y = snapped(point.x() - SIZE.width / 2), snapped(point.y() - SIZE.height / 2)
        place = replace(SIZE, x=x, y=y)
        if not is_exact:
            place = free(place, self._scene.places().values())
        group = next((each.id for each in self._scene.groups.values() if each.isVisible() and each.holds(point)), "")
        self._begin(Note("", "", place, self.colour, group=group))

    def edit(self, id: str) -> None:
        """Lets the text of a note, or the title of a group or frame, be written."""
        item = self._scene.item(id)
        if not self.may_edit or item is None:
            return
        look = self._scene.drawing.look
        if isinstance(item, NoteItem):
            if not item.note.is_locked:
                self._scene.select([item.id])
                self._canvas.reveal(self._scene.extent([item.id]))
                self._new = replace(item.note, id="")  # where a teammate removes it meanwhile
                self.field.open_note(item.note, look)
        elif isinstance(item, GroupItem | FrameItem):
            title, place = item.frame.title if isinstance(item, FrameItem) else item.shown.title, _title_place(item)
            self._new = Note("", "", replace(SIZE, x=place.x, y=place.y), self.colour)  # likewise
            self.field.open_title(id, title, place, look)

    # Inside

    def _begin(self, note: Note) -> None:
        if not self.may_edit:
            return
        self.field.leave()
        self._new = note
        self._scene.select([])
        self._canvas.reveal(_rect(note.place))
        self.field.open_note(note, self._scene.drawing.look)

    def _begin_next(self, note: Note, then: Next) -> None:
        at = note.place
        if then is Next.BELOW:
            wanted, step = replace(at, y=at.y + at.height + GAP), (0, 1)
        elif self.is_from_right:
            wanted, step = replace(at, x=at.x - at.width - GAP), (-1, 0)
        else:
            wanted, step = replace(at, x=at.x + at.width + GAP), (1, 0)
        group = note.group if note.group in self._scene.groups else ""
        place = free(wanted, self._scene.places().values(), step=step)
        self._begin(Note("", "", place, note.colour, group=group))

    def _write(self, id: str, text: str) -> str:
        item, place = self._scene.item(id) if id else None, self._new.place
        if isinstance(item, NoteItem) and item.id == id and item.note.is_locked:  # a teammate has, meanwhile
            place = free(place, self._scene.places().values(), step=(1, 0))
        elif item is not None:
            self._acts.rewrite(id, text)
            return id
        if not text:  # of a picture that a teammate has locked or removed, which is for them to say
            return id
        (id,) = self._acts.write([replace(self._new, text=text, place=place, session=self._acts.home(id))])
        return id

    def _on_left(self, id: str, then: Next) -> None:
        emptied = self.field.was_emptied()
        if emptied:
            self._acts.remove([emptied])
        item = self._scene.item(id) if id else None
        if item is not None:
            self._scene.select([item.id])
        if isinstance(item, NoteItem) and then is not Next.NOWHERE:
            self._begin_next(item.note, then)
        elif not self.field.is_open and self.field.had_keyboard:
            self._canvas.setFocus()

    def _follow(self) -> None:
        """What is being written was changed by somebody, or is gone."""
        id = self.field.id
        if not id:
            return
        item = self._scene.item(id)
        if isinstance(item, NoteItem) and item.id == id:
            self.field.take(item.note.text, item.note.place)
        elif isinstance(item, GroupItem):
            self.field.take(item.shown.title, self.field.place)
        elif isinstance(item, FrameItem):
            self.field.take(item.frame.title, self.field.place)


def _title_place(item: GroupItem | FrameItem) -> Place:
    title = item.mapRectToScene(item.title_rect())
    return Place(title.x(), title.y(), max(title.width(), 180), max(title.height(), BAND))


def _rect(place: Place) -> QRectF:
    return QRectF(place.x, place.y, place.width, place.height)
