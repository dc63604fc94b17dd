"""TablePopup: squares from which the size of a new table is picked.

Runs on the GUI thread. It closes itself.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from cowrite.gui.look.mirroring import mirrored
from cowrite.gui.look.theme import LOOSE, SPACING, worn
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite_server.counting import counted

ROWS, COLUMNS = 8, 8  # that are offered; a table grows afterwards
START = 3  # rows and columns that are picked at first
_SQUARE, _GAP = 20, 4  # device-independent pixels


class TablePopup(QFrame):
    """Squares to pick so many rows and columns by mouse, or with the arrow keys and Enter.

    Args:
        choose: is called with the rows and columns.
        parent: of the popup.
    """

    def __init__(self, choose: Callable[[int, int], object], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._choose = choose
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "popup")
        self.setAccessibleName("Size of the table")
        self.squares = Squares(self._accept, self)
        self.size_ = QLabel()
        self.size_.setProperty("role", "muted")
        self.size_.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.squares.picked = self._say
        column_in(self, self.squares, self.size_, around=(LOOSE, LOOSE, LOOSE, SPACING), spacing=SPACING)
        self.squares.pick(START, START)
        self.squares.setFocus()

    def _say(self, rows: int, columns: int) -> None:
        words = f"{counted(rows, 'row')}, {counted(columns, 'column')}"
        self.size_.setText(words)
        self.squares.setAccessibleName(words)

    def _accept(self, rows: int, columns: int) -> None:
        self.close()
        self._choose(rows, columns)


class Squares(QWidget):
    """The squares of the popup; those of the table that is picked are filled.

    Args:
        choose: is called with the rows and columns that are chosen.
        parent: Qt parent.

    Attributes:
        rows, columns: what is picked.
        picked: is called when that changes.
    """

    def __init__(self, choose: Callable[[int, int], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._choose = choose
        self.rows = self.columns = 0
        self.picked: Callable[[int, int], object] = lambda _rows, _columns: None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """All squares, with the gaps between them."""
        return QSize(COLUMNS * (_SQUARE + _GAP) - _GAP, ROWS * (_SQUARE + _GAP) - _GAP)

    def pick(self, rows: int, columns: int) -> None:
        """Picks so many rows and columns, as far as there are squares."""
        self.rows, self.columns = min(max(rows, 1), ROWS), min(max(columns, 1), COLUMNS)
        self.picked(self.rows, self.columns)
        self.update()

    def square(self, row: int, column: int) -> QRect:
        """Where a square is; both are counted from 0."""
        return mirrored(QRect(column * (_SQUARE + _GAP), row * (_SQUARE + _GAP), _SQUARE, _SQUARE), self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the squares."""
        painter, theme = QPainter(self), worn()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in range(ROWS):
            for column in range(COLUMNS):
                is_in = row < self.rows and column < self.columns
                painter.setPen(QPen(QColor(theme.accent if is_in else theme.control), 1))
                painter.setBrush(QColor(theme.accent_soft) if is_in else Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.square(row, column)).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Picks up to the square below the pointer."""
        self.pick(*self._at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Chooses up to that square."""
        at = event.position().toPoint()
        if self.rect().contains(at):
            self.pick(*self._at(at))
            self._choose(self.rows, self.columns)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys pick, Enter and the space bar choose."""
        onwards = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        across = {Qt.Key.Key_Left: (0, -onwards), Qt.Key.Key_Right: (0, onwards)}
        steps = {**across, Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        if event.key() in steps:
            rows, columns = steps[Qt.Key(event.key())]
            self.pick(self.rows + rows, self.columns + columns)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.rows, self.columns)
        else:
            super().keyPressEvent(event)

    def _at(self, point: QPoint) -> tuple[int, int]:
        """Rows and columns up to a point."""
        x = mirrored(QRect(point, QSize(1, 1)), self).x()
        return point.y() // (_SQUARE + _GAP) + 1, x // (_SQUARE + _GAP) + 1
