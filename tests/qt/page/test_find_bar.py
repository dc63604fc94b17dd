"""The find bar: says what is looked for, shows what was found, works without a mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.page.find_bar import FindBar, FindQuery
from helpers.called import the


@pytest.fixture
def bar(qtbot: QtBot) -> FindBar:
    bar = FindBar()
    qtbot.addWidget(bar)
    bar.resize(700, 90)
    return bar


def field(bar: FindBar, name: str) -> QLineEdit:
    return the(bar, QLineEdit, name)


def button(bar: FindBar, name: str) -> QAbstractButton:
    (found,) = [each for each in bar.findChildren(QAbstractButton) if each.accessibleName().startswith(name)]
    return found


def count(bar: FindBar) -> str:
    (label,) = [each for each in bar.findChildren(QLabel) if each.accessibleDescription()]
    return label.text()


def test_it_opens_with_the_selected_words_and_the_keyboard_in_the_field(bar: FindBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.query_changed) as changed:
        bar.open_bar(replace=False, text="budget")
    assert changed.args == [FindQuery("budget")]
    assert bar.focusWidget() is field(bar, "Find")
    assert field(bar, "Find").selectedText() == "budget"
    assert field(bar, "Replace with").isHidden()


def test_opening_again_keeps_what_was_looked_for(bar: FindBar) -> None:
    bar.open_bar(replace=False, text="budget")
    bar.close_bar()
    bar.open_bar(replace=True)
    assert bar.query() == FindQuery("budget")
    assert not field(bar, "Replace with").isHidden()


def test_tab_leads_from_what_is_found_to_what_takes_its_place(bar: FindBar, qtbot: QtBot) -> None:
    bar.show()
    bar.open_bar(replace=True, text="budget")
    qtbot.keyClick(field(bar, "Find"), Qt.Key.Key_Tab)
    assert bar.focusWidget() is field(bar, "Replace with")


def test_every_letter_and_every_option_is_a_new_query(bar: FindBar) -> None:
    queries: list[FindQuery] = []
    bar.query_changed.connect(queries.append)
    field(bar, "Find").setText("a")
    button(bar, "Match case").click()
    button(bar, "Whole words").click()
    button(bar, "Regular expression").click()
    assert queries == [FindQuery("a", *[True] * number) for number in range(4)]


def test_the_count_says_where_one_is(bar: FindBar) -> None:
    field(bar, "Find").setText("budget")
    bar.show_count(3, 12, 12)
    assert count(bar) == "3 of 12"
    bar.show_count(0, 12, 12)
    assert count(bar) == "12 found"
    bar.show_count(0, 0, 0)
    assert count(bar) == "No results"
    field(bar, "Find").clear()
    assert count(bar) == ""


def test_a_problem_is_said_in_the_place_of_the_count_until_there_is_none(bar: FindBar) -> None:
    bar.open_bar(replace=True, text="(")
    bar.show_count(0, 0, 0)
    bar.show_problem("A ( is not closed.")
    assert (count(bar), bar.told) == ("A ( is not closed.", "A ( is not closed.")
    assert not button(bar, "Replace all").isEnabled()
    bar.show_count(1, 2, 2)
    assert count(bar) == "1 of 2"


def test_a_problem_too_long_for_its_place_stands_whole_on_lines_below(bar: FindBar, qtbot: QtBot) -> None:
    why = "A ( is not closed; \\( is the sign itself."
    bar.show()
    bar.resize(460, 90)
    bar.open_bar(replace=True, text="(")
    bar.show_count(0, 0, 0)
    bar.show_problem(why)
    (below,) = [each for each in bar.findChildren(QLabel) if each.text() == why]
    assert (count(bar), bar.told, below.isVisible()) == ("", why, True)
    qtbot.waitUntil(lambda: below.height() >= below.heightForWidth(below.width()))
    bar.resize(1400, 90)
    assert (count(bar), below.isVisible()) == (why, False)
    bar.show_count(1, 2, 2)
    assert (count(bar), bar.told) == ("1 of 2", "1 of 2")


def test_without_a_result_there_is_nowhere_to_go(bar: FindBar) -> None:
    field(bar, "Find").setText("unicorn")
    bar.show_count(0, 0, 0)
    assert not any(button(bar, name).isEnabled() for name in ("Previous", "Next", "Replace all"))
    bar.show_count(1, 1, 1)
    assert all(button(bar, name).isEnabled() for name in ("Previous", "Next", "Replace all"))


def test_a_button_that_has_replaced_the_last_place_leaves_the_keyboard_in_the_bar(qtbot: QtBot) -> None:
    window, bar = QWidget(), FindBar()
    qtbot.addWidget(window)
    column, page = QVBoxLayout(window), QPlainTextEdit()
    column.addWidget(bar)
    column.addWidget(page)
    bar.replace_requested.connect(lambda _words: bar.show_count(0, 0, 0, 1))
    window.show()
    bar.open_bar(replace=True, text="a")
    bar.show_count(1, 1, 1)
    the(bar, QPushButton, "Replace").setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.focusWidget() is field(bar, "Replace with")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert page.toPlainText() == ""


def test_enter_goes_on_and_shift_enter_goes_back(bar: FindBar, qtbot: QtBot) -> None:
    bar.open_bar(replace=False, text="a")
    with qtbot.waitSignal(bar.next_requested):
        qtbot.keyClick(field(bar, "Find"), Qt.Key.Key_Return)
    with qtbot.waitSignal(bar.previous_requested):
        qtbot.keyClick(field(bar, "Find"), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)


def test_enter_in_the_second_field_replaces_this_place(bar: FindBar, qtbot: QtBot) -> None:
    bar.open_bar(replace=True, text="a")
    bar.show_count(1, 2, 2)
    field(bar, "Replace with").setText("b")
    bar.activateWindow()
    field(bar, "Replace with").setFocus()
    qtbot.waitUntil(field(bar, "Replace with").hasFocus)
    with qtbot.waitSignal(bar.replace_requested) as replaced:
        qtbot.keyClick(field(bar, "Replace with"), Qt.Key.Key_Return)
    assert replaced.args == ["b"]


def test_every_place_is_replaced_on_request(bar: FindBar, qtbot: QtBot) -> None:
    bar.open_bar(replace=True, text="a")
    bar.show_count(1, 2, 2)
    with qtbot.waitSignal(bar.replace_all_requested) as replaced:
        button(bar, "Replace all").click()
    assert replaced.args == [""]


def test_lines_that_are_pasted_into_its_fields_are_one_line(bar: FindBar, qtbot: QtBot) -> None:
    bar.open_bar(replace=True)
    QGuiApplication.clipboard().setText("two\nlines")
    for name in ("Find", "Replace with"):
        field(bar, name).paste()
    bar.show_count(1, 1, 1)
    assert bar.query().text == "two lines"
    with qtbot.waitSignal(bar.replace_all_requested) as replaced:
        button(bar, "Replace all").click()
    assert replaced.args == ["two lines"]


def test_escape_closes_and_takes_the_marks_away(bar: FindBar, qtbot: QtBot) -> None:
    bar.open_bar(replace=False, text="a")
    queries: list[FindQuery] = []
    bar.query_changed.connect(queries.append)
    with qtbot.waitSignal(bar.closed):
        qtbot.keyClick(field(bar, "Find"), Qt.Key.Key_Escape)
    assert queries == [FindQuery("")]
    assert bar.isHidden()
