"""GroupItem and FrameItem: what holds notes on the board.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QStaticText, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from cowrite.core.board.items import Frame, Group, Place
from cowrite.core.text.direction import isolated
from cowrite.gui.board.drawing import Drawing
from cowrite.gui.board.looks import PADDING, BoardLook

HALO = 16.0
"""How far a group reaches beyond its notes."""
NEAR = 44.0
"""How far from its group's ground a note can be moved and is still in it."""
BAND = 30.0
"""Height of a title."""
GROUP_Z, FRAME_Z = -20.0, -30.0
LARGEST_TITLE = 2.6
"""How many times larger a title becomes as the board becomes smaller, so that it can still be read."""


LONGEST_TITLE = 500
"""Characters of a title that are looked at to show it; to measure one without end takes longer than a frame has."""


class _AreaItem(QGraphicsRectItem):
    """Something with a title above its upper left corner. Only title and edge answer to the mouse.

    What raises NotImplementedError each kind says for itself: Qt's classes have a metaclass of their own, which leaves
    no place for an abstract base class.
    """

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self._title: QStaticText | None = None
        self._title_key: tuple[str, float] = ("", 0.0)
        self.is_target = False
        """Whether what is being dragged would be put in here."""
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setPen(QPen(Qt.PenStyle.NoPen))

    @property
    def words(self) -> str:
        """What stands in its title."""
        raise NotImplementedError

    @property
    def count(self) -> str:
        """What stands behind these words, however little room there is."""
        return ""

    def title_scale(self) -> float:
        """How many times larger the title is than at the actual size."""
        return min(max(1.0, 0.8 / self._drawing.zoom), LARGEST_TITLE)

    def title_rect(self) -> QRectF:
        """Where the title stands, in the item's coordinates."""
        raise NotImplementedError

    def show_target(self, on: bool) -> None:
        """Shows whether what is being dragged would be put in here."""
        if on != self.is_target:
            self.is_target = on
            self.update()

    def _paint_title(self, painter: QPainter, look: BoardLook, at: QPointF, width: float) -> None:
        scale = self.title_scale()
        key = (self.words + self.count, round(width / scale))
        if self._title is None or key != self._title_key:
            room = width / scale - look.title_metrics.horizontalAdvance(self.count)
            words = look.title_metrics.elidedText(self.words, Qt.TextElideMode.ElideRight, room)
            self._title, self._title_key = QStaticText(isolated(words) + self.count if self.count else words), key
            self._title.setTextFormat(Qt.TextFormat.PlainText)
            self._title.prepare(QTransform(), look.title_font)
        painter.save()
        painter.translate(at)
        painter.scale(scale, scale)
        painter.setFont(look.title_font)
        painter.setPen(look.ink)
        painter.drawStaticText(0, 0, self._title)
        painter.restore()


class GroupItem(_AreaItem):
    """A group: one ground behind all its notes, with its title above the first of them, and a line from there to each
    that lies apart."""

    def __init__(self, group: Group, drawing: Drawing) -> None:
        super().__init__(drawing)
        self.shown = group
        self._rects: list[QRectF] = []
        self._first = QRectF()
        self.setZValue(GROUP_Z)
        self.setVisible(False)  # it has no place before it has notes

    @property
    def id(self) -> str:
        """The group's id."""
        return self.shown.id

    @property
    def words(self) -> str:
        """Its title."""
        return self.shown.title[:LONGEST_TITLE] or "Group"

    @property
    def count(self) -> str:
        """How many notes it has, and whether its title is the assistant's."""
        return f"  {len(self._rects)}{'  AI' if self.shown.is_of_model else ''}"

    def show_group(self, group: Group) -> None:
        """Takes what the group is now."""
        if group != self.shown:
            self.shown = group
            self.update()

    def show_notes(self, places: Sequence[Place]) -> None:
        """Lies behind notes at these places."""
        rects = [QRectF(each.x - HALO, each.y - HALO, each.width + 2 * HALO, each.height + 2 * HALO) for each in places]
        if rects == self._rects:
            return
        self._rects = rects
        self.setVisible(bool(rects))
        if not rects:
            return
        self._first = min(rects, key=lambda rect: (rect.top(), rect.left()))
        whole = QRectF(self._first)
        for rect in rects:
            whole = whole.united(rect)
        self.setRect(whole.adjusted(-2, -BAND * LARGEST_TITLE, 2, 2))
        self.update()

    def title_rect(self) -> QRectF:
        """Above the note that is highest."""
        height = BAND * self.title_scale()
        return QRectF(self._first.left(), self._first.top() - height + HALO / 2, self._title_width(), height)

    def holds(self, point: QPointF) -> bool:
        """Whether a point lies on its ground or title."""
        return self.title_rect().contains(point) or any(rect.contains(point) for rect in self._rects)

    def touches(self, place: Place) -> bool:
        """Whether something lies on its ground at least in part, or near it."""
        wanted = QRectF(place.x, place.y, place.width, place.height).adjusted(-NEAR, -NEAR, NEAR, NEAR)
        return any(rect.intersects(wanted) for rect in self._rects)

    def shape(self) -> QPainterPath:
        """Its title and its ground."""
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addRect(self.title_rect())
        for rect in self._rects:
            path.addRect(rect)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws lines and the edges of all rectangles, then their insides: what is left of the edges goes around the
        whole, and of the lines between what lies apart."""
        look = self._drawing.look
        rects = [self.title_rect(), *self._rects]
        if self.isSelected() or self.is_target:
            pen = QPen(look.target if self.is_target else look.selected)
            pen.setWidthF(pen.widthF() * 2)
        else:
            pen = QPen(look.edges[self._colour], 2)
            pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines([QLineF(self._first.center(), rect.center()) for rect in self._rects])
        painter.drawRects(rects)
        ground = look.halos[self._colour]
        for rect in rects:
            painter.fillRect(rect, ground)
        title = self.title_rect()
        self._paint_title(
            painter, look, title.topLeft() + QPointF(PADDING, 5 * self.title_scale()), title.width() - 2 * PADDING
        )

    @property
    def _colour(self) -> str:
        return self.shown.colour if self.shown.colour in self._drawing.look.halos else "grey"

    def _title_width(self) -> float:
        scale = self.title_scale()
        wanted = self._drawing.look.title_metrics.horizontalAdvance(self.words + self.count) * scale + 2 * PADDING + 4
        return min(max(self._first.width(), min(wanted, self.rect().width() - 4)), self.rect().width() - 4)


class FrameItem(_AreaItem):
    """A titled area."""

    def __init__(self, frame: Frame, drawing: Drawing) -> None:
        super().__init__(drawing)
        self.frame = frame
        self.setZValue(FRAME_Z)
        self.show_place(frame.place)

    @property
    def id(self) -> str:
        """The frame's id."""
        return self.frame.id

    @property
    def words(self) -> str:
        """Its title."""
        return self.frame.title[:LONGEST_TITLE] or "Frame"

    @property
    def place(self) -> Place:
        """Where it is shown, be it on its way."""
        at, rect = self.pos(), self._inside()
        return Place(at.x(), at.y(), rect.width(), rect.height())

    def show_frame(self, frame: Frame) -> None:
        """Takes what the frame is now."""
        if frame != self.frame:
            self.frame = frame
            self.update()
        self.show_place(frame.place)

    def show_place(self, place: Place) -> None:
        """Is elsewhere or larger from now on."""
        self.setPos(place.x, place.y)
        self.setRect(QRectF(-2, -BAND * LARGEST_TITLE, place.width + 4, place.height + BAND * LARGEST_TITLE + 2))

    def title_rect(self) -> QRectF:
        """Above its upper left corner."""
        height = BAND * self.title_scale()
        wanted = self._drawing.look.title_metrics.horizontalAdvance(self.words) * self.title_scale() + 2 * PADDING
        return QRectF(0, -height, min(wanted, self._inside().width()), height)

    def shape(self) -> QPainterPath:
        """Its title and its edge; what lies within is not the frame's."""
        inside, path = self._inside(), QPainterPath()
        path.addRect(self.title_rect())
        path.addRect(inside.adjusted(-4, -4, 4, 4))
        path.addRect(inside.adjusted(6, 6, -6, -6))  # even and odd: a hole
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws area and title."""
        look = self._drawing.look
        painter.setPen(look.selected if self.isSelected() else look.frame_edge)
        painter.setBrush(look.frame)
        painter.drawRect(self._inside())
        title = self.title_rect()
        self._paint_title(painter, look, title.topLeft() + QPointF(2, 5 * self.title_scale()), title.width())

    def _inside(self) -> QRectF:
        return self.rect().adjusted(2, BAND * LARGEST_TITLE, -2, -2)
