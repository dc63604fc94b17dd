"""Asking in which encoding a file of another program is; of several files one after the other.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from cowrite.convert.encodings import ENCODINGS, read_as
from cowrite.convert.errors import UnknownEncoding
from cowrite.gui.dialogs.encoding_dialog import EncodingDialog
from cowrite.gui.widgets.asking import open_dialog


def ask_encoding(error: UnknownEncoding, parent: QWidget | None, then: Callable[[Path, str], object]) -> EncodingDialog:
    """Asks, and opens the file.

    Args:
        error: says which file, and what is known of it.
        parent: the window in front.
        then: is called with the file and the encoding that the person has chosen.
    """
    lines, likely = error.sample
    encodings = [(name, ENCODINGS[name]) for name in likely]
    dialog = EncodingDialog(error.path.name, encodings, partial(read_as, lines), parent)
    dialog.chosen.connect(partial(then, error.path))
    open_dialog(dialog)
    return dialog


class EncodingQuestions(QObject):
    """The questions about files that are opened: one at a time, each before the window that is in front by then.

    Args:
        window: gives that window; None where there is none.
        then: is called with each file and the encoding that the person has chosen.
        parent: Qt parent.
    """

    def __init__(
        self, window: Callable[[], QWidget | None], then: Callable[[Path, str], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._then = then
        self._waiting: list[UnknownEncoding] = []  # the first is that which is asked

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._waiting)

    def ask(self, error: UnknownEncoding) -> None:
        """Asks about a file, once however often it is opened meanwhile."""
        if all(each.path != error.path for each in self._waiting):
            self._waiting.append(error)
            if len(self._waiting) == 1:
                QTimer.singleShot(0, self, self._ask_first)  # at the start there is no window yet

    def _ask_first(self) -> None:
        # Gone it is, too, where its window has been closed.
        ask_encoding(self._waiting[0], self._window(), self._then).destroyed.connect(self._asked)

    def _asked(self) -> None:
        del self._waiting[0]
        if self._waiting:
            QTimer.singleShot(0, self, self._ask_first)
