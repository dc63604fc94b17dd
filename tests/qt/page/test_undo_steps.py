"""Undo on a page: its steps, the caret, and what teammates wrote."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from helpers.drafts import lines
from helpers.seats import CTRL, Teammate

Key = Qt.Key


def test_undo_and_redo_step_by_step_through_ones_own_edits(sit, clock):
    seat = sit()
    for word in ("one", " two", " three"):
        seat.type(word)
        clock.pause()
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == ["one two"]
    seat.press(Key.Key_Z, CTRL, times=2)
    assert lines(seat.document) == [""]
    redo = QKeySequence.keyBindings(QKeySequence.StandardKey.Redo)[0][0]
    for _ in range(3):
        QTest.keyClick(seat.editor, redo.key(), redo.keyboardModifiers())
    assert lines(seat.document) == ["one two three"]
    assert seat.editor.caret() == (13, 13)


def undone(seat) -> list[list]:
    """The lines after each undo, to the first."""
    found = []
    while seat.document.can_undo():
        seat.press(Key.Key_Z, CTRL)
        found.append(lines(seat.document))
    return found


def test_what_is_written_in_haste_is_taken_back_line_by_line_and_sentence_by_sentence(sit):
    seat = sit()
    seat.type("One is here. Two (yes!) is\n3.5 is three\n")
    assert undone(seat) == [
        ["One is here. Two (yes!) is", "3.5 is three"],
        ["One is here. Two (yes!) is"],
        ["One is here. Two (yes!) "],
        ["One is here. "],
        [""],
    ]


def test_deleting_in_haste_is_taken_back_without_what_was_written_before(sit):
    seat = sit()
    seat.type("hello world")
    seat.press(Key.Key_Backspace, times=2)
    seat.press(Key.Key_Backspace, CTRL)
    seat.type("all")
    assert lines(seat.document) == ["hello all"]
    assert undone(seat) == [["hello "], ["hello world"], [""]]


def test_what_is_written_elsewhere_in_haste_is_taken_back_by_itself(sit):
    seat = sit()
    seat.type("one")
    seat.press(Key.Key_Home)
    seat.type("two ")
    QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=seat.place(7))
    seat.type("three")
    seat.press(Key.Key_A, CTRL)
    seat.type("x")
    assert undone(seat) == [["two onethree"], ["two one"], ["one"], [""]]


def test_letters_that_have_a_command_begin_a_step_like_others(sit):
    for letter in "yz":
        seat = sit()
        seat.type("one")
        seat.press(Key.Key_Home)
        seat.type(f"{letter}es ")
        seat.editor.undo_own()
        assert lines(seat.document) == ["one"]


def test_what_an_input_method_commits_elsewhere_or_behind_a_deletion_is_taken_back_by_itself(sit):
    seat = sit()
    seat.commit("日本")
    seat.press(Key.Key_Home)
    seat.commit("語")
    seat.press(Key.Key_End)
    seat.press(Key.Key_Backspace)
    for composed in ("ほ", "ほん"):
        seat.compose(composed)
    seat.commit("本")
    assert undone(seat) == [["語日"], ["語日本"], ["日本"], [""]]


def test_letters_of_a_teammate_do_not_part_what_is_written_meanwhile(sit):
    seat = sit()
    teammate = Teammate(seat)
    for letter in "mine":
        seat.type(letter)
        teammate.insert(0, "T")
    assert undone(seat) == [["TTTT"]]


def test_undo_leaves_what_teammates_wrote_even_inside_of_ones_own_words(sit, clock):
    seat = sit()
    teammate = Teammate(seat)
    seat.type("mine")
    clock.pause()
    teammate.insert(2, "THEIRS")
    teammate.insert(0, "FIRST ")
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == ["FIRST THEIRS"]
    assert not seat.document.can_undo()


def test_undo_of_a_deletion_brings_teammates_words_back(sit, clock):
    seat = sit()
    teammate = Teammate(seat)
    teammate.insert(0, "theirs")
    seat.editor.selectAll()
    seat.press(Key.Key_Delete)
    assert lines(seat.document) == [""]
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == ["theirs"]


def test_undo_puts_the_caret_where_the_change_was(sit, clock):
    seat = sit("one", "two")
    seat.editor.set_caret(3)
    seat.type("X")
    clock.pause()
    seat.editor.set_caret(7)
    seat.press(Key.Key_Z, CTRL)
    assert seat.editor.caret() == (3, 3)


def test_undo_of_a_look_alone_leaves_caret_and_selection_on_its_lines(sit, clock):
    seat = sit("one two", "three")
    seat.editor.set_caret(3, 0)
    seat.editor.formatting.toggle_inline("bold")
    seat.press(Key.Key_Z, CTRL)
    assert seat.editor.caret() == (0, 3)
    clock.pause()
    seat.editor.set_caret(10)
    seat.press(Key.Key_Y, CTRL)
    assert seat.editor.caret() == (0, 0)


def test_writing_goes_on_behind_an_address_that_was_a_link_until_undo(sit):
    seat = sit("")
    seat.type("at https://example.org ")
    seat.press(Key.Key_Z, CTRL)
    seat.type("or so")
    assert lines(seat.document) == ["at https://example.org or so"]
