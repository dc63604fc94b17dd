"""The palette of colours: by mouse and by keys, with none and any other colour."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QColorDialog, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.look.swatches import INKS
from cowrite.gui.look.theme import apply, named, worn
from cowrite.gui.window.colour_popup import ColourPopup


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def told() -> list[str | None]:
    """The colours that were chosen."""
    return []


@pytest.fixture
def popup(window: QWidget, told: list[str | None]) -> ColourPopup:
    popup = ColourPopup("Text colour", INKS, INKS[2].light, told.append, window, behind=False)
    popup.show()
    return popup


def test_the_palette_marks_the_present_colour_and_names_all_its_buttons(popup: ColourPopup) -> None:
    assert [each.accessibleName() for each in popup.findChildren(QToolButton) if each.isChecked()] == [INKS[2].name]
    assert all(each.accessibleName() and each.toolTip() for each in popup.findChildren(QAbstractButton))


def test_the_palette_is_walked_with_the_arrow_keys(popup: ColourPopup, window: QWidget, qtbot: QtBot) -> None:
    swatches = popup.findChildren(QToolButton)
    swatches[0].setFocus()
    qtbot.keyClick(popup, Qt.Key.Key_Right)
    assert swatches[1].hasFocus()
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    assert swatches[6].hasFocus()
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChildren(ColourPopup) == [])


def test_a_colour_of_ones_own_is_told_though_the_palette_has_gone(
    popup: ColourPopup, window: QWidget, told: list[str | None], qtbot: QtBot
) -> None:
    next(each for each in popup.findChildren(QPushButton) if each.text() == "Custom…").click()
    qtbot.waitUntil(lambda: window.findChildren(ColourPopup) == [])
    (dialog,) = window.findChildren(QColorDialog)
    dialog.setCurrentColor(QColor("#123456"))
    dialog.accept()
    assert told == ["#123456"]


def test_an_open_palette_takes_the_colours_of_another_theme(popup: ColourPopup, qapp: QApplication) -> None:
    button, before = popup.findChildren(QToolButton)[1], worn()
    ground = button.grab().toImage().pixelColor(9, 9).name()
    apply(qapp, named("dark"))
    try:
        assert ground == named("light").page
        assert button.grab().toImage().pixelColor(9, 9).name() == named("dark").page
    finally:
        apply(qapp, before)
