"""WaitingBot: pytest-qt's QtBot, which computes less while it waits."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from pytestqt.qtbot import QtBot


class WaitingBot(QtBot):
    """Keeps the loop in which it waits: `waitUntil` asks a hundred times a second, and QtBot makes a loop, a timer and
    an error each time, which takes as long as most that is asked."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        self._idle: list[tuple[QEventLoop, QTimer]] = []  # none while it waits: a wait may be within another one

    def wait(self, ms: int) -> None:
        """Lets Qt work for so many milliseconds."""
        loop, timer = self._idle.pop() if self._idle else _loop()
        timer.start(ms)
        loop.exec()
        self._idle.append((loop, timer))


def _loop() -> tuple[QEventLoop, QTimer]:
    """An event loop and the timer that ends it."""
    loop = QEventLoop()
    timer = QTimer(loop)
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    return loop, timer
