"""Paced: looks again after news, once for all that comes together, and with a rest between.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import single_shot

GATHERING = 100
"""Milliseconds in which news is gathered before it is looked."""

REST = 500
"""Milliseconds from one look after news to the next at least, however often there is some."""


class Paced(QObject):
    """What is done after news.

    Args:
        look: what is done.
        parent: Qt parent.
    """

    def __init__(self, look: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._due = single_shot(self, self._look_after_news)
        self._rest = single_shot(self, lambda: None, REST)  # its remaining time is all that is asked of it

    def soon(self) -> None:
        """There is news."""
        if not self._due.isActive():
            self._due.start(max(GATHERING, self._rest.remainingTime()))

    def now(self) -> None:
        """Looks at once, which is as good as a look after the news that there was."""
        self._due.stop()
        self._look()

    def stop(self) -> None:
        """Does not look after the news that there was."""
        self._due.stop()

    def _look_after_news(self) -> None:
        self._rest.start()
        self._look()
