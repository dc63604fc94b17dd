"""A start that comes to nothing tells whoever sits there, be it at a terminal or before a screen."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from cowrite.app.start.not_started import tell_not_started

SENTENCE = "The folder “<b>/x</b>” cannot be made."


@pytest.mark.parametrize("platform", ["xcb", "windows", "offscreen"])
def test_why_cowrite_does_not_start_is_said_in_a_dialog_where_there_is_a_display(qapp, capsys, platform):
    seen: list[str] = []

    def read() -> None:
        (box,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox) and each.isVisible()]
        seen.append(box.informativeText())
        box.button(QMessageBox.StandardButton.Close).click()

    timer = QTimer(singleShot=True)
    timer.timeout.connect(read)
    if platform != "offscreen":
        timer.start(0)
    tell_not_started(SimpleNamespace(platformName=lambda: platform), SENTENCE)
    assert seen == ([] if platform == "offscreen" else [SENTENCE])
    assert capsys.readouterr().err == f"cowrite: {SENTENCE}\n"
