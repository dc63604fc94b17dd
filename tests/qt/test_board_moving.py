"""Notes are selected, moved, resized and put in order with mouse and keys; each act is one step of undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPinchGesture

from cowrite.core.board import Place
from cowrite.core.sessions import Phase, Session
from helpers.board_seat import CTRL, MIDDLE, NO_KEYS, SHIFT, BoardSeat, brainstorm, note, replica

Key = Qt.Key


@pytest.fixture
def sit(qapp: QApplication) -> Iterator[Callable[..., BoardSeat]]:
    seats: list[BoardSeat] = []

    def sit(*args, **kwargs) -> BoardSeat:
        seats.append(BoardSeat(*args, **kwargs))
        return seats[-1]

    yield sit
    for seat in seats:
        seat.close()


@pytest.fixture
def three(sit) -> BoardSeat:
    """A board with three notes in a row."""
    seat = sit()
    seat.add(note("one", 0, 0), note("two", 200, 0), note("three", 400, 30))
    return seat


def places(seat: BoardSeat, *texts: str) -> list[tuple[float, float]]:
    return [(seat.note(text).place.x, seat.note(text).place.y) for text in texts]


def wheel(seat: BoardSeat, at: QPoint, notches: int, modifiers: Qt.KeyboardModifier) -> None:
    where = QPointF(seat.canvas.viewport().mapToGlobal(at))
    event = QWheelEvent(
        QPointF(at), where, QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(seat.canvas.viewport(), event)


# Selecting


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


# Moving


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


def test_a_locked_note_stays_until_it_is_unlocked(three):
    three.select("one", "two")
    three.press(Key.Key_K)
    assert three.note("one").is_locked
    three.drag(three.middle("two"), three.at(290, 400))
    three.press(Key.Key_Delete)
    assert places(three, "one", "two") == [(0, 0), (200, 0)]
    assert three.texts() == ["one", "two", "three"]
    three.press(Key.Key_K, SHIFT)
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
    seat = sit(brainstorm())
    bo = replica(seat.brainstorm)
    seat.brainstorm.sessions.begin(Session("", "Why?", phase=Phase.WRITE))
    seat.brainstorm.write([note("secret")])
    seat.drag(seat.middle("secret"), seat.middle("secret") + QPoint(50, 0))
    seat.press(Key.Key_3)
    assert places(seat, "secret") == [(50, 0)]
    assert seat.note("secret").colour == "red"
    assert bo.visibility.notes() == []


# Resizing


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


# Order


@pytest.mark.parametrize(
    ("key", "modifiers", "wanted"),
    [
        (Key.Key_Left, CTRL | SHIFT, [(0, 0), (0, 0), (0, 30)]),
        (Key.Key_Right, CTRL | SHIFT, [(400, 0), (400, 0), (400, 30)]),
        (Key.Key_C, SHIFT, [(200, 0), (200, 0), (200, 30)]),
        (Key.Key_Up, CTRL | SHIFT, [(0, 0), (200, 0), (400, 0)]),
        (Key.Key_Down, CTRL | SHIFT, [(0, 30), (200, 30), (400, 30)]),
        (Key.Key_X, SHIFT, [(0, 15), (200, 15), (400, 15)]),
    ],
)
def test_notes_are_aligned_in_one_act(three, key, modifiers, wanted):
    three.press(Key.Key_A, CTRL)
    three.press(key, modifiers)
    assert places(three, "one", "two", "three") == wanted
    three.view.undo()
    assert places(three, "one", "two", "three") == [(0, 0), (200, 0), (400, 30)]


def test_notes_are_distributed(sit):
    seat = sit()
    seat.add(note("a", 0, 0), note("b", 10, 300), note("c", 600, 20))
    seat.press(Key.Key_A, CTRL)
    seat.press(Key.Key_H, SHIFT)
    assert places(seat, "a", "b", "c") == [(0, 0), (300, 300), (600, 20)]
    seat.press(Key.Key_V, SHIFT)
    assert places(seat, "a", "c", "b") == [(0, 0), (600, 150), (300, 300)]


def test_t_tidies_groups_as_blocks_and_nothing_covers_anything(sit):
    seat = sit()
    seat.add(*(note(f"n{number}", 13 * number, 7 * number) for number in range(12)))
    seat.brainstorm.board.put_into(seat.brainstorm.board.group(seat.ids("n0", "n5")), seat.ids("n9"))
    seat.press(Key.Key_T)
    laid = {each.text: each.place for each in seat.brainstorm.visibility.notes()}
    for text, one in laid.items():
        for other_text, other in laid.items():
            apart = abs(one.x - other.x) >= one.width or abs(one.y - other.y) >= one.height
            assert text == other_text or apart, (text, other_text)
    assert max(laid[text].y for text in ("n0", "n5", "n9")) < min(
        place.y for text, place in laid.items() if text not in ("n0", "n5", "n9")
    )
    seat.view.undo()
    assert places(seat, "n11") == [(143, 77)]


# Colour, copies, removing


@pytest.mark.parametrize(
    ("key", "colour"),
    [
        (Key.Key_1, "yellow"), (Key.Key_2, "orange"), (Key.Key_3, "red"), (Key.Key_4, "pink"), (Key.Key_5, "purple"),
        (Key.Key_6, "blue"), (Key.Key_7, "green"), (Key.Key_8, "grey"),
    ],
)  # fmt: skip
def test_digits_colour_what_is_selected_and_what_is_written_next(three, key, colour):
    three.select("one", "two")
    three.press(key)
    assert [three.note(text).colour for text in ("one", "two", "three")] == [colour, colour, "yellow"]
    three.click(three.at(-200, -200))
    three.press(Key.Key_N)
    three.type("next")
    three.press(Key.Key_Escape)
    assert three.note("next").colour == colour


def test_ctrl_d_puts_copies_beside(three):
    three.select("one")
    three.press(Key.Key_D, CTRL)
    copies = [each for each in three.brainstorm.visibility.notes() if each.text == "one"]
    assert len(copies) == 2
    assert copies[1].place.x >= 600
    assert three.selected() == ["one"]


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_what_is_selected_is_removed_in_one_act(three, key):
    three.select("one", "three")
    three.press(key)
    assert three.texts() == ["two"]
    three.view.undo()
    assert sorted(three.texts()) == ["one", "three", "two"]


# Panning and zooming


@pytest.mark.parametrize("how", ["middle button", "space"])
def test_the_board_is_panned_by_dragging(three, how):
    before = three.at(0, 0)
    if how == "space":
        QTest.keyPress(three.canvas, Key.Key_Space)
        three.drag(QPoint(300, 300), QPoint(250, 320))
        QTest.keyRelease(three.canvas, Key.Key_Space)
    else:
        three.drag(QPoint(300, 300), QPoint(250, 320), button=MIDDLE)
    assert three.at(0, 0) == before + QPoint(-50, 20)
    assert places(three, "one") == [(0, 0)]


def test_the_wheel_pans_and_with_ctrl_zooms_where_the_mouse_is(three):
    before = three.at(0, 0)
    wheel(three, QPoint(200, 100), 1, NO_KEYS)
    assert three.at(0, 0) == before + QPoint(0, 60)
    held = three.canvas.mapToScene(QPoint(200, 100))
    wheel(three, QPoint(200, 100), 1, CTRL)
    assert three.canvas.zoom == pytest.approx(1.2)
    now = three.canvas.mapToScene(QPoint(200, 100))
    assert (now - held).manhattanLength() < 2


def test_pinching_zooms_and_pans(three):
    held = three.canvas.mapToScene(QPoint(300, 200))
    pinch = QPinchGesture()
    at = QPointF(three.canvas.viewport().mapToGlobal(QPoint(300, 200)))
    pinch.setLastCenterPoint(at)
    pinch.setCenterPoint(at + QPointF(40, 30))
    pinch.setScaleFactor(1.5)
    three.canvas.pinch(pinch)
    assert three.canvas.zoom == pytest.approx(1.5)
    assert (three.canvas.mapToScene(QPoint(340, 230)) - held).manhattanLength() < 2


def test_shift_1_shows_all_and_shift_2_the_selection(three):
    three.add(note("far", 5000, 3000))
    three.press(Key.Key_Exclam, SHIFT)
    assert three.canvas.zoom < 0.3
    room = three.canvas.viewport().rect()
    assert all(room.contains(three.middle(text)) for text in three.texts())
    three.select("far")
    three.press(Key.Key_2, SHIFT)
    assert three.canvas.zoom == 1.0
    assert (three.middle("far") - room.center()).manhattanLength() < 4


def test_the_view_menu_zooms_the_board(three):
    three.view.show_zoom(2.0)
    assert three.canvas.zoom == 2.0


def test_arrow_keys_pan_where_nothing_is_selected(three):
    before = three.at(0, 0)
    three.press(Key.Key_Right)
    assert three.at(0, 0) == before - QPoint(80, 0)


# Others meanwhile


def test_undo_takes_back_own_acts_only(three):
    bo = replica(three.brainstorm)
    three.drag(three.middle("one"), three.middle("one") + QPoint(0, 200))
    bo.change({three.ids("two")[0]: {"place": Place(200, 500)}})
    bo.write([note("theirs", 0, 500)])
    three.view.undo()
    assert places(three, "one", "two") == [(0, 0), (200, 500)]
    assert "theirs" in three.texts()


def test_what_teammates_do_is_shown_by_what_has_changed_alone(three, monkeypatch):
    bo = replica(three.brainstorm)
    items = dict(three.scene.notes)
    (one,) = three.ids("one")
    read = []
    note_of = three.brainstorm.visibility.note
    monkeypatch.setattr(three.brainstorm.visibility, "note", lambda id: read.append(id) or note_of(id))
    monkeypatch.setattr(three.brainstorm.visibility, "notes", None)
    bo.change({one: {"place": Place(0, 300), "colour": "green"}})
    assert read == [one]
    assert three.scene.notes == items
    assert three.scene.notes[one].place == Place(0, 300)


def test_two_people_who_drag_the_same_note_agree(three):
    bo = replica(three.brainstorm)
    other = BoardSeat(bo)
    try:
        three.drag(three.middle("one"), three.middle("one") + QPoint(0, 200), drops=False)
        other.drag(other.middle("one"), other.middle("one") + QPoint(300, 300))
        three.release(three.at(90, 260))
        assert three.note("one").place == other.note("one").place
        (id,) = three.ids("one")
        assert three.scene.notes[id].place == other.scene.notes[id].place == three.note("one").place
    finally:
        other.close()


def test_what_a_teammate_removes_while_it_is_dragged_stays_removed(three):
    bo = replica(three.brainstorm)
    three.drag(three.middle("one"), three.at(90, 400), drops=False)
    bo.remove(three.ids("one"))
    three.release(three.at(90, 400))
    assert three.texts() == ["two", "three"]
