"""EnterPresses: Enter presses the button that has the keyboard.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QPushButton, QWidget


class EnterPresses(QObject):
    """Lets Enter press a button for as long as it has the keyboard.

    Qt does so with those alone that are pressed by Enter in the fields of their dialog too (`autoDefault`), which no
    button here is: on any other, Enter would do nothing, or what the dialog's own button does, also on "Cancel".

    Args:
        app: Qt's application object.
        parent: Qt parent.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._lent: QWidget | None = None
        app.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(before, QPushButton) and before is self._lent:
            before.setAutoDefault(False)
        self._lent = None
        if isinstance(now, QPushButton) and not now.autoDefault():
            now.setAutoDefault(True)
            self._lent = now
