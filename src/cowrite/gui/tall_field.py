"""TallField: a field of text that wraps, as high as its text needs.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from cowrite.gui.theme import set_look


class TallField(QPlainTextEdit):
    """The field; Tab leaves it.

    Args:
        name: what it is for, as it is read out.
        tip: what it is for, under the pointer.
        lines: as high as so many at least.
    """

    left = Signal()
    """The person has gone somewhere else."""

    def __init__(self, name: str, tip: str, lines: int = 1) -> None:
        super().__init__()
        self._lines = lines
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self, surface="field")
        self.textChanged.connect(self.fit)

    def fit(self) -> None:
        """Takes the height that its text needs."""
        self.setFixedHeight(self._height())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Says so."""
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width means other lines."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Larger letters need more room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit()

    def sizeHint(self) -> QSize:
        """As high as its text."""
        return QSize(super().sizeHint().width(), self._height())

    def _height(self) -> int:
        rows = max(self._lines, int(self.document().size().height()))  # a QPlainTextEdit counts its height in lines
        margins = self.contentsMargins()
        around = 2 * int(self.document().documentMargin()) + margins.top() + margins.bottom()
        return rows * self.fontMetrics().lineSpacing() + around + 2
