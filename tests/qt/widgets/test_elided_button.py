"""Buttons whose words end in dots where they have no room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cowrite.gui.widgets.elided_button import ElidedButton


@pytest.mark.parametrize("words", ["Comment on the selection", "Co && the selection of all"])
def test_a_long_button_can_be_narrow_and_then_shows_how_its_words_begin(qtbot: QtBot, words: str) -> None:
    long, short = ElidedButton(words), ElidedButton("OK")
    for each in (long, short):
        qtbot.addWidget(each)
    assert long.minimumSizeHint().width() < long.sizeHint().width() / 2
    assert short.minimumSizeHint() == short.sizeHint()
    least = long.minimumSizeHint()
    spared = long.sizeHint().width() - least.width()
    metrics = long.fontMetrics()
    shown = Qt.TextFlag.TextShowMnemonic
    room = metrics.size(shown, words).width() - spared
    begins = QPushButton(metrics.elidedText(words, Qt.TextElideMode.ElideRight, room, shown))
    qtbot.addWidget(begins)
    for each in (long, begins):
        each.resize(least)
    assert begins.text().startswith("Co")
    assert long.grab().toImage() == begins.grab().toImage()
