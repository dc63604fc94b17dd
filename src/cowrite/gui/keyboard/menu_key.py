"""MenuKey: the menus of a window and of what has the keyboard in it, by keys that every keyboard has.

Runs on the GUI thread.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

BAR_KEY = "F10"
KEYS = ("Shift+F10", "Menu")


class MenuKey(QObject):
    """Opens the menu of what has the keyboard in a window by Shift+F10 or the menu key, with its first entry chosen,
    which a screen reader reads. By itself Qt knows the menu key alone, but on Windows, and chooses nothing anywhere.
    F10 does so with the first menu of the window's own, as in other programs; Qt knows Alt alone for these.

    Args:
        window: the window.
        bar: its menus, if it has any.
    """

    def __init__(self, window: QWidget, bar: QMenuBar | None = None) -> None:
        super().__init__(window)
        if sys.platform == "darwin":
            return
        if bar is not None:
            QShortcut(QKeySequence(BAR_KEY), window, lambda: _open_first(bar))
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
        _choose_first()


def _open_first(bar: QMenuBar) -> None:
    if bar.isVisible():
        bar.setActiveAction(bar.actions()[0])
        _choose_first()


def _choose_first() -> None:
    """Chooses the first entry of the menu that is open, where none is chosen."""
    menu = QApplication.activePopupWidget()
    if not isinstance(menu, QMenu) or menu.activeAction() is not None:
        return
    entries = (each for each in menu.actions() if each.isEnabled() and each.isVisible())
    if (first := next((each for each in entries if not each.isSeparator()), None)) is not None:
        menu.setActiveAction(first)
