"""Facts: short fields with their titles, beside each other as far as they have room.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cowrite.gui.look.theme import LOOSE, TIGHT, set_look

MOST = 3  # columns


class Facts(QWidget):
    """Fields in up to three columns, fewer where it is narrow.

    Args:
        parts: titles and fields, in the order in which they are read; those of one cell stand below its first.
    """

    def __init__(self, parts: Sequence[tuple[str, Sequence[QWidget]]]) -> None:
        super().__init__()
        self._count = 0  # columns; none before it has a width
        self._cells = [_cell(title, fields) for title, fields in parts]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(LOOSE)
        self._grid.setVerticalSpacing(LOOSE)
        self._put(MOST)

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest of them."""
        return QSize(self._widest(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Takes as many columns as have room."""
        super().resizeEvent(event)
        self._put(max(1, min(MOST, (event.size().width() + LOOSE) // (self._widest() + LOOSE))))

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
        self._grid.setHorizontalSpacing(LOOSE if count > 1 else 0)
        self.updateGeometry()


def _cell(title: str, fields: Sequence[QWidget]) -> QWidget:
    cell = QWidget()
    cell.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    label = QLabel(title)
    set_look(label, role="muted")
    label.setBuddy(fields[0])
    column = QVBoxLayout(cell)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(TIGHT)
    column.addWidget(label)
    column.addWidget(fields[0])
    for field in fields[1:]:
        column.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)  # a button begins where the field does
    column.addStretch(1)
    return cell
