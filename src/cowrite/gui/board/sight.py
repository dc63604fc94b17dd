"""Sight: which part of the board is in sight, and how large.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtWidgets import QFrame, QGraphicsView

from cowrite.core.board.items import Place
from cowrite.gui.board.board_scene import BoardScene

ZOOMS = (0.05, 4.0)
ROOM = 100_000.0
"""How far one can pan from the middle, in the board's units."""
MARGIN = 40
"""Pixels of the screen around what is brought into view."""


class Sight(QGraphicsView):
    """A view of a BoardScene that can be panned and zoomed without end and without scroll bars.

    Args:
        scene: it.
    """

    viewed = Signal()
    """It was panned, zoomed or resized."""

    def __init__(self, scene: BoardScene) -> None:
        super().__init__(scene)
        self._board = scene
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSceneRect(-ROOM, -ROOM, 2 * ROOM, 2 * ROOM)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        scene.drawing.zoom = self.zoom

    @property
    def zoom(self) -> float:
        """How large the board is shown; 1 is the actual size."""
        return self.transform().m11()

    def in_sight(self) -> QRectF:
        """The part of the board that is shown."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def zoom_to(self, zoom: float, at: QPoint | None = None) -> None:
        """Shows the board larger or smaller around a point of the viewport that stays where it is."""
        zoom = min(max(zoom, ZOOMS[0]), ZOOMS[1])
        if zoom == self.zoom:
            return
        at = at or self.viewport().rect().center()
        held = self.mapToScene(at)
        self.resetTransform()
        self.scale(zoom, zoom)
        self.pan(self.mapFromScene(held) - at)
        self._board.show_zoom(zoom)
        self.viewed.emit()

    def pan(self, by: QPoint) -> None:
        """Shows what lies this many pixels farther to the right and below."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + by.x())
        down.setValue(down.value() + by.y())

    def centre(self, point: QPointF) -> None:
        """Shows a point of the scene in the middle."""
        self.pan(self.mapFromScene(point) - self.viewport().rect().center())

    def fit(self, extent: QRectF) -> None:
        """Shows all of a part of the scene, as large as it has room, and never larger than its own size."""
        if extent.isNull():
            return
        room = self.viewport().size()
        across = (room.width() - 2 * MARGIN) / max(extent.width(), 1)
        down = (room.height() - 2 * MARGIN) / max(extent.height(), 1)
        self.zoom_to(min(across, down, 1.0))
        self.centre(extent.center())

    def reveal(self, extent: QRectF) -> None:
        """Pans as little as need be for a part of the scene to be in sight."""
        shown = self.mapFromScene(extent).boundingRect()
        room = self.viewport().rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        if room.contains(shown):
            return
        dx = min(shown.left() - room.left(), 0) or max(shown.right() - room.right(), 0)
        dy = min(shown.top() - room.top(), 0) or max(shown.bottom() - room.bottom(), 0)
        if abs(dx) > room.width() or abs(dy) > room.height():
            self.centre(extent.center())
        else:
            self.pan(QPoint(dx, dy))

    def shown_at(self, place: Place) -> QRect:
        """Where a place of the board is in the viewport."""
        return self.mapFromScene(QRectF(place.x, place.y, place.width, place.height)).boundingRect()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """What lies over the board follows."""
        super().scrollContentsBy(dx, dy)
        self.viewed.emit()
