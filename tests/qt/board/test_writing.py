"""Notes on the board are written where they lie."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from cowrite.core.board.items import Place
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.board.board_hint import BoardHint
from cowrite.gui.board.describing import described
from helpers.board_seat import CTRL, SHIFT, new_brainstorm, note, replica

Key = Qt.Key


def test_n_begins_a_note_with_the_caret_in_it(sit):
    seat = sit()
    seat.press(Key.Key_N)
    seat.type("Late trains")
    seat.press(Key.Key_Escape)

    assert seat.texts() == ["Late trains"]
    assert seat.note("Late trains").author == "Ada"
    assert seat.canvas.hasFocus()


def test_enter_makes_the_next_note_below_and_tab_beside(sit):
    seat = sit()
    seat.press(Key.Key_N)
    seat.type("one")
    seat.press(Key.Key_Return)
    seat.type("two")
    seat.press(Key.Key_Tab)
    seat.type("three")
    seat.press(Key.Key_Return)
    seat.press(Key.Key_Return)  # nothing was written: the row ends

    assert seat.texts() == ["one", "two", "three"]
    one, two, three = (seat.note(text).place for text in seat.texts())
    assert two == Place(one.x, one.y + one.height + 20)
    assert three == Place(two.x + two.width + 20, two.y)
    assert not seat.field.is_open


def test_beside_is_to_the_left_where_one_reads_from_right_to_left(sit):
    seat = sit()
    seat.view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    seat.press(Key.Key_N)
    seat.type("one")
    seat.press(Key.Key_Tab)
    seat.type("two")
    seat.press(Key.Key_Escape)

    assert seat.note("two").place.x == seat.note("one").place.x - 200


def test_shift_enter_is_a_line_within_the_note(sit):
    seat = sit()
    seat.press(Key.Key_N)
    seat.type("one")
    seat.press(Key.Key_Return, SHIFT)
    seat.type("two")
    seat.press(Key.Key_Return, CTRL)

    assert seat.texts() == ["one\ntwo"]
    assert not seat.field.is_open


def test_a_double_click_begins_a_note_there(sit):
    seat = sit()
    seat.double_click(seat.at(100, 60))
    seat.type("here")
    seat.press(Key.Key_Escape)

    assert seat.note("here").place == Place(10, 0)


def test_a_new_note_without_text_is_none(sit):
    seat = sit()
    seat.press(Key.Key_N)
    seat.press(Key.Key_Escape)
    assert seat.texts() == []
    assert not seat.view.can_undo()


def test_a_note_is_written_again(sit):
    seat = sit()
    seat.add(note("old"))
    for how in ("double click", Key.Key_F2, Key.Key_Return):
        if how == "double click":
            seat.double_click(seat.middle("old"))
        else:
            seat.click(seat.middle("old"))
            seat.press(how)
        seat.press(Key.Key_A, CTRL)
        seat.type("new")
        seat.click(seat.at(-300, -200))

        assert seat.texts() == ["new"], how
        seat.view.undo()
        assert seat.texts() == ["old"], how


def test_a_note_whose_text_is_deleted_goes(sit):
    seat = sit()
    seat.add(note("gone"))
    seat.double_click(seat.middle("gone"))
    seat.press(Key.Key_A, CTRL)
    seat.press(Key.Key_Backspace)
    seat.press(Key.Key_Escape)

    assert seat.texts() == []


def test_a_note_that_is_only_looked_at_in_its_field_stays_as_it_is(sit):
    seat = sit()
    texts = ("Où est-il\u00a0?", " between spaces ")
    seat.add(note(texts[0]), note(texts[1], 300))
    told = []
    seat.brainstorm.document.observe_updates(told.append)
    for text in texts:
        seat.double_click(seat.middle(text))
        seat.press(Key.Key_Escape)
        assert told == [], text


def test_a_picture_stays_when_the_text_on_it_is_deleted(sit):
    seat = sit()
    seat.add(note("caption", image="sha256:x"))
    seat.double_click(seat.middle("caption"))
    seat.press(Key.Key_A, CTRL)
    seat.press(Key.Key_Delete)
    seat.press(Key.Key_Escape)
    assert [(each.text, each.image) for each in seat.brainstorm.visibility.notes()] == [("", "sha256:x")]


def test_a_picture_that_a_teammate_removes_does_not_come_back_as_its_text_is_deleted(sit):
    seat = sit()
    seat.add(note("caption", image="sha256:x"))
    seat.double_click(seat.middle("caption"))
    seat.press(Key.Key_A, CTRL)
    seat.press(Key.Key_Delete)
    seat.brainstorm.remove(seat.ids("caption"))
    seat.press(Key.Key_Escape)
    assert seat.brainstorm.visibility.notes() == []


def test_what_is_being_typed_is_written_when_the_board_is_hidden(sit):
    seat = sit()
    seat.press(Key.Key_N)
    seat.type("half a thou")
    seat.view.hide()
    assert seat.texts() == ["half a thou"]


def test_one_sees_where_one_writes_on_after_pasting_more_than_a_note_has_room_for(sit):
    seat = sit()
    seat.press(Key.Key_N)
    QGuiApplication.clipboard().setText("\n".join(map(str, range(100))))
    seat.view.paste()
    assert seat.field.viewport().rect().contains(seat.field.cursorRect().center())


def test_what_is_being_typed_is_written_after_a_pause(sit, qtbot):
    seat = sit()
    seat.field._pause.setInterval(0)
    seat.press(Key.Key_N)
    seat.type("so far")
    qtbot.waitUntil(lambda: seat.texts() == ["so far"])
    seat.type(" so good")
    seat.press(Key.Key_Escape)
    assert seat.texts() == ["so far so good"]


def test_what_two_people_write_in_one_note_stays(sit):
    seat = sit()
    seat.add(note("brown fox"))
    bo = replica(seat.brainstorm)
    seat.double_click(seat.middle("brown fox"))
    seat.type(" jumps")
    bo.change({bo.board.notes()[0].id: {"text": "quick brown fox"}})
    assert seat.field.toPlainText() == "quick brown fox jumps"
    seat.type("!")
    seat.press(Key.Key_Escape)
    assert seat.texts() == [each.text for each in bo.board.notes()] == ["quick brown fox jumps!"]


def test_what_is_written_in_a_note_that_a_teammate_removes_is_kept(sit):
    seat = sit()
    (id,) = seat.add(note("mine"))
    bo = replica(seat.brainstorm)
    seat.double_click(seat.middle("mine"))
    seat.type(" still")
    bo.remove([id])
    seat.press(Key.Key_Escape)
    assert seat.texts() == ["mine still"]


def test_an_empty_board_tells_a_reader_why_they_cannot_add_to_it(sit):
    seat = sit()
    seat.view.show_read_only("You may read this document but not change it")
    hint = seat.view.findChild(BoardHint)
    said = [each.text() for each in hint.findChildren(QLabel)]
    assert hint.isVisible()
    assert said == [
        "Nothing is on the board yet",
        "You may read this document but not change it. To add to it, ask an owner of the document.",
    ]
    assert not any(each.isVisible() for each in hint.findChildren(QPushButton))
    seat.add(note("one"))
    assert not hint.isVisible()
    seat.brainstorm.remove(seat.ids("one"))
    seat.view.show_read_only("")
    assert hint.isVisible()
    assert all(each.isVisible() for each in hint.findChildren(QPushButton))


def test_a_reader_writes_nothing(sit):
    seat = sit()
    seat.add(note("fixed"))
    seat.view.show_read_only("You may read this document but not change it.")
    seat.press(Key.Key_N)
    assert not seat.field.is_open
    seat.double_click(seat.middle("fixed"))
    assert not seat.field.is_open


def test_a_locked_note_is_not_written(sit):
    seat = sit()
    seat.add(note("fixed", is_locked=True))
    seat.double_click(seat.middle("fixed"))
    assert not seat.field.is_open


def test_the_field_shows_the_text_as_large_as_the_board_does(sit):
    seat = sit()
    seat.add(note("small"))
    seat.canvas.zoom_to(2.0)
    seat.double_click(seat.middle("small"))
    assert seat.field.font().pixelSize() == 2 * seat.scene.notes[seat.ids("small")[0]].font_size
    shown = seat.canvas.shown_at(seat.note("small").place)
    assert abs(seat.field.geometry().x() - shown.x()) <= 1
    assert abs(seat.field.width() - shown.width()) <= 2


def test_an_empty_board_says_how_to_begin(sit):
    seat = sit()
    hint = seat.view.findChild(BoardHint)
    buttons = {button.text(): button for button in hint.findChildren(QPushButton)}
    assert hint.isVisible()
    asked = []
    seat.view.session_wanted.connect(lambda: asked.append(True))
    buttons["Begin a session…"].click()
    assert asked
    QGuiApplication.clipboard().setText("- one\n- two")
    buttons["Paste"].click()
    assert seat.texts() == ["one", "two"]
    assert not hint.isVisible()


@pytest.mark.parametrize(("height", "has_words"), [(230, False), (500, True)])
def test_with_large_letters_an_empty_board_shows_its_buttons_whole_and_the_words_where_they_have_room(
    sit, height, has_words
):
    seat = sit()
    hint = seat.view.findChild(BoardHint)
    hint.setStyleSheet("* { font-size: 19pt }")
    seat.canvas.viewport().setFixedSize(620, height)
    hint.centre()
    assert seat.canvas.viewport().rect().contains(hint.geometry())
    hint.layout().activate()
    for button in hint.findChildren(QPushButton):
        assert button.width() >= button.sizeHint().width()
    words = hint.findChildren(QLabel)[1]
    assert words.isVisible() is has_words
    assert not has_words or words.height() >= words.heightForWidth(words.width())


def test_a_note_of_the_silent_phase_lies_sealed_and_looks_so(sit):
    seat = sit(new_brainstorm())
    bo = replica(seat.brainstorm)
    seat.brainstorm.sessions.begin(Session("", "Why?", phase=Phase.WRITE))
    seat.press(Key.Key_N)
    seat.type("secret")
    seat.press(Key.Key_Escape)

    (item,) = seat.scene.notes.values()
    assert item.note.is_sealed
    assert "only you see this" in described(item, seat.scene)
    assert bo.visibility.notes() == []
    assert b"secret" not in bo.document.state()


@pytest.mark.parametrize("what", ["group", "frame"])
def test_the_title_of_what_a_teammate_removes_meanwhile_is_kept_in_a_note(sit, what):
    seat = sit()
    seat.add(note("one"))
    board = seat.brainstorm.board
    id = board.group(seat.ids("one"), "Pair") if what == "group" else board.add_frame("Pair", Place(0, 300, 300, 200))
    bo = replica(seat.brainstorm)
    seat.view.writing.edit(id)
    bo.remove([id])
    seat.type("Trains and buses")
    seat.press(Key.Key_Return)
    assert seat.texts() == ["one", "Trains and buses"]


def test_what_is_written_in_a_note_that_a_teammate_locks_meanwhile_is_kept_in_another(sit):
    seat = sit()
    (id,) = seat.add(note("mine"))
    bo = replica(seat.brainstorm)
    seat.double_click(seat.middle("mine"))
    bo.change({id: {"is_locked": True}})
    seat.type(" still")
    seat.press(Key.Key_Escape)
    assert sorted(seat.texts()) == ["mine", "mine still"]
    assert not seat.note("mine").place.overlaps(seat.note("mine still").place)
