"""Selecting, moving and resizing what is on the board."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cowrite.core.board.items import Place
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.board.board_scene import BoardScene
from helpers.board_seat import CTRL, SHIFT, new_brainstorm, note, places, replica
from helpers.counting import counted

Key = Qt.Key


def test_a_click_selects_one_and_shift_another(three):
    three.click(three.middle("one"))
    assert three.selected() == ["one"]
    three.click(three.middle("two"), SHIFT)
    assert three.selected() == ["one", "two"]
    three.click(three.middle("one"), SHIFT)
    assert three.selected() == ["two"]
    three.click(three.at(-100, -100))
    assert three.selected() == []


def test_the_band_selects_what_it_touches_and_escape_ends_it(three):
    three.drag(three.at(-50, -50), three.at(210, 50))
    assert three.selected() == ["one", "two"]
    three.drag(three.at(420, 200), three.at(470, 100), drops=False)
    assert three.selected() == ["three"]
    three.press(Key.Key_Escape)
    assert three.selected() == []


def test_ctrl_a_selects_all(three):
    three.press(Key.Key_A, CTRL)
    assert three.selected() == ["one", "three", "two"]


def test_tab_goes_from_note_to_note_and_is_read_out(three):
    three.press(Key.Key_Tab)
    assert three.selected() == ["one"]
    assert three.canvas.accessibleDescription() == "one"
    three.press(Key.Key_Tab, times=2)
    assert three.selected() == ["three"]
    three.press(Key.Key_Backtab, SHIFT)
    assert three.selected() == ["two"]


def test_a_note_is_read_out_once_when_it_is_gone_to_and_when_its_field_is_left(three, heard):
    three.press(Key.Key_Tab)
    three.press(Key.Key_Return)
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Escape)
    assert heard == ["one"]
    assert three.canvas.accessibleDescription() == "one"


def test_ctrl_and_arrows_select_more_by_the_keyboard(three):
    three.press(Key.Key_Tab)
    three.press(Key.Key_Down, CTRL)
    assert three.selected() == ["one", "two"]
    three.press(Key.Key_Right, CTRL)
    assert three.selected() == ["one", "three", "two"]
    assert three.canvas.accessibleDescription() == "3 selected"
    assert places(three, "one") == [(0, 0)]


def test_tab_leaves_the_board_behind_the_last_note(three):
    assert three.view.commands.step(-1)
    assert three.selected() == ["three"]
    assert not three.view.commands.step(1)


def test_a_dragged_note_comes_to_lie_on_the_grid_and_one_undo_takes_it_back(three):
    three.drag(three.middle("one"), three.middle("one") + QPoint(33, 148))
    assert places(three, "one") == [(30, 150)]
    three.view.undo()
    assert places(three, "one") == [(0, 0)]
    three.view.redo()
    assert places(three, "one") == [(30, 150)]


def test_with_shift_a_note_is_dragged_by_single_units(three):
    three.drag(three.middle("one"), three.middle("one") + QPoint(33, 147), SHIFT)
    assert places(three, "one") == [(33, 147)]


def test_all_that_is_selected_is_dragged_in_one_act(three):
    three.select("one", "two")
    three.drag(three.middle("two"), three.middle("two") + QPoint(0, 200))
    assert places(three, "one", "two", "three") == [(0, 200), (200, 200), (400, 30)]
    three.view.undo()
    assert places(three, "one", "two") == [(0, 0), (200, 0)]


def test_escape_puts_what_is_dragged_back(three):
    three.drag(three.middle("one"), three.at(90, 400), drops=False)
    assert three.scene.notes[three.ids("one")[0]].place.y > 300
    three.press(Key.Key_Escape)
    assert three.scene.notes[three.ids("one")[0]].place == Place(0, 0)
    assert places(three, "one") == [(0, 0)]
    assert not three.canvas.is_busy


def test_what_is_let_go_over_a_menu_does_not_stay_at_the_mouse(three):
    three.drag(three.middle("one"), three.at(90, 260), drops=False)
    three.move_mouse(three.at(400, 500), button=Qt.MouseButton.NoButton)
    (id,) = three.ids("one")
    assert three.note("one").place == three.scene.notes[id].place == Place(0, 200)


@pytest.mark.parametrize(
    ("key", "x", "y"),
    [(Key.Key_Left, -10, 0), (Key.Key_Right, 10, 0), (Key.Key_Up, 0, -10), (Key.Key_Down, 0, 10)],
)
def test_arrow_keys_move_by_the_grid_and_with_shift_by_one(three, key, x, y):
    three.select("one")
    three.press(key, times=2)
    assert places(three, "one") == [(2 * x, 2 * y)]
    three.press(key, SHIFT)
    assert places(three, "one") == [(2.1 * x, 2.1 * y)]


def test_a_key_that_is_held_is_one_act(three):
    three.select("one")
    QTest.keyPress(three.canvas, Key.Key_Right)
    QTest.keyPress(three.canvas, Key.Key_Right)
    QTest.keyPress(three.canvas, Key.Key_Right)
    QTest.keyRelease(three.canvas, Key.Key_Right)
    assert places(three, "one") == [(30, 0)]
    three.view.undo()
    assert places(three, "one") == [(0, 0)]


def test_a_key_that_is_held_moves_on_though_a_teammate_writes_in_the_note_and_not_for_a_reader(three):
    bo = replica(three.brainstorm)
    (one,) = three.ids("one")
    three.select("one")
    QTest.keyPress(three.canvas, Key.Key_Down)
    bo.change({one: {"text": "one, and more"}})
    QTest.keyPress(three.canvas, Key.Key_Down)
    QTest.keyRelease(three.canvas, Key.Key_Down)
    assert three.note("one, and more").place == Place(0, 20)

    QTest.keyPress(three.canvas, Key.Key_Down)
    three.view.show_read_only("You may read this document but not change it")
    QTest.keyRelease(three.canvas, Key.Key_Down)
    assert three.note("one, and more").place == three.scene.notes[one].place == Place(0, 20)


def test_a_locked_note_stays_until_it_is_unlocked_and_both_are_read_out(three, heard):
    three.select("one", "two")
    three.press(Key.Key_K)
    assert three.note("one").is_locked
    assert heard[-1] == "Locked"
    three.drag(three.middle("two"), three.at(290, 400))
    three.press(Key.Key_Delete)
    assert places(three, "one", "two") == [(0, 0), (200, 0)]
    assert three.texts() == ["one", "two", "three"]
    three.press(Key.Key_K, SHIFT)
    assert heard[-1] == "Unlocked"
    three.press(Key.Key_Right)
    assert places(three, "one") == [(10, 0)]


def test_a_reader_moves_nothing(three):
    three.view.show_read_only("You may read this document but not change it.")
    three.drag(three.middle("one"), three.at(90, 400))
    three.select("one")
    three.press(Key.Key_Right)
    three.press(Key.Key_Delete)
    assert places(three, "one") == [(0, 0)]


def test_ones_own_sealed_notes_are_moved_and_coloured_in_the_box(sit):
    seat = sit(new_brainstorm())
    bo = replica(seat.brainstorm)
    seat.brainstorm.sessions.begin(Session("", "Why?", phase=Phase.WRITE))
    seat.brainstorm.write([note("secret")])
    seat.drag(seat.middle("secret"), seat.middle("secret") + QPoint(50, 0))
    seat.press(Key.Key_3)
    assert places(seat, "secret") == [(50, 0)]
    assert seat.note("secret").colour == "red"
    assert bo.visibility.notes() == []


def test_a_corner_resizes_in_one_act(three):
    three.click(three.middle("one"))
    three.drag(three.at(180, 120), three.at(243, 196))
    assert three.note("one").place == Place(0, 0, 240, 200)
    three.drag(three.at(0, 0), three.at(-20, -30))
    assert three.note("one").place == Place(-20, -30, 260, 230)
    three.view.undo()
    assert three.note("one").place == Place(0, 0, 240, 200)


def test_nothing_becomes_smaller_than_can_be_read(three):
    three.click(three.middle("one"))
    three.drag(three.at(0, 0), three.at(500, 500))
    assert three.note("one").place == Place(120, 80, 60, 40)


def test_the_notes_of_a_group_are_asked_for_once_however_many_of_them_are_dragged(sit, monkeypatch):
    seat = sit()
    ids = seat.add(*(note(str(number), number % 5 * 200.0, number // 5 * 140.0) for number in range(20)))
    seat.brainstorm.board.group(ids, "All")
    seat.scene.select(ids[:-1])
    asked = counted(monkeypatch, BoardScene, "members")
    seat.press_mouse(seat.middle("0"))
    seat.move_mouse(seat.middle("0") + QPoint(300, 0))
    assert len(asked) < 4
    seat.release(seat.middle("0") + QPoint(300, 0))
