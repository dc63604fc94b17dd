"""Fields for a number, or for none."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from cowrite.gui.widgets.number import Number
from helpers.keys import press_text


@pytest.fixture
def field(qtbot) -> Number:
    field = Number("Words", "A number of words", 0, 1_000_000, "No goal")
    field.setSuffix(" words")
    field.setGroupSeparatorShown(True)
    qtbot.addWidget(field)
    return field


def test_a_number_that_is_typed_among_the_words_for_none_takes_their_place(field: Number) -> None:
    field.lineEdit().setCursorPosition(3)
    QTest.keyClicks(field.lineEdit(), "500")
    assert field.value() == 500
    assert field.text() == "500 words"


@pytest.mark.parametrize("typed", ["１５", "١٥", "१५"])
def test_digits_of_any_script_and_width_are_digits(field: Number, typed: str) -> None:
    field.selectAll()
    for digit in typed:
        press_text(field.lineEdit(), digit)
    assert (field.value(), field.text()) == (15, "15 words")


def test_a_number_that_is_typed_takes_the_place_of_the_one_there_however_the_keyboard_came(qtbot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    QPushButton("First", box)
    field = Number("Dots", "How many dots", 0, 2)
    field.setParent(box)
    box.show()
    assert QTest.qWaitForWindowActive(box)
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    QTest.keyClick(field, Qt.Key.Key_2)
    assert field.value() == 2


def test_an_empty_field_is_none(field: Number) -> None:
    field.setValue(2000)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    field.interpretText()
    assert (field.value(), field.text()) == (0, "No goal")


def test_an_empty_field_stays_as_it_was_where_there_is_always_a_number(qtbot) -> None:
    field = Number("Dots", "How many dots", 1, 9)
    qtbot.addWidget(field)
    field.setValue(4)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    field.interpretText()
    assert (field.value(), field.text()) == (4, "4")
