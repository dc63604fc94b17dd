"""Dresses what is on the screen in the application's style sheet, and what is hidden when it is shown.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget


def dress(app: QApplication, sheet: str) -> None:
    """Dresses each widget once.

    WORKAROUND where there is a style sheet already, Qt dresses each widget once for every one that holds it. It does so
    for those whose rules it knows, and a style that gives up the application knows none.
    """
    if app.styleSheet():
        app.style().unpolish(app)
        app.setStyleSheet(sheet)
        wardrobe = app.findChild(Wardrobe, options=Qt.FindChildOption.FindDirectChildrenOnly) or Wardrobe(app)
        for top in app.topLevelWidgets():
            if top.parentWidget() is None:  # the others are found among what these hold
                wardrobe.dress(top)
    else:
        app.setStyleSheet(sheet)


class Wardrobe(QObject):
    """Of a window of which all views and panels were seen once, most is hidden. That waits, each part for its own Show,
    which comes before it is painted."""

    def dress(self, widget: QWidget) -> None:
        """Dresses a widget and what is in it, as far as it is not hidden."""
        if widget.isHidden():
            widget.installEventFilter(self)  # which is there once, however often it is put in
            return
        widget.style().polish(widget)
        QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
        for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self.dress(child)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Dresses what is shown now."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            self.dress(watched)
        return False
