"""Aligning, tidying, colouring, copying and removing what is on the board."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtCore import Qt

from cowrite.core.board.items import Hand, Place
from helpers.board_seat import CTRL, SHIFT, note, places

Key = Qt.Key


def test_notes_are_aligned_in_one_act(three):
    wanted = {
        (Key.Key_Left, CTRL | SHIFT): [(0, 0), (0, 0), (0, 30)],
        (Key.Key_Right, CTRL | SHIFT): [(400, 0), (400, 0), (400, 30)],
        (Key.Key_C, SHIFT): [(200, 0), (200, 0), (200, 30)],
        (Key.Key_Up, CTRL | SHIFT): [(0, 0), (200, 0), (400, 0)],
        (Key.Key_Down, CTRL | SHIFT): [(0, 30), (200, 30), (400, 30)],
        (Key.Key_X, SHIFT): [(0, 15), (200, 15), (400, 15)],
    }
    found = {}
    for key, modifiers in wanted:
        three.press(Key.Key_A, CTRL)
        three.press(key, modifiers)
        found[key, modifiers] = places(three, "one", "two", "three")
        three.view.undo()
        assert places(three, "one", "two", "three") == [(0, 0), (200, 0), (400, 30)], (key, modifiers)
    assert found == wanted


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


def test_digits_colour_what_is_selected_and_what_is_written_next(three):
    wanted = {
        Key.Key_8: "grey", Key.Key_7: "green", Key.Key_6: "blue", Key.Key_5: "purple",
        Key.Key_4: "pink", Key.Key_3: "red", Key.Key_2: "orange", Key.Key_1: "yellow",
    }  # fmt: skip
    found = {}
    for key in wanted:
        three.select("one", "two")
        three.press(key)
        assert three.note("three").colour == "yellow", key
        three.click(three.at(-200, -200))
        three.press(Key.Key_N)
        three.type("next")
        three.press(Key.Key_Escape)
        found[key] = [three.note(text).colour for text in ("one", "two", "next")]
        three.brainstorm.remove(three.ids("next"))
    assert found == {key: [colour] * 3 for key, colour in wanted.items()}


def test_ctrl_d_puts_copies_beside(three):
    three.select("one")
    three.press(Key.Key_D, CTRL)
    copies = [each for each in three.brainstorm.visibility.notes() if each.text == "one"]
    assert len(copies) == 2
    assert copies[1].place.x >= 600
    assert three.selected() == ["one"]


def test_what_is_selected_is_removed_in_one_act(three):
    for key in (Key.Key_Delete, Key.Key_Backspace):
        three.select("one", "three")
        three.press(key)
        assert three.texts() == ["two"], key
        three.view.undo()
        assert sorted(three.texts()) == ["one", "three", "two"], key


def test_tidying_puts_nothing_into_a_frame_and_on_nothing_that_is_locked(sit):
    seat = sit()
    seat.add(*(note(f"n{number}", 0, 140 * number) for number in range(6)), note("fixed", 400, 0, is_locked=True))
    frame = seat.brainstorm.board.add_frame("Kept", Place(200, 0, 300, 300))
    seat.press(Key.Key_T)
    laid = {each.text: each.place for each in seat.brainstorm.visibility.notes()}
    (kept,) = seat.brainstorm.board.frames()
    assert kept.id == frame
    assert [text for text, place in laid.items() if kept.place.overlaps(place)] == ["fixed"]
    assert len({(place.x, place.y) for place in laid.values()}) == 7
    seat.view.undo()
    assert places(seat, "n5") == [(0, 700)]


def test_tidying_what_is_selected_covers_nothing_else(sit):
    seat = sit()
    seat.add(note("a", 0, 0), note("b", 0, 400), note("other", 200, 0))
    seat.select("a", "b")
    seat.press(Key.Key_T)
    laid = [seat.note(text).place for text in ("a", "b", "other")]
    assert not any(one.overlaps(other) for one, other in combinations(laid, 2))


def test_a_copy_of_a_note_of_the_model_names_its_lens(sit):
    seat = sit()
    seat.add(note("idea", hand=Hand.MODEL, assist="assist:1", lens="Reverse it"))
    seat.select("idea")
    seat.press(Key.Key_D, CTRL)
    seat.select("idea")
    seat.press(Key.Key_C, CTRL)
    seat.press(Key.Key_V, CTRL)
    assert [(each.hand, each.lens) for each in seat.brainstorm.visibility.notes()] == [(Hand.MODEL, "Reverse it")] * 3


def test_a_locked_note_is_merged_into_no_other_and_is_not_said_to_be_deleted(sit, monkeypatch):
    seat = sit()
    seat.add(note("one"), note("two", 200), note("fixed", 400, is_locked=True))
    seat.press(Key.Key_A, CTRL)
    seat.press(Key.Key_M)
    assert sorted(seat.texts()) == ["fixed", "one"]
    said = []
    monkeypatch.setattr(seat.canvas, "announce", said.append)
    seat.select("fixed")
    seat.press(Key.Key_Delete)
    assert said[-1] == "Locked"
    assert "fixed" in seat.texts()
