"""RowsArea: rows below each other that are scrolled where there is not room for all of them.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cowrite.gui.widgets.dialog_parts import scrolling

LEAST_WIDTH = 200  # device-independent pixels for which rows are laid out


class RowsArea(QWidget):
    """As high as its rows where there is room.

    Args:
        name: what a screen reader calls it.
        spacing: between rows.
        least: height that is never given up, where the rows are as high.
        parent: what it is in.
    """

    def __init__(self, name: str, spacing: int, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = least
        self._inside = QWidget()
        self._rows = QVBoxLayout(self._inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(spacing)
        self._rows.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolling(self._inside, name))
        self._inside.setAutoFillBackground(False)  # what is around it has the colour
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """No higher than the rows."""
        super().resizeEvent(event)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as the rows."""
        height = self._rows.totalHeightForWidth(max(self.width(), LEAST_WIDTH))
        return QSize(LEAST_WIDTH, height + 2)

    def minimumSizeHint(self) -> QSize:
        """The rest is scrolled to."""
        return QSize(80, min(self._least, self.sizeHint().height()))

    def rows(self) -> list[QWidget]:
        """The rows that are shown, and not those that wait to be deleted."""
        items = (self._rows.itemAt(place) for place in range(self._rows.count() - 1))
        return [widget for item in items if item is not None and (widget := item.widget()) is not None]

    def fill(self, rows: Iterable[QWidget]) -> None:
        """Shows these in place of those that are there."""
        for old in self.rows():
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()  # not at once: it may be what was pressed
        for row in rows:
            self._rows.insertWidget(self._rows.count() - 1, row)
            row.show()  # a layout shows it only in a later turn, and has no room for it until then
        self.updateGeometry()
