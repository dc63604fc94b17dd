"""Says why cowrite cannot start, where nothing of it is there yet: neither its folders, settings nor a window.

Runs on the GUI thread.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

_UNSEEN = {"offscreen", "minimal", "minimalegl"}
"""Qt's platforms that show nothing to anybody."""


def tell_not_started(app: QApplication, sentence: str) -> None:
    """Says it on stderr, and in a dialog where there is a display: who starts cowrite by its icon has no terminal.

    Returns once it was read.
    """
    print(f"cowrite: {sentence}", file=sys.stderr)
    if app.platformName() not in _UNSEEN:
        not_started_box(sentence).exec()


def not_started_box(sentence: str) -> QMessageBox:
    """The dialog that says it."""
    box = QMessageBox(QMessageBox.Icon.Critical, "cowrite", "cowrite cannot start.", QMessageBox.StandardButton.Close)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    box.setInformativeText(sentence)
    return box
