"""ShownKey: a part of the window that names the key of a command, and follows what the person has chosen.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from cowrite.gui.commands.own_keys import words_of


class ShownKey(QObject):
    """Tells the key of a command, now and whenever it is another one.

    Args:
        action: the command.
        show: takes the key as this system writes it; empty where the command has none.
        parent: what shows it, and with which it ends.
    """

    def __init__(self, action: QAction, show: Callable[[str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._action = action
        self._show = show
        action.changed.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        self._show(words_of(self._action.shortcut()))
