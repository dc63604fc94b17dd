"""Sideways: what may be wider than its place, such as a table with many columns, and is scrolled to its side then.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QSizePolicy, QWidget


class Sideways(QScrollArea):
    """As high as what is in it, with a scroll bar below where that is wider than the place.

    Args:
        inside: what may be wide.
        name: for screen readers.
    """

    def __init__(self, inside: QWidget, name: str) -> None:
        super().__init__()
        self._inside = inside
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setWidget(inside)

    def heightForWidth(self, width: int) -> int:
        """As high as what is in it, and the scroll bar where one is needed."""
        inside = self._inside
        least = inside.minimumSizeHint().width()
        bar = self.horizontalScrollBar().sizeHint().height() if least > width else 0
        return max(inside.heightForWidth(max(width, least)), inside.minimumSizeHint().height()) + bar

    def sizeHint(self) -> QSize:
        """As large as what is in it would be."""
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """It can be as narrow as one likes; `heightForWidth` says how high it is then."""
        return QSize(0, 0)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, Qt's names
        """Whatever Tab comes to is in sight, all of it: of a field Qt would show the caret alone."""
        has_gone = super().focusNextPrevChild(next)
        now = QApplication.focusWidget()
        if now is not None and self.isAncestorOf(now):
            left, bar = now.mapTo(self._inside, QPoint()).x(), self.horizontalScrollBar()
            bar.setValue(min(left, max(bar.value(), left + now.width() - self.viewport().width())))
        return has_gone

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is in it has another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
