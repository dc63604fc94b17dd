"""Finding words on the board."""

from __future__ import annotations

from PySide6.QtCore import Qt

from helpers.board_seat import CTRL, SHIFT, note

Key = Qt.Key


def test_ctrl_f_marks_what_is_found_and_steps_from_one_to_the_next(sit):
    seat = sit()
    seat.add(note("Train late"), note("bus", 200), note("TRAIN full", 4000, 3000))
    seat.press(Key.Key_F, CTRL)
    seat.type("train")
    bar = seat.view.find_bar
    first, _, last = seat.ids("Train late", "bus", "TRAIN full")
    assert bar.count.text() == "1 of 2"
    assert seat.selected() == ["Train late"]
    assert {id for id, item in seat.scene.notes.items() if item.is_found} == {first, last}
    seat.press(Key.Key_Return)
    assert bar.count.text() == "2 of 2"
    assert seat.canvas.viewport().rect().contains(seat.middle("TRAIN full"))
    seat.press(Key.Key_Return, SHIFT)
    assert seat.selected() == ["Train late"]
    seat.press(Key.Key_Escape)
    assert not bar.isVisible()
    assert not any(item.is_found for item in seat.scene.notes.values())
    assert seat.canvas.hasFocus()


def test_what_is_found_keeps_up_with_the_board(sit):
    seat = sit()
    seat.add(note("train"))
    seat.view.open_find()
    seat.type("train")
    seat.add(note("another train", 200))
    assert seat.view.find_bar.count.text() == "1 of 2"
    seat.view.find_step(1)
    assert seat.selected() == ["another train"]


def test_a_note_is_found_however_its_words_are_written(sit):
    seat = sit()
    seat.add(note("Don’t close the cafe\u0301"))
    seat.view.open_find()
    seat.type("don't")
    assert seat.view.find_bar.count.text() == "1 of 1"
    seat.view.find_bar.field.setText("CAFÉ")
    assert seat.view.find_bar.count.text() == "1 of 1"


def test_nothing_found_is_said(sit):
    seat = sit()
    seat.add(note("train"))
    seat.view.open_find()
    seat.type("ship")
    assert seat.view.find_bar.count.text() == "No results"


def test_what_is_looked_for_is_cut_and_pasted_by_the_menu_and_no_note(sit):
    seat = sit()
    seat.add(note("train"))
    seat.view.open_find()
    seat.type("train")
    seat.view.select_all()
    seat.view.cut()
    assert seat.view.find_bar.field.text() == ""
    seat.view.paste()
    assert seat.view.find_bar.field.text() == "train"
    assert [item.note.text for item in seat.scene.notes.values()] == ["train"]
