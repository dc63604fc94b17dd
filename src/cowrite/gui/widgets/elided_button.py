"""ElidedButton: a button with words, as narrow as need be.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

LEAST = 6  # letters that are seen of its words


class ElidedButton(QPushButton):
    """A button whose words end in dots where there is no room for all of them; its tooltip says what it does.

    Args:
        text: the words.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        whole, metrics = self.sizeHint(), self.fontMetrics()
        spared = self._length() - LEAST * metrics.averageCharWidth()
        return QSize(whole.width() - max(0, spared), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints it with as many of the words as have room; Qt would cut them off at both ends."""
        lacking = self.sizeHint().width() - self.width()
        if lacking <= 0:
            super().paintEvent(event)
            return
        # PySide makes QStyle with its thousand constants when it is first named, and most buttons have room.
        from PySide6.QtWidgets import QStyle, QStyleOptionButton, QStylePainter

        option = QStyleOptionButton()
        self.initStyleOption(option)
        room, flag = max(0, self._length() - lacking), Qt.TextFlag.TextShowMnemonic
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room, flag)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)

    def _length(self) -> int:
        """Of all of the words, in which an ampersand is two."""
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
