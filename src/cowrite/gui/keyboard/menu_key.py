"""MenuKey: the menu of what has the keyboard, by keys that every keyboard has.

Runs on the GUI thread.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QWidget

KEYS = ("Shift+F10", "Menu")


class MenuKey(QObject):
    """Opens the menu of what has the keyboard in a window by Shift+F10 or the menu key, with its first entry chosen,
    which a screen reader reads. By itself Qt knows the menu key alone, but on Windows, and chooses nothing anywhere.

    Args:
        window: the window.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        if sys.platform == "darwin":
            return
        for key in KEYS:
            QShortcut(QKeySequence(key), window, self._open)

    def _open(self) -> None:
        part = QApplication.focusWidget()
        if part is None:
            return
        caret = part.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
        # A board on which nothing has the keyboard knows of no caret.
        at = part.rect().center() if caret is None else QRectF(caret).toRect().center()
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, part.mapToGlobal(at))
        QApplication.sendEvent(part, asked)
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu) or menu.activeAction() is not None:
            return
        entries = (each for each in menu.actions() if each.isEnabled() and each.isVisible())
        if (first := next((each for each in entries if not each.isSeparator()), None)) is not None:
            menu.setActiveAction(first)
