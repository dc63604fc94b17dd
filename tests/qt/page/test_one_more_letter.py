"""A letter that goes on with what is being written asks for nothing before it; whatever has come between is heeded."""

from __future__ import annotations

from PySide6.QtCore import Qt

from helpers.drafts import lines, marked
from helpers.seats import CTRL, SHIFT, Teammate
from helpers.suggesting import marked as suggested

Key = Qt.Key


def test_letters_one_by_one_are_all_in_the_document_and_one_step(sit):
    seat = sit("")
    seat.type("one more letter 2")
    assert lines(seat.document) == ["one more letter 2"]
    seat.editor.undo_own()
    assert lines(seat.document) == [""]


def test_what_is_selected_and_copied_gives_way_and_leaves_its_look_to_what_comes(sit):
    seat = sit("")
    seat.type("go ")
    seat.editor.formatting.toggle_inline("bold")
    seat.type("on")
    seat.press(Key.Key_Left, SHIFT, times=3)
    seat.press(Key.Key_C, CTRL)
    seat.type("at")
    assert marked(seat.document) == ["go", ("at", {"bold": True})]


def test_a_page_that_becomes_read_only_takes_no_more_and_goes_on_later(sit):
    seat = sit("")
    seat.type("on")
    seat.editor.setReadOnly(True)
    seat.type("e")
    assert lines(seat.document) == ["on"]
    seat.editor.setReadOnly(False)
    seat.type("e")
    assert lines(seat.document) == ["one"]


def test_what_is_selected_while_a_page_is_read_only_gives_way_once_it_is_not(sit):
    seat = sit(("one two", {}))
    seat.editor.setReadOnly(True)
    seat.editor.set_caret(4, 7)
    seat.type("x")
    seat.editor.setReadOnly(False)
    seat.type("xy")
    assert lines(seat.document) == ["one xy"]
    seat.editor.undo_own()
    assert lines(seat.document) == ["one two"]


def test_letters_over_what_was_selected_backwards_are_one_step_with_it(sit):
    seat = sit("one two")
    seat.press(Key.Key_Left, SHIFT, times=3)
    seat.type("xy")
    assert lines(seat.document) == ["one xy"]
    seat.editor.undo_own()
    assert lines(seat.document) == ["one two"]


def test_who_comes_to_suggest_in_the_midst_suggests_what_follows(bo):
    seat, changes = bo("")
    seat.document.suggester = None
    seat.type("on")
    seat.document.settle()
    seat.document.suggester = changes
    seat.type("e")
    assert suggested(seat.document) == "on{+e+}"


def test_a_letter_beside_what_is_composed_comes_in_as_before(sit):
    seat = sit("")
    seat.type("on")
    seat.compose("の")
    seat.type("e")
    seat.commit("の")
    assert sorted(lines(seat.document)[0]) == ["e", "n", "o", "の"]


def test_letters_that_fill_the_last_line_in_view_go_on_with_room_below(sit):
    seat = sit(*(f"line {number}" for number in range(40)))
    seat.press(Key.Key_End, CTRL)
    seat.type("word " * 40)
    rect = seat.editor.cursorRect()
    assert seat.editor.viewport().height() - rect.bottom() >= rect.height()


def test_letters_go_to_their_place_beside_what_a_teammate_writes_before_them(sit):
    seat = sit("")
    mate = Teammate(seat)
    for letter in "letters":
        seat.type(letter)
        mate.insert(0, "-")
    seat.type("!")
    assert lines(seat.document) == ["-------letters!"]
