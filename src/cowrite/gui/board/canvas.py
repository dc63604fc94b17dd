"""Canvas: the board in a window, where it is panned, zoomed and taken hold of.

Runs on the GUI thread. The board is the same for everybody, so it is never mirrored; its menus and texts are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGestureEvent, QGraphicsView, QPinchGesture, QToolTip

from cowrite.gui.board.acts import BoardActs
from cowrite.gui.board.area_items import FrameItem, GroupItem
from cowrite.gui.board.board_scene import BoardItem, BoardScene, as_board_item
from cowrite.gui.board.describing import described
from cowrite.gui.board.gestures import Band, Draw, Gesture, Modifiers, Move, Pan, Resize
from cowrite.gui.board.handles_item import GRIPS
from cowrite.gui.board.note_item import NoteItem
from cowrite.gui.board.sight import Sight
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.widgets.reached import Reached
from cowrite.gui.widgets.tips import tip_of

STEP = 1.2
"""By how much one notch of the wheel zooms."""
EDGE, PULL = 24, 18
"""Pixels from the edge of the window at which dragging pans, and by how many at once."""

Button = Qt.MouseButton


class Canvas(Sight):
    """Shows a BoardScene.

    Args:
        scene: it.
        acts: what is done when a gesture ends.
    """

    note_wanted = Signal(QPointF)
    """A new note, around this point of the scene."""
    edit_wanted = Signal(str)
    """The text or title of what has this id."""
    menu_wanted = Signal(QPoint)
    """What can be done with the selection, at this point of the screen."""
    key_pressed = Signal(QKeyEvent)
    """A key that means something on the board; who takes it accepts it."""
    key_released = Signal(QKeyEvent)
    pointed = Signal(object)
    """Where the mouse is on the scene (QPointF), or None when it has gone."""
    left = Signal()
    """The keyboard is elsewhere now."""
    dropped = Signal(QMimeData, QPointF)
    """Something was dropped at a point of the scene."""

    def __init__(self, scene: BoardScene, acts: BoardActs) -> None:
        super().__init__(scene)
        self._acts = acts
        self._gesture: Gesture | None = None
        self._pressed_at = QPoint()
        self._press: Callable[[], Gesture | None] | None = None
        self._has_space = False
        self.may_edit = True
        self.takes_key: Callable[[QKeyEvent], bool] = lambda _event: False
        """Says whether a key means something here that a menu may not take away."""
        self.takes_step: Callable[[int], bool] = lambda _by: False
        """Goes to the next note or the one before, and says whether there is one."""
        self.takes_drop: Callable[[QMimeData], bool] = lambda _data: False
        """Says whether there is anything for the board in what is dragged over it."""
        Reached(self)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Board")
        self.setAcceptDrops(True)
        self.viewport().setMouseTracking(True)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)

    @property
    def is_busy(self) -> bool:
        """Whether something is being done with the mouse."""
        return self._gesture is not None

    def announce(self, words: str) -> None:
        """Says something to a screen reader."""
        self.setAccessibleDescription(words)
        say(self, words)

    def item_at(self, at: QPoint) -> BoardItem | None:
        """What lies at a point of the viewport."""
        return next((own for item in self.items(at) if (own := as_board_item(item)) is not None), None)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of what is under the mouse."""
        at, modifiers = event.position().toPoint(), event.modifiers()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.cancel()
        self._pressed_at = at
        if event.button() is Button.MiddleButton or (event.button() is Button.LeftButton and self._has_space):
            self._begin(Pan(self, at))
        elif event.button() is Button.LeftButton:
            self._press_left(at, bool(modifiers & (Modifiers.ShiftModifier | Modifiers.ControlModifier)))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Goes on with what was begun, once the mouse has left the place where it was pressed."""
        at = event.position().toPoint()
        self.pointed.emit(self.mapToScene(at))
        if not event.buttons():
            self._let_go()  # where the canvas did not hear of it, as when a menu or dialog had come over it
        if self._press is not None:
            if (at - self._pressed_at).manhattanLength() < QApplication.startDragDistance():
                return
            press, self._press = self._press, None
            gesture = press()
            if gesture is not None:
                self._begin(gesture)
        if isinstance(self._gesture, Pan):
            self._gesture.pull(at)
            self.viewed.emit()
        elif self._gesture is not None:
            self._pull_along(at)
            self._gesture.drag(self.mapToScene(at), event.modifiers())
        else:
            self._show_cursor(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends what was begun."""
        self._let_go()
        self._show_cursor(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Lets a text or title be written; on nothing, a new note."""
        self._press = None
        if event.button() is not Button.LeftButton:
            return
        at = event.position().toPoint()
        item = self.item_at(at)
        if isinstance(item, NoteItem | FrameItem) or (isinstance(item, GroupItem) and self._on_title(item, at)):
            self.edit_wanted.emit(item.id)
        elif item is None or isinstance(item, GroupItem):
            self.note_wanted.emit(self.mapToScene(at))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offers what can be done with what is under the mouse, or by the keyboard with what is selected."""
        where = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            item = self.item_at(self.viewport().mapFromGlobal(where))
            if item is None:
                self._board.select([])
            elif not item.isSelected():
                self._board.select([item.id])
        else:
            extent = self._board.extent(self._board.selected()) if self._board.selected() else QRectF()
            at = self.mapFromScene(extent.center()) if not extent.isNull() else self.viewport().rect().center()
            where = self.viewport().mapToGlobal(at)
        self.menu_wanted.emit(where)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pans; with Ctrl it zooms where the mouse is, with Shift it pans sideways."""
        if event.modifiers() & Modifiers.ControlModifier:
            notches = event.angleDelta().y() / 120
            self.zoom_to(self.zoom * STEP**notches, event.position().toPoint())
        else:
            by = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
            if event.modifiers() & Modifiers.ShiftModifier and not by.x():
                by = QPoint(by.y(), 0)
            self.pan(-by)
            self.viewed.emit()
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Pinching zooms; a note whose text is cut off shows all of it beside the mouse."""
        if event.type() in (QEvent.Type.Paint, QEvent.Type.MouseMove):
            return super().viewportEvent(event)
        if isinstance(event, QHelpEvent):
            item = self.item_at(event.pos())
            words = ""
            if isinstance(item, NoteItem) and (item.is_cut or item.note.is_sealed or self.zoom < 0.6):
                words = described(item, self._board)
            QToolTip.showText(event.globalPos(), tip_of(words), self.viewport())
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if pinch is not None:
                self.pinch(cast("QPinchGesture", pinch))
                return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_to(self.zoom * (1 + event.value()), event.position().toPoint())
            return True
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit(None)
        return super().viewportEvent(event)

    def pinch(self, pinch: QPinchGesture) -> None:
        """Two fingers: zooms by how far apart they are, pans by where they are."""
        moved = pinch.centerPoint() - pinch.lastCenterPoint()
        self.pan(-moved.toPoint())
        self.zoom_to(self.zoom * pinch.scaleFactor(), self.viewport().mapFromGlobal(pinch.centerPoint().toPoint()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes pictures and text."""
        event.setAccepted(self.may_edit and self.takes_drop(event.mimeData()))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Takes them anywhere."""
        event.setAccepted(self.may_edit and self.takes_drop(event.mimeData()))

    def dropEvent(self, event: QDropEvent) -> None:
        """Has them put where they were dropped."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(event.mimeData(), self.mapToScene(event.position().toPoint()))

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """Keys of the board go before those of the menus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.takes_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends what the mouse does, Space lets it pan; all else is told."""
        if event.key() == Qt.Key.Key_Escape and (self._gesture is not None or self._press is not None):
            self.cancel()
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._has_space = True
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            event.ignore()
            self.key_pressed.emit(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space no longer pans."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._has_space = False
            self._show_cursor(self.viewport().mapFromGlobal(self.cursor().pos()))
        self.key_released.emit(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whatever a key had begun has ended."""
        super().focusOutEvent(event)
        self._has_space = False
        self.left.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from note to note, and behind the last one to what is beside the board."""
        return self.takes_step(1 if forward else -1) or super().focusNextPrevChild(forward)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame begins."""
        self._board.drawing.ratio = self.devicePixelRatioF()
        self._board.shots.begin_frame(is_split=event.region().rectCount() > 1)
        super().paintEvent(event)

    def cancel(self) -> None:
        """Ends what the mouse was at, as if it had not begun."""
        self._press = None
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
            self.viewport().unsetCursor()

    # Inside

    def _press_left(self, at: QPoint, also: bool) -> None:
        board, point = self._board, self.mapToScene(at)
        part = board.handles.part_at(point) if self.may_edit and board.handles.isVisible() else ""
        if part:
            (held,) = board.selected()
            spot = board.handles.spot(part)
            if part in GRIPS:
                self._press = lambda: self._resize(held, part, point)
            else:
                self._press = lambda: Draw(board, self._acts, held, spot, self._note_at)
            return
        item = self.item_at(at)
        if isinstance(item, GroupItem) and not self._on_title(item, at):
            item = None  # its ground is for the band, as the board's is
        if item is None:
            if not also:
                board.select([])
            self._press = lambda: Band(self, board, point, also=also)
            return
        lead = item.id
        if also:
            board.select(set(board.selected()) ^ {lead})
        elif not item.isSelected():
            board.select([lead])
        if self.may_edit:
            self._press = lambda: self._move(point, lead)

    def _move(self, point: QPointF, lead: str) -> Gesture | None:
        move = Move(self._board, self._acts, point, lead)
        return None if move.is_empty else move

    def _let_go(self) -> None:
        self._press = None
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.drop()

    def _resize(self, held: str, grip: str, point: QPointF) -> Gesture | None:
        item = self._board.item(held)  # none where a teammate has taken it away, another where one has merged it
        is_there = isinstance(item, NoteItem | FrameItem) and item.id == held
        return Resize(self._board, self._acts, held, grip, point) if is_there else None

    def _note_at(self, point: QPointF) -> NoteItem | None:
        found = self._board.items(point)
        return next((item for item in found if isinstance(item, NoteItem)), None)

    def _on_title(self, item: GroupItem, at: QPoint) -> bool:
        return item.title_rect().contains(self.mapToScene(at))

    def _begin(self, gesture: Gesture) -> None:
        self._gesture = gesture
        if gesture.cursor is not None:
            self.viewport().setCursor(gesture.cursor)

    def _pull_along(self, at: QPoint) -> None:
        """Pans when something is dragged to the edge of the window."""
        room = self.viewport().rect()
        across = PULL * ((at.x() > room.right() - EDGE) - (at.x() < room.left() + EDGE))
        down = PULL * ((at.y() > room.bottom() - EDGE) - (at.y() < room.top() + EDGE))
        if across or down:
            self.pan(QPoint(across, down))

    def _show_cursor(self, at: QPoint) -> None:
        handles = self._board.handles
        part = handles.part_at(self.mapToScene(at)) if self.may_edit and handles.isVisible() else ""
        if self._has_space:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif part in ("top left", "bottom right"):
            self.viewport().setCursor(Qt.CursorShape.SizeFDiagCursor)
        elif part in GRIPS:
            self.viewport().setCursor(Qt.CursorShape.SizeBDiagCursor)
        elif part:
            self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.viewport().unsetCursor()
