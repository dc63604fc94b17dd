"""FocusInSight: what gets the keyboard is scrolled into sight.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

LEAST = 24  # device-independent pixels of height by which one sees where the keyboard is


class FocusInSight(QObject):
    """Scrolls to what the keyboard goes to from elsewhere in its window, unless one clicks there. Qt does so only
    within one scroll area: who goes on from the last button of a dialog comes to a first field that may be out of
    sight.

    Args:
        app: Qt's application object.
        parent: Qt parent.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._show)

    def _show(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is None or now is None or before.window() is not now.window():
            return  # who comes back to a window may have scrolled there
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return  # what is pressed stays under the pointer: a button that moves away is not clicked
        if now.visibleRegion().boundingRect().height() >= min(LEAST, now.height()):
            return
        above = now.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(now)
            above = above.parentWidget()
