"""The squares from which the size of a table is picked: by mouse and by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.window.table_popup import COLUMNS, ROWS, TablePopup


@pytest.fixture
def chosen() -> list[tuple[int, int]]:
    """What was chosen."""
    return []


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def popup(window: QWidget, chosen: list[tuple[int, int]]) -> TablePopup:
    popup = TablePopup(lambda *size: chosen.append(size), window)
    popup.show()
    return popup


def test_the_size_that_is_picked_is_said_and_enter_chooses_it(popup, chosen, qtbot):
    assert popup.size_.text() == "3 rows, 3 columns"
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right):
        QTest.keyClick(popup.squares, key)
    assert popup.size_.text() == popup.squares.accessibleName() == "1 row, 4 columns"
    with qtbot.waitSignal(popup.destroyed):
        QTest.keyClick(popup.squares, Qt.Key.Key_Return)
    assert chosen == [(1, 4)]


def test_no_more_is_picked_than_there_are_squares(popup):
    for _ in range(12):
        QTest.keyClick(popup.squares, Qt.Key.Key_Down)
        QTest.keyClick(popup.squares, Qt.Key.Key_Right)
    assert (popup.squares.rows, popup.squares.columns) == (ROWS, COLUMNS)
    for _ in range(12):
        QTest.keyClick(popup.squares, Qt.Key.Key_Left)
    assert popup.size_.text() == f"{ROWS} rows, 1 column"


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_click_chooses_up_to_the_square_below_it(popup, chosen, direction):
    popup.squares.setLayoutDirection(direction)
    QTest.mouseMove(popup.squares, popup.squares.square(4, 1).center())
    assert popup.size_.text() == "5 rows, 2 columns"
    QTest.mouseClick(popup.squares, Qt.MouseButton.LeftButton, pos=popup.squares.square(1, 5).center())
    assert chosen == [(2, 6)]


def test_escape_and_a_button_let_go_elsewhere_choose_nothing(popup, chosen, qtbot):
    QTest.mousePress(popup.squares, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.mouseRelease(popup.squares, Qt.MouseButton.LeftButton, pos=QPoint(-50, 5))
    with qtbot.waitSignal(popup.destroyed):
        QTest.keyClick(popup.squares, Qt.Key.Key_Escape)
    assert not chosen
