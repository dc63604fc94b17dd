"""LinkItem: an arrow from one note to another that follows both.

Runs on the GUI thread.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from cowrite.core.board.items import Link, Place, Tie
from cowrite.gui.board.drawing import Drawing
from cowrite.gui.board.looks import FOOT_SIZE

LINK_Z = -10.0
HEAD = 12.0
"""Length of an arrow's head."""
LABELLED = 0.6
"""The zoom from which a link says what it means."""
_MARGIN = 60.0  # around the line, for head and label
_DASHES = {Tie.RELATED: Qt.PenStyle.SolidLine, Tie.CONTRADICTS: Qt.PenStyle.DashLine}


class LinkItem(QGraphicsItem):
    """Shows a link.

    Args:
        link: it.
        drawing: how all on the board is drawn.
    """

    def __init__(self, link: Link, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self.link = link
        self.line = QLineF()
        self._bounds = QRectF()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setZValue(LINK_Z)

    @property
    def id(self) -> str:
        """The link's id."""
        return self.link.id

    def show_link(self, link: Link) -> None:
        """Takes what the link is now."""
        if link != self.link:
            self.link = link
            self.update()

    def show_ends(self, start: Place, end: Place) -> None:
        """Goes from the edge of one place to the edge of another."""
        line = between(start, end)
        if line != self.line:
            self.prepareGeometryChange()
            self.line = line
            corners = QRectF(line.p1(), line.p2()).normalized()
            self._bounds = corners.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
            self.update()

    def boundingRect(self) -> QRectF:
        """All that it draws on."""
        return self._bounds

    def shape(self) -> QPainterPath:
        """Its line, wide enough for a mouse."""
        path = QPainterPath(self.line.p1())
        path.lineTo(self.line.p2())
        stroker = QPainterPathStroker()
        stroker.setWidth(max(12.0, 12.0 / self._drawing.zoom))
        return stroker.createStroke(path)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws line, head and, when it is near, what it means."""
        if self.line.isNull():
            return
        look, zoom = self._drawing.look, self._drawing.zoom
        colour = look.accent if self.isSelected() else look.ties[self.link.tie]
        width = max(2.0, 1.2 / zoom) * (1.6 if self.isSelected() else 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = _DASHES.get(self.link.tie, Qt.PenStyle.SolidLine)
        painter.setPen(QPen(colour, width, style, Qt.PenCapStyle.FlatCap))
        painter.drawLine(self.line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(_head(self.line, HEAD * max(1.0, 0.5 / zoom)))
        if zoom >= LABELLED and self.link.tie is not Tie.RELATED and self.line.length() > 90:
            painter.setFont(look.fonts[FOOT_SIZE])
            words = self.link.tie.value
            size = look.foot_metrics.size(0, words)
            label = QRectF(self.line.center() - QPointF(size.width() / 2 + 4, size.height() / 2 + 1), size)
            label.adjust(0, 0, 8, 2)
            painter.fillRect(label, look.ground)
            painter.setPen(colour)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, words)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def between(start: Place, end: Place) -> QLineF:
    """The line from the middle of one place to that of another, without what lies on either."""
    one, other = _rect(start), _rect(end)
    middle = QLineF(one.center(), other.center())
    return QLineF(_leaving(one, middle), _leaving(other, QLineF(middle.p2(), middle.p1())))


def _rect(place: Place) -> QRectF:
    return QRectF(place.x - 3, place.y - 3, place.width + 6, place.height + 6)


def _leaving(rect: QRectF, ray: QLineF) -> QPointF:
    """Where a ray from the middle of a rectangle leaves it."""
    dx, dy = ray.dx(), ray.dy()
    shares = [size / 2 / abs(d) for size, d in ((rect.width(), dx), (rect.height(), dy)) if d]
    share = min([*shares, 1.0])
    return ray.p1() + QPointF(dx, dy) * share


def _head(line: QLineF, size: float) -> QPolygonF:
    angle = math.atan2(line.dy(), line.dx())
    tip = line.p2()
    sides = [tip - QPointF(math.cos(angle + turn), math.sin(angle + turn)) * size for turn in (0.42, -0.42)]
    return QPolygonF([tip, *sides])
