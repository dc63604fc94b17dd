"""Buttons whose words end in dots where they have no room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cowrite.gui.elided_button import ElidedButton


def test_a_long_button_can_be_narrow_and_then_shows_how_its_words_begin(qtbot: QtBot) -> None:
    long, short = ElidedButton("Comment on the selection"), ElidedButton("OK")
    for each in (long, short):
        qtbot.addWidget(each)
    assert long.minimumSizeHint().width() < long.sizeHint().width() / 2
    assert short.minimumSizeHint() == short.sizeHint()
    least = long.minimumSizeHint()
    spared = long.sizeHint().width() - least.width()
    metrics = long.fontMetrics()
    room = metrics.horizontalAdvance(long.text()) - spared
    begins = QPushButton(metrics.elidedText(long.text(), Qt.TextElideMode.ElideRight, room))
    qtbot.addWidget(begins)
    for each in (long, begins):
        each.resize(least)
    assert begins.text().startswith("Co")
    assert long.grab().toImage() == begins.grab().toImage()
