"""ElidedBox: a box to choose from, as narrow as need be.

Runs on the GUI thread. It stands alone because it needs QStyle: PySide makes that with its thousand constants when it
is first named, and the start would wait for it.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from cowrite.core.text.direction import isolated

LEAST = 5  # letters that are seen of its words


class ElidedBox(QComboBox):
    """A box to choose from whose words end in dots where there is no room for all of them, and never widen it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumContentsLength(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        whole = super().minimumSizeHint()
        spared = (self.minimumContentsLength() - LEAST) * self.fontMetrics().horizontalAdvance("X")
        return QSize(whole.width() - max(0, spared), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints it with as many of the words as have room; Qt would cut them off."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        room = field.width() - 2  # the style keeps a pixel free at each side
        shown = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        option.currentText = isolated(shown)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
