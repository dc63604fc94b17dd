"""What the mouse does on the board between pressing and letting go; each is one act when it ends.

Runs on the GUI thread. Points are the scene's. Nothing is changed in the document before `drop`.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsLineItem, QGraphicsView, QRubberBand

from cowrite.core.board.items import Place
from cowrite.core.board.layout import GRID, snapped
from cowrite.gui.board.acts import BoardActs
from cowrite.gui.board.area_items import FrameItem, GroupItem
from cowrite.gui.board.board_scene import BoardScene
from cowrite.gui.board.handles_item import GRIPS
from cowrite.gui.board.note_item import NoteItem

SMALLEST = Place(0, 0, 60, 40)
"""Size below which nothing is resized."""

Modifiers = Qt.KeyboardModifier


class Gesture:
    """One thing that is being done with the mouse."""

    cursor: Qt.CursorShape | None = None

    def drag(self, point: QPointF, modifiers: Modifiers) -> None:
        """The mouse is at a point now."""

    def drop(self) -> None:
        """The button was let go: it counts."""

    def cancel(self) -> None:
        """Nothing has happened."""


class Pan(Gesture):
    """Moves the board under the window."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: QGraphicsView, at: QPoint) -> None:
        self._view = view
        self._at = at

    def pull(self, at: QPoint) -> None:
        """The mouse is at a point of the viewport now."""
        moved, self._at = at - self._at, at
        for bar, by in (
            (self._view.horizontalScrollBar(), moved.x()),
            (self._view.verticalScrollBar(), moved.y()),
        ):
            bar.setValue(bar.value() - by)


class Band(Gesture):
    """Selects what it touches; a frame must lie in it altogether."""

    def __init__(self, view: QGraphicsView, scene: BoardScene, start: QPointF, *, also: bool) -> None:
        self._view = view
        self._scene = scene
        self._start = start
        self._before = set(scene.selected()) if also else set()
        self._found: set[str] = set()
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, view.viewport())

    def drag(self, point: QPointF, modifiers: Modifiers) -> None:
        """Reaches to a point."""
        corners = [self._view.mapFromScene(each) for each in (self._start, point)]
        self._band.setGeometry(QRect(*corners).normalized())
        self._band.show()
        area = QRectF(self._start, point).normalized()
        found: set[str] = set()
        for item in self._scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect):
            if isinstance(item, NoteItem) or (isinstance(item, FrameItem) and area.contains(item.sceneBoundingRect())):
                found.add(item.id)
        if found != self._found:
            self._found = found
            self._scene.select(self._before | found)

    def drop(self) -> None:
        """What it touched stays selected."""
        self._band.deleteLater()

    def cancel(self) -> None:
        """What was selected before is selected again."""
        self._band.deleteLater()
        self._scene.select(self._before)


class Move(Gesture):
    """Moves what is selected: a group with its notes, a frame with what lies in it. Dropped on a group, notes are put
    into it; dropped away from their own, they are taken out."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, scene: BoardScene, acts: BoardActs, start: QPointF, lead: str = "") -> None:
        self._scene = scene
        self._acts = acts
        self._start = self._point = start
        self._before, self._by_hand = moved_together(scene, scene.selected())
        self._now = self._before  # where the hand has them, whatever teammates do to them meanwhile
        # a group all of whose notes are moved goes with them
        groups = {id: scene.notes[id].note.group for id in self._by_hand}
        whole = {each for each in set(groups.values()) if each and self._before.keys() >= set(scene.members(each))}
        self._lifted = {id for id, group in groups.items() if group not in whole}
        self._is_taken = any(not scene.notes[id].note.is_sealed for id in self._lifted)
        self._carried = {id for id in scene.groups if not set(scene.members(id)) - self._before.keys()}
        self._lead = self._before.get(lead) or next(iter(self._before.values()), Place(0, 0))
        self._target: GroupItem | None = None
        self._has_moved = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that can be moved."""
        return not self._before

    def drag(self, point: QPointF, modifiers: Modifiers) -> None:
        """Moves by what lies between the beginning and a point, to the lines of the grid unless Shift is held."""
        if not self._has_moved:
            self._has_moved = True
            self._scene.lift(self._before, True)
        self._point = point
        dx, dy = point.x() - self._start.x(), point.y() - self._start.y()
        if modifiers & Modifiers.ShiftModifier:
            dx, dy = round(dx), round(dy)
        else:
            dx, dy = snapped(self._lead.x + dx) - self._lead.x, snapped(self._lead.y + dy) - self._lead.y
        self._now = {id: each.moved(dx, dy) for id, each in self._before.items()}
        self._scene.preview(self._now, self._lifted)
        self._show_target(self._group_at(point))

    def drop(self) -> None:
        """Leaves everything where it is now."""
        self._show_target_off()
        self._scene.lift(self._before, False)
        if not self._has_moved:
            return
        if self._now != self._before:
            self._scene.preview(self._now, self._lifted)
            here = self._scene.notes.keys() | self._scene.frames.keys()  # a teammate can have taken some away
            self._acts.place({id: place for id, place in self._now.items() if id in here}, self._regrouped())
        self._scene.settle(self._before)

    def cancel(self) -> None:
        """Puts everything back."""
        self._show_target_off()
        self._scene.lift(self._before, False)
        self._scene.settle(self._before)

    def _group_at(self, point: QPointF) -> GroupItem | None:
        if not self._is_taken:
            return None
        return next(
            (
                group
                for group in self._scene.groups.values()
                if group.id not in self._carried and group.isVisible() and group.holds(point)
            ),
            None,
        )

    def _regrouped(self) -> dict[str, str]:
        target = self._group_at(self._point)
        groups: dict[str, str] = {}
        for id in self._lifted & self._scene.notes.keys():
            item = self._scene.notes[id]
            own = self._scene.groups.get(item.note.group)
            if item.note.is_sealed:
                continue
            if target is not None and target is not own:
                groups[id] = target.id
            elif target is None and own is not None and not own.touches(item.place):
                groups[id] = ""
        return groups

    def _show_target(self, target: GroupItem | None) -> None:
        if target is not self._target:
            self._show_target_off()
            self._target = target
            if target is not None:
                target.show_target(True)

    def _show_target_off(self) -> None:
        if self._target is not None:
            self._target.show_target(False)
            self._target = None


class Resize(Gesture):
    """Moves one corner of a note or frame."""

    def __init__(self, scene: BoardScene, acts: BoardActs, id: str, grip: str, start: QPointF) -> None:
        self._scene = scene
        self._acts = acts
        self._id = id
        self._grip = GRIPS[grip]
        self._start = start
        item = scene.notes.get(id) or scene.frames[id]
        self._before = self._now = item.place
        falling = grip in ("top left", "bottom right")
        self.cursor = Qt.CursorShape.SizeFDiagCursor if falling else Qt.CursorShape.SizeBDiagCursor

    def drag(self, point: QPointF, modifiers: Modifiers) -> None:
        """The corner is at a point now, or on the nearest lines of the grid unless Shift is held."""
        step = 1.0 if modifiers & Modifiers.ShiftModifier else GRID
        right, down = self._grip
        was = self._before
        x = was.x + right * was.width + point.x() - self._start.x()
        y = was.y + down * was.height + point.y() - self._start.y()
        x, y = round(x / step) * step, round(y / step) * step
        left, width = _side(was.x, was.width, x, bool(right), SMALLEST.width)
        top, height = _side(was.y, was.height, y, bool(down), SMALLEST.height)
        self._now = Place(left, top, width, height)
        self._scene.preview({self._id: self._now})

    def drop(self) -> None:
        """Leaves the size as it is now."""
        if self._now != self._before:
            self._acts.place({self._id: self._now})
        self._scene.settle([self._id])  # a teammate can have locked it

    def cancel(self) -> None:
        """Has its size again."""
        self._scene.settle([self._id])


class Draw(Gesture):
    """Draws a link from a note to the one on which it ends."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self, scene: BoardScene, acts: BoardActs, id: str, start: QPointF, end_at: Callable[[QPointF], NoteItem | None]
    ) -> None:
        self._scene = scene
        self._acts = acts
        self._id = id
        self._start = start
        self._end_at = end_at
        self._end: NoteItem | None = None
        self._line = QGraphicsLineItem(QLineF(start, start))
        pen = QPen(scene.drawing.look.accent, 2, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        self._line.setPen(pen)
        self._line.setZValue(30)
        scene.addItem(self._line)

    def drag(self, point: QPointF, modifiers: Modifiers) -> None:
        """Reaches to a point."""
        self._line.setLine(QLineF(self._start, point))
        self._end = self._end_at(point)

    def drop(self) -> None:
        """Draws the link when there is a note."""
        self.cancel()
        if self._end is not None and self._end.id != self._id:
            link = self._acts.link(self._id, self._end.id)
            if link:
                self._scene.select([link])

    def cancel(self) -> None:
        """Takes the line away."""
        self._scene.removeItem(self._line)


def moved_together(scene: BoardScene, selected: list[str]) -> tuple[dict[str, Place], set[str]]:
    """What moves when these move, and where it is; and which of it are notes that were taken themselves.

    Locked notes stay, except with a frame or group that holds them.
    """
    by_hand = {id for id in selected if id in scene.notes and not scene.notes[id].note.is_locked}
    places = {id: scene.notes[id].place for id in by_hand}
    for id in selected:
        if id in scene.groups:
            places |= _unlocked(scene, scene.members(id))
        elif id in scene.frames:
            outer = scene.frames[id].place
            places[id] = outer
            places |= _unlocked(scene, [note for note, item in scene.notes.items() if outer.holds(item.place)])
            places |= {
                frame: item.place
                for frame, item in scene.frames.items()
                if outer.holds(item.place) and item.place.width < outer.width
            }
    return places, by_hand


def _unlocked(scene: BoardScene, ids: list[str]) -> dict[str, Place]:
    return {id: scene.notes[id].place for id in ids if not scene.notes[id].note.is_locked}


def _side(start: float, size: float, moved: float, is_far: bool, least: float) -> tuple[float, float]:
    """Where a side begins and how long it is when one of its ends is moved."""
    if is_far:
        return start, max(moved - start, least)
    end = start + size
    begin = min(moved, end - least)
    return begin, end - begin
