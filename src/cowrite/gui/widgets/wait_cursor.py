"""The cursor that says to wait, while one act of the person takes long.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

MUCH = 20_000
"""Units of text that come and go by one act, which may take longer than a tenth of a second."""
MANY = 200
"""Places of a text that one act changes, with the same effect."""


@contextmanager
def wait_cursor(*, on: bool = True) -> Iterator[None]:
    """While this lasts the window cannot answer, and the cursor says so.

    Args:
        on: whether the act is so large that it takes long.
    """
    if on:
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        if on:
            QGuiApplication.restoreOverrideCursor()
