"""Keys that mean more than Qt knows: Enter, Backspace, Delete, Tab, and those that go by paragraphs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from helpers.drafts import lines
from helpers.seats import CTRL, SHIFT

Key = Qt.Key
BULLET = {"list": "bullet"}


def test_each_enter_on_an_empty_draft_makes_a_line(sit):
    seat = sit()
    seat.type("\n\n\nx")
    assert lines(seat.document) == ["", "", "", "x"]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_enter_replaces_what_is_selected(sit, key):
    seat = sit("one two three")
    seat.editor.set_caret(7, 4)
    seat.press(key)
    assert lines(seat.document) == ["one ", " three"]


def test_shift_enter_breaks_a_line_without_ending_it(sit):
    seat = sit(("item", BULLET))
    seat.press(Key.Key_Return, SHIFT)
    seat.type("more")
    assert lines(seat.document) == [("item\u2028more", BULLET)]


def test_backspace_and_delete_take_a_whole_character(sit):
    seat = sit("a😀b👍")
    seat.press(Key.Key_Backspace)
    assert lines(seat.document) == ["a😀b"]
    seat.editor.set_caret(1)
    seat.press(Key.Key_Delete)
    assert lines(seat.document) == ["ab"]


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧‍👦", "👍🏽", "1️⃣", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "🇩🇪"])
def test_backspace_takes_an_emoji_with_all_its_parts(sit, emoji):
    seat = sit(f"a{emoji}")
    seat.press(Key.Key_Backspace)
    assert lines(seat.document) == ["a"]


def test_backspace_takes_accents_off_one_by_one(sit):
    seat = sit("a\u0308\u0323")
    seat.press(Key.Key_Backspace)
    assert lines(seat.document) == ["a\u0308"]


def test_ctrl_backspace_takes_a_word(sit):
    seat = sit("one two")
    seat.press(Key.Key_Backspace, CTRL)
    assert lines(seat.document) == ["one "]


def test_backspace_at_the_start_of_a_plain_line_joins_it_to_the_line_above(sit):
    seat = sit(("one", {"header": 1}), "two")
    seat.editor.set_caret(4)
    seat.press(Key.Key_Backspace)
    assert seat.document.text() == "onetwo\n"


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, SHIFT])
def test_backspace_at_the_start_of_an_item_makes_it_body_text(sit, modifiers):
    seat = sit("a", ("item", BULLET))
    seat.press(Key.Key_Home)
    seat.press(Key.Key_Backspace, modifiers)
    assert lines(seat.document) == ["a", "item"]


@pytest.mark.parametrize("below", [BULLET, {"list": "checked"}, {"blockquote": True}, {"code-block": True}])
def test_backspace_deletes_selected_lines_whatever_stands_below_them(sit, below):
    seat = sit(("one", BULLET), "two", ("three", below))
    seat.editor.set_caret(8, 0)
    seat.press(Key.Key_Backspace)
    assert lines(seat.document) == [("three", below)]
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == [("one", BULLET), "two", ("three", below)]


@pytest.mark.parametrize("style", [{}, BULLET, {"code-block": True}])
@pytest.mark.parametrize(
    ("act", "count"),
    [
        (lambda seat: seat.type("X"), 1),
        (lambda seat: seat.paste(text="X"), 1),
        (lambda seat: seat.press(Key.Key_Return), 2),
    ],
    ids=["a letter", "pasting", "Enter"],
)
def test_what_replaces_text_of_two_lines_leaves_the_style_of_the_first(sit, style, act, count):
    seat = sit(("one", style), ("two", {"header": 2}), "three")
    seat.editor.set_caret(6, 1)
    act(seat)
    *made, _three = seat.document.line_breaks(0, seat.document.length - 1)
    assert [seat.document.rope.attributes_at(at) for at in made] == [style] * count


def test_typing_over_a_selection_across_lines_leaves_one_line(sit):
    seat = sit(("one", BULLET), ("two", {"header": 2}), "three")
    seat.editor.set_caret(10, 1)
    seat.type("X")
    assert len(lines(seat.document)) == 1
    assert seat.document.text() == "oXree\n"


def test_tab_and_shift_tab_nest_items(sit):
    seat = sit(("item", BULLET))
    seat.press(Key.Key_Tab, times=2)
    assert lines(seat.document) == [("item", {**BULLET, "indent": 2})]
    seat.press(Key.Key_Backtab, SHIFT)
    assert lines(seat.document) == [("item", {**BULLET, "indent": 1})]


def test_tab_nests_all_selected_items_and_keeps_the_selection(sit):
    seat = sit(("a", BULLET), ("b", BULLET))
    seat.editor.set_caret(3, 0)
    seat.press(Key.Key_Tab)
    assert lines(seat.document) == [("a", {**BULLET, "indent": 1}), ("b", {**BULLET, "indent": 1})]
    assert seat.editor.caret() == (0, 3)


def test_tab_in_body_text_is_a_tab(sit):
    seat = sit("a")
    seat.press(Key.Key_Tab)
    assert lines(seat.document) == ["a\t"]


def test_enter_in_an_item_begins_the_next_and_on_an_empty_one_ends_the_list(sit):
    seat = sit()
    seat.type("- one\ntwo\n\nafter")
    assert lines(seat.document) == [("one", BULLET), ("two", BULLET), "after"]
