"""Garbage: looks for objects that only hold each other, on the GUI thread alone and between two events of Qt.

Python looks on whichever thread makes an object, in the middle of whatever runs there. A window that is found so is
destroyed there, while Qt works with it elsewhere; that ends in a crash, or never. Likewise novelWriter, calibre and
pyqtgraph.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

PAUSE = 250  # milliseconds between two looks at whether there may be garbage
YOUNG = 2_000  # objects made and still there since the last search, as Python 3.14 has it
OLDER = 10  # searches among the youngest for each one among those that outlived one
OLDEST = 100  # and for each one among all


class Garbage(QObject):
    """Has Python search for garbage at no other time from now on.

    Args:
        parent: Qt parent, on whose thread is searched.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._searches = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(PAUSE)

    def look(self) -> None:
        """Searches where enough was made since the last time."""
        if gc.get_count()[0] < YOUNG:
            return
        self._searches += 1
        gc.collect(2 if self._searches % OLDEST == 0 else 1 if self._searches % OLDER == 0 else 0)
