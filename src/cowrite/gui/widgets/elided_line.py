"""ElidedLine: a line of text that takes the room which others leave.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from cowrite.gui.widgets.tips import tip_of


class ElidedLine(QLabel):
    """A line of text that ends in dots where there is no room for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = self._short = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, short: str = "") -> None:
        """Shows it, as far as there is room, and whole in the tooltip.

        Args:
            text: it.
            short: what is shown in its place where there is no room for all of it; empty for its beginning.
        """
        self._whole, self._short = text, short
        self.setToolTip(tip_of(text))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """It can become as narrow as need be."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the text anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        letters = self.fontMetrics()
        is_whole = not self._short or letters.horizontalAdvance(self._whole) <= self.width()
        text = self._whole if is_whole else self._short
        self.setText(letters.elidedText(text, Qt.TextElideMode.ElideRight, self.width()))
        self.setAccessibleName(self._whole)  # not as far as there is room
