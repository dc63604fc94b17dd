"""HandlesItem: where the one thing that is selected is taken hold of to resize it, or to draw a link from it.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from cowrite.core.board.items import Place
from cowrite.gui.board.drawing import Drawing

GRIPS = {"top left": (0.0, 0.0), "top right": (1.0, 0.0), "bottom left": (0.0, 1.0), "bottom right": (1.0, 1.0)}
KNOBS = {"left": (0.0, 0.5), "right": (1.0, 0.5), "top": (0.5, 0.0), "bottom": (0.5, 1.0)}
SIZE = 9.0
"""Side of a grip and width of a knob, in pixels of the screen."""
REACH = 9.0
"""How far from a handle's middle it answers, in pixels of the screen."""
AWAY = 16.0
"""How far from its note a knob is, in pixels of the screen."""


class HandlesItem(QGraphicsItem):
    """Grips in the corners, and knobs beside a note.

    Args:
        drawing: how all on the board is drawn.
    """

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self._place: Place | None = None
        self._has_knobs = False
        self.is_allowed = True
        """Whether the person may change anything."""
        self.is_dragged = False
        """Whether what it belongs to is being dragged; it is hidden then."""
        self.setZValue(20)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    @property
    def is_wanted(self) -> bool:
        """Whether they are to be shown around the one thing that is selected."""
        return self.is_allowed and not self.is_dragged

    def show_around(self, place: Place, *, has_knobs: bool) -> None:
        """Are around a place, with knobs or without."""
        self.prepareGeometryChange()
        self._place = place
        self._has_knobs = has_knobs
        self.show()
        self.update()

    def show_nowhere(self) -> None:
        """Are not shown."""
        self.hide()
        self._place = None

    def part_at(self, point: QPointF) -> str:
        """The name of the handle at a point of the scene; empty for none."""
        if self._place is None:
            return ""
        reach = REACH / self._drawing.zoom
        found = {name: (spot - point).manhattanLength() for name, spot in self._spots().items()}
        best = min(found, key=lambda name: found[name])
        return best if found[best] <= 1.4 * reach else ""

    def spot(self, name: str) -> QPointF:
        """The middle of a handle, in the scene."""
        return self._spots()[name]

    def boundingRect(self) -> QRectF:
        """All that it draws on."""
        if self._place is None:
            return QRectF()
        margin = (AWAY + SIZE) / self._drawing.zoom
        place = self._place
        return QRectF(place.x, place.y, place.width, place.height).adjusted(-margin, -margin, margin, margin)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws them, as large at each zoom."""
        if self._place is None:
            return
        look, half = self._drawing.look, SIZE / 2 / self._drawing.zoom
        pen = QPen(look.accent, 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(look.page)
        for name, spot in self._spots().items():
            rect = QRectF(spot.x() - half, spot.y() - half, 2 * half, 2 * half)
            if name in GRIPS:
                painter.drawRect(rect)
            else:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.drawEllipse(rect)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _spots(self) -> dict[str, QPointF]:
        place, away = self._place, AWAY / self._drawing.zoom
        if place is None:
            return {}
        spots = {name: QPointF(place.x + x * place.width, place.y + y * place.height) for name, (x, y) in GRIPS.items()}
        if self._has_knobs:
            for name, (x, y) in KNOBS.items():
                middle = QPointF(place.x + x * place.width, place.y + y * place.height)
                out = QPointF((x - 0.5) * 2 * away * (y == 0.5), (y - 0.5) * 2 * away * (x == 0.5))
                spots[name] = middle + out
        return spots
