"""Groups in the list of ideas: made, named, moved and left by keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from helpers.idea_desk import focused, paste_by_menu


def test_notes_are_grouped_with_a_title_that_is_asked_for_where_they_stand(desk):
    desk = desk("Plant herbs here", "Pond", "Water the herbs")
    desk.select("Plant herbs here", "Water the herbs")

    desk.press("Ctrl+G")
    field = focused(desk.view)
    assert isinstance(field, QLineEdit)
    assert (field.selectedText(), field.accessibleName()) == ("Herbs", "Title of the group of 2 notes")
    desk.type("To eat")
    desk.press("Return")

    desk.until_shown("To eat:", "Plant herbs here", "Water the herbs", "In no group:", "Pond")
    assert desk.current == "To eat"
    desk.view.undo()
    desk.until_shown("All ideas:", "Plant herbs here", "Pond", "Water the herbs")


def test_the_field_for_a_title_covers_the_row_at_which_it_stands(desk):
    desk = desk("Herbs", "Water the herbs each day in summer, all of you who come by. " * 5)
    desk.at(desk.rows[-1].text)
    desk.press("Ctrl+G")
    row = desk.view.list.tree.visualRect(desk.view.list.tree.currentIndex())
    assert focused(desk.view).geometry() == row
    assert row.height() > 60


def test_a_title_that_is_not_given_makes_no_group(desk):
    desk = desk("Herbs")
    desk.at("Herbs")
    desk.press("Ctrl+G", "Esc")
    assert desk.brainstorm.board.groups() == []
    assert focused(desk.view) is desk.view.list.tree


def test_a_title_that_was_typed_is_not_lost_by_going_elsewhere(desk):
    desk = desk("Herbs")
    desk.at("Herbs")
    desk.press("Ctrl+G")
    (asked,) = focused(desk.view).findChildren(QLabel)
    assert asked.text() == "Title of the group of 1 note:"
    desk.view.list.input.setFocus()
    assert desk.brainstorm.board.groups() == []  # what was only proposed
    assert focused(desk.view) is desk.view.list.input

    desk.at("Herbs")
    desk.press("Ctrl+G")
    desk.type("Garden")
    desk.view.list.input.setFocus()
    desk.until_shown("Garden:", "Herbs")


def test_a_title_is_pasted_by_the_menu_of_its_field(desk):
    desk = desk("Herbs")
    QGuiApplication.clipboard().setText("Garden")
    desk.at("Herbs")
    desk.press("Ctrl+G")
    field = focused(desk.view)
    paste_by_menu(field)
    QTest.keyClick(field, Qt.Key.Key_Return)
    desk.until_shown("Garden:", "Herbs")


def test_a_group_is_renamed_and_left_by_keys(desk):
    desk = desk("Herbs", "Bench")
    desk.brainstorm.board.group(desk.ids, "Yard")
    desk.until_shown("Yard:", "Herbs", "Bench")
    desk.at("Yard")

    desk.press("F2")
    desk.type("Garden")
    desk.press("Return")
    desk.until_shown("Garden:", "Herbs", "Bench")
    desk.at("Bench")
    desk.press("Ctrl+Shift+G")

    desk.until_shown("Garden:", "Herbs", "In no group:", "Bench")


def test_a_group_is_taken_apart_on_its_own_row_and_one_undo_brings_it_back(desk):
    desk = desk("Herbs", "Bench", "Pond")
    desk.brainstorm.board.group(desk.ids[:2], "Yard")
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")
    desk.at("In no group")
    desk.press("Ctrl+Shift+G")
    assert desk.view.list._message.text() == "What is selected is in no group."
    desk.at("Yard")
    desk.press("Ctrl+Shift+G")
    desk.until_shown("All ideas:", "Herbs", "Bench", "Pond")
    assert desk.brainstorm.board.groups() == []
    desk.view.undo()
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")


def test_a_few_letters_move_notes_to_a_group_and_which_is_read_out(desk, heard):
    desk = desk("Herbs", "Bench", "Pond")
    desk.brainstorm.board.group(desk.ids[:1], "To eat")
    desk.brainstorm.board.group(desk.ids[1:2], "To sit")
    desk.until_shown("To eat:", "Herbs", "To sit:", "Bench", "In no group:", "Pond")
    desk.at("Pond")

    desk.press("Alt+G", "Down")
    assert heard[-1] == "To sit"
    desk.type("eat")
    assert heard[-1] == "To eat"
    desk.press("Backspace", "Backspace", "Backspace")
    desk.type("sit")
    desk.press("Return")

    desk.until_shown("To eat:", "Herbs", "To sit:", "Bench", "Pond")


def test_a_group_is_found_however_its_title_is_written(desk):
    desk = desk("Herbs", "Pond")
    desk.brainstorm.board.group(desk.ids[:1], "Don’t İgnore u\u0308ber")
    desk.until_shown("Don’t İgnore u\u0308ber:", "Herbs", "In no group:", "Pond")
    desk.at("Pond")
    desk.press("Alt+G")
    focused(desk.view).insert("don't ignore über")
    desk.press("Return")
    desk.until_shown("Don’t İgnore u\u0308ber:", "Herbs", "Pond")


def test_a_title_that_is_not_there_makes_a_new_group(desk):
    desk = desk("Herbs", "Pond")
    desk.at("Pond")
    desk.press("Alt+G")
    desk.type("Water")
    desk.press("Return")
    desk.until_shown("Water:", "Pond", "In no group:", "Herbs")


def test_a_group_goes_into_another_one_whole(desk):
    desk = desk("Herbs", "Bench")
    desk.brainstorm.board.group(desk.ids[:1], "Left")
    desk.brainstorm.board.group(desk.ids[1:], "Right")
    desk.until_shown("Left:", "Herbs", "Right:", "Bench")
    desk.at("Right")

    desk.press("Alt+G")
    desk.type("Left")
    desk.press("Return")

    desk.until_shown("Left:", "Herbs", "Bench")
