"""Reached: shows that the keyboard is in a part that is as large as a page, to whoever came there by a key.

Runs on the GUI thread. Who clicks in it knows where they are, and a ring around all of it would only disturb.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from cowrite.gui.look.theme import set_look

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class Reached(QObject):
    """Gives the part the property `reached`, about which the stylesheet asks, for as long as a key has led there.

    Args:
        part: it.
    """

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        set_look(part, reached=False)
        part.installEventFilter(self)

    def eventFilter(self, part: QObject, event: QEvent) -> bool:
        """Looks on."""
        if isinstance(event, QFocusEvent) and isinstance(part, QWidget):
            set_look(part, reached=event.gotFocus() and event.reason() in _BY_KEY)
        return False
