"""Facts: short fields with their titles, beside each other as far as they have room.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cowrite.gui.look.theme import LOOSE, TIGHT, set_look
from cowrite.gui.widgets.wrapping_row import FRAMELESS, row_of

MOST = 3  # columns
_BETWEEN = LOOSE - FRAMELESS  # two cells: each begins with room for what a button without a frame has around its words


class Facts(QWidget):
    """Fields in up to three columns, fewer where it is narrow. It is to stand in a `ReachingColumn`.

    Args:
        parts: titles and fields, in the order in which they are read; what else is in a cell stands below its first.
    """

    def __init__(self, parts: Sequence[tuple[str, Sequence[QWidget]]]) -> None:
        super().__init__()
        self._count = 0  # columns; none before it has a width
        before, behind = QMargins(FRAMELESS, 0, 0, 0), QMargins(0, 0, FRAMELESS, 0)
        if self.isRightToLeft():
            before, behind = behind, before
        self._cells = [_cell(title, fields, before) for title, fields in parts]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(behind)
        self._grid.setHorizontalSpacing(_BETWEEN)
        self._grid.setVerticalSpacing(LOOSE)
        self._put(MOST)

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest of them."""
        return QSize(self._widest() + FRAMELESS, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Takes as many columns as have room."""
        super().resizeEvent(event)
        room = event.size().width() - FRAMELESS
        self._put(max(1, min(MOST, (room + _BETWEEN) // (self._widest() + _BETWEEN))))

    def _widest(self) -> int:
        return max(cell.minimumSizeHint().width() for cell in self._cells)

    def _put(self, count: int) -> None:
        if count == self._count:
            return
        self._count = count
        for at, cell in enumerate(self._cells):
            self._grid.addWidget(cell, at // count, at % count)
        for column in range(MOST):
            self._grid.setColumnStretch(column, 1 if column < count else 0)
        self._grid.setHorizontalSpacing(_BETWEEN if count > 1 else 0)
        self.updateGeometry()


def _cell(title: str, fields: Sequence[QWidget], margins: QMargins) -> QWidget:
    cell = QWidget()
    cell.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    label = QLabel(title)
    set_look(label, role="muted")
    label.setBuddy(fields[0])
    column = QVBoxLayout(cell)
    column.setContentsMargins(margins)
    column.setSpacing(TIGHT)
    column.addWidget(label)
    column.addWidget(fields[0])
    for field in fields[1:]:
        column.addLayout(row_of(field, spacing=0))
    column.addStretch(1)
    return cell
