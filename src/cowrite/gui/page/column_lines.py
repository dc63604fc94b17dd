"""ColumnLines: the lines between the columns of a page's tables, which a person drags.

Runs on the GUI thread. The widths are the document's, so everybody sees them; while a line is dragged only a guide
goes along, and Escape leaves everything as it was.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTextTable
from PySide6.QtWidgets import QWidget

from cowrite.core.crdt.anchor import Anchor, Stick
from cowrite.core.text.table import WHOLE
from cowrite.gui.page.cells import column_edges, row_edges
from cowrite.gui.page.page_painter import PagePainter
from cowrite.gui.page.places import table_beside
from cowrite.gui.page.tables import PageTables
from cowrite.gui.page.text_page import TextPage

_REACH = 4  # device-independent pixels on both sides of a line that belong to it
_GUIDE = 2  # device-independent pixels: width of the guide


class _Held(NamedTuple):
    """A line that is dragged.

    Attributes:
        cell: in the column behind it.
        pressed: where it was pressed.
        left, right: between which the guide goes.
        table_left, table_right: the edges of the table.
    """

    cell: Anchor
    pressed: float
    left: float
    right: float
    table_left: float
    table_right: float


class ColumnLines(QObject):
    """The lines between columns on one page.

    Args:
        page: it.
        painter: draws it.
        tables: those on it.
    """

    def __init__(self, page: TextPage, painter: PagePainter, tables: PageTables) -> None:
        super().__init__(page)
        self._page = page
        self._painter = painter
        self._tables = tables
        self._held: _Held | None = None
        self._guide: _Guide | None = None
        self._shows_cursor = False

    def hover(self, point: QPointF) -> bool:
        """Shows by the pointer's shape whether a line can be dragged there (viewport coordinates); says so, too."""
        is_there = self._found(point) is not None
        if is_there:
            self._page.viewport().setCursor(Qt.CursorShape.SplitHCursor)
        elif self._shows_cursor:
            self._page.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._shows_cursor = is_there
        return is_there

    def press(self, event: QMouseEvent) -> bool:
        """Takes hold of the line that is pressed, or on a second click leaves the columns on both sides to what is in
        them; says whether one is there."""
        found = self._found(event.position())
        if found is None or event.button() is not Qt.MouseButton.LeftButton:
            return False
        table, row, column = found
        at = table.cellAt(row, column).firstPosition()
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._tables.leave_widths(at)
            return True
        edges, anchor = column_edges(self._page, table), self._page.draft.anchor(at, Stick.RIGHT)
        around = edges[column - 1], edges[column + 1], edges[0], edges[-1]
        self._held = _Held(anchor, event.position().x(), *around)
        self._guide = _Guide(self._painter.theme.accent, self._page.viewport())
        top, bottom = row_edges(self._page, table)
        self._guide.setGeometry(round(event.position().x()) - _GUIDE // 2, round(top), _GUIDE, round(bottom - top))
        self._guide.show()
        self._page.installEventFilter(self)
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Goes along with the mouse; says whether a line is held."""
        if self._held is not None and self._guide is not None:
            self._guide.move(round(self._within(event.position().x())) - _GUIDE // 2, self._guide.y())
            self._page.viewport().setCursor(Qt.CursorShape.SplitHCursor)  # over a link it is another one
        return self._held is not None

    def release(self, event: QMouseEvent) -> bool:
        """Puts the line where it was dragged to; says whether one was held."""
        held = self._held
        if held is None:
            return False
        to = self._within(event.position().x())
        self._let_go()
        at = self._page.draft.resolve(held.cell)
        if at is not None and abs(to - held.pressed) >= _GUIDE:  # else it was only clicked
            share = WHOLE * (to - held.table_left) / (held.table_right - held.table_left)
            self._tables.move_line(at, share)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets go of a line that is dragged when Escape is pressed."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self._let_go()
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def _found(self, point: QPointF) -> tuple[QTextTable, int, int] | None:
        """The line at a point that can be dragged: its table, the row there, and the column behind it."""
        page = self._page
        if page.isReadOnly() or page.draft.suggester is not None:  # looks cannot be suggested
            return None
        found = table_beside(page, point.y())
        if found is None:
            return None
        table, row = found
        top, bottom = row_edges(page, table)
        if not top <= point.y() <= bottom:
            return None
        for column, edge in enumerate(column_edges(page, table)[1:-1], 1):
            if abs(point.x() - edge) <= _REACH:
                return (table, row, column) if table.cellAt(row, column).column() == column else None
        return None

    def _within(self, x: float) -> float:
        held = self._held
        return x if held is None else min(max(x, held.left + _GUIDE), held.right - _GUIDE)

    def _let_go(self) -> None:
        self._held = None
        self._page.removeEventFilter(self)
        if self._guide is not None:
            self._guide.hide()
            self._guide.deleteLater()
            self._guide = None


class _Guide(QWidget):
    """The line to where another one would go.

    Args:
        colour: its.
        parent: Qt parent.
    """

    def __init__(self, colour: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = QColor(colour)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws it."""
        QPainter(self).fillRect(self.rect(), self._colour)
