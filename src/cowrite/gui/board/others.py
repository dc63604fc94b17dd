"""Others: the pointers of teammates on the board, with their names, and what they have selected.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from cowrite.gui.board.board_scene import BoardScene
from cowrite.gui.board.drawing import Drawing
from cowrite.gui.board.looks import FOOT_SIZE

_ARROW = QPolygonF([QPointF(0, 0), QPointF(5, 15), QPointF(8, 9), QPointF(14, 7)])
LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else at the board.

    Attributes:
        client: which copy of the document it is.
        name: what they call themselves.
        colour: theirs, as the document stores it.
        pointer: where their mouse is on the board, or None.
        selected: ids of the notes that they have selected.
    """

    client: int
    name: str
    colour: str
    pointer: tuple[float, float] | None = None
    selected: tuple[str, ...] = ()


class Others:
    """Shows who else is at the board.

    Args:
        scene: the board.
    """

    def __init__(self, scene: BoardScene) -> None:
        self._scene = scene
        self._pointers: dict[int, PointerItem] = {}
        self._shown: tuple[Other, ...] = ()

    def show(self, others: Sequence[Other]) -> None:
        """Shows these, and nobody else."""
        self._shown = tuple(others)
        held = {other.client: other for other in others if other.pointer is not None}
        for client in self._pointers.keys() - held.keys():
            self._scene.removeItem(self._pointers.pop(client))
        for client, other in held.items():
            if client not in self._pointers:
                self._pointers[client] = PointerItem(self._scene.drawing)
                self._scene.addItem(self._pointers[client])
            self._pointers[client].show_other(other)
        self._scene.show_holders({id: (other.name, other.colour) for other in others for id in other.selected})

    def show_theme(self) -> None:
        """Takes the colours of the scene's look."""
        self.show(self._shown)
        for pointer in self._pointers.values():
            pointer.update()


class PointerItem(QGraphicsItem):
    """A teammate's mouse with their name, as large at each zoom.

    Args:
        drawing: how all on the board is drawn.
    """

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self.name = ""
        self._colour = QColor()
        self._ink = QColor()
        self._label = QRectF()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(40)

    def show_other(self, other: Other) -> None:
        """Is where they point now."""
        theme = self._drawing.look.theme
        colour = theme.person(other.colour)
        if (other.name, colour) != (self.name, self._colour.name()):
            self.prepareGeometryChange()
            self.name, self._colour, self._ink = other.name[:LONGEST_NAME], QColor(colour), QColor(theme.on(colour))
            width = QFontMetricsF(self._drawing.look.fonts[FOOT_SIZE]).horizontalAdvance(self.name)
            self._label = QRectF(12, 14, width + 10, 17)
            self.update()
        if other.pointer is not None:
            self.setPos(*other.pointer)

    def boundingRect(self) -> QRectF:
        """All that it draws on."""
        return self._label.united(QRectF(-2, -2, 20, 20))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws arrow and name."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._drawing.look.page, 1))
        painter.setBrush(self._colour)
        painter.drawPolygon(_ARROW)
        if self.name:
            painter.drawRect(self._label)
            painter.setFont(self._drawing.look.fonts[FOOT_SIZE])
            painter.setPen(self._ink)
            painter.drawText(self._label.translated(5, 12.5).topLeft(), self.name)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
