"""WrappingLabel: words on as many lines as they need, also where one of them is longer than a line.

Runs on the GUI thread.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel

NARROWEST = 120  # device-independent pixels


class WrappingLabel(QLabel):
    """Plain text that is never taken for markup. Qt breaks lines between words alone, so that a long link makes its
    label wider than the place that there is, and all that is at the end of the rows beside it goes out of sight."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._heights: dict[int, int] = {}  # by widths; Qt keeps none, and layouts ask for each many times
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def minimumSizeHint(self) -> QSize:
        """Narrower than a long word."""
        return super().minimumSizeHint().boundedTo(QSize(NARROWEST, self.maximumHeight()))

    def setText(self, text: str) -> None:
        """Shows other words."""
        self._heights.clear()
        super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Another font or other margins make another height."""
        self._heights.clear()
        super().changeEvent(event)

    def heightForWidth(self, width: int) -> int:
        """As high as all lines; of broken words where one of them is too long for this width."""
        height = self._heights.get(width)
        if height is None:
            height = self._heights[width] = self._height_for(width)
        return height

    def paintEvent(self, event: QPaintEvent) -> None:
        """Words that are broken are drawn here."""
        if not self._is_too_narrow(self.width()):
            super().paintEvent(event)
            return
        place = self.contentsRect()
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        self._laid_out(place.width()).draw(painter, QPointF(place.topLeft()))

    def _height_for(self, width: int) -> int:
        if not self._is_too_narrow(width):
            return super().heightForWidth(width)
        margins = self._margins()
        laid = self._laid_out(width - margins.width())
        return ceil(laid.boundingRect().height()) + margins.height()

    def _formats(self) -> list[QTextLayout.FormatRange]:
        """How stretches of the words look that do not look like the rest."""
        return []

    def _is_too_narrow(self, width: int) -> bool:
        return width < super().minimumSizeHint().width()

    def _margins(self) -> QSize:
        return self.size() - self.contentsRect().size()

    def _laid_out(self, width: int) -> QTextLayout:
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option = QTextOption(self.alignment())
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        layout.setTextOption(option)
        layout.setFormats(self._formats())
        layout.beginLayout()
        top, leading = 0.0, self.fontMetrics().leading()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, top))
            top += line.height() + leading  # as far apart as lines of whole words
        layout.endLayout()
        return layout
