"""The pad: notes in a line each, one's own alone, and nobody is taken away from it while writing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListWidget, QPlainTextEdit
from pytestqt.qtbot import QtBot

from cowrite.gui.session.pad import WRITES_FOR, Pad
from cowrite.gui.session.values import PadNote, PadShown, Seed
from helpers.called import called, the
from helpers.composing import commit, compose
from helpers.drafts import Clock

NOTES = (PadNote("note:1", "Trees"), PadNote("note:2", "Benches", is_late=True))


@pytest.fixture
def pad(qtbot: QtBot, clock: Clock) -> Pad:
    pad = Pad(clock)
    qtbot.addWidget(pad)
    pad.show_pad(PadShown("How might we rest?", NOTES))
    pad.show()
    return pad


def line(pad: Pad) -> QPlainTextEdit:
    return the(pad, QPlainTextEdit, "A new note")


def called_label(pad: Pad, description: str) -> QLabel:
    (found,) = [each for each in pad.findChildren(QLabel) if each.accessibleDescription() == description]
    return found


def own(pad: Pad) -> QListWidget:
    return the(pad, QListWidget, "Your notes")


def test_that_one_is_offline_is_no_alarm(pad: Pad) -> None:
    for is_offline, tone in ((True, "offline"), (False, "problem")):
        pad.show_pad(PadShown("How might we rest?", problem="They lie here alone.", is_offline=is_offline))
        assert called_label(pad, "What is wrong with the notes").property("tone") == tone


def test_enter_keeps_a_note_and_begins_the_next(pad: Pad, qtbot: QtBot) -> None:
    told = []
    pad.written.connect(lambda texts, on: told.append((texts, on)))
    QTest.keyClicks(line(pad), "Shade")
    QTest.keyClick(line(pad), Qt.Key.Key_Return)
    QTest.keyClicks(line(pad), "Water")
    QTest.keyClick(line(pad), Qt.Key.Key_Return)
    QTest.keyClick(line(pad), Qt.Key.Key_Return)  # nothing is no note
    assert told == [(["Shade"], ""), (["Water"], "")]
    assert line(pad).toPlainText() == ""


def test_that_a_note_is_kept_is_read_out_to_whoever_writes_on(pad: Pad, qtbot: QtBot, heard: list[str]) -> None:
    pad.activateWindow()
    line(pad).setFocus()
    qtbot.waitUntil(line(pad).hasFocus)
    pad.show_pad(PadShown("How might we rest?", (*NOTES, PadNote("note:9", "Shade"))))
    pad.show_pad(PadShown("How might we rest?", NOTES))
    assert heard == [f"Kept; {len(NOTES) + 1} of yours"]


def test_shift_enter_breaks_the_line_within_a_note(pad: Pad, qtbot: QtBot) -> None:
    QTest.keyClicks(line(pad), "Shade")
    QTest.keyClick(line(pad), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(line(pad), "in July")
    with qtbot.waitSignal(pad.written) as told:
        QTest.keyClick(line(pad), Qt.Key.Key_Return)
    assert told.args[0] == ["Shade\nin July"]


def test_a_pasted_list_becomes_many_notes(pad: Pad, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("- Shade\n\n* Water\n• Sand")
    with qtbot.waitSignal(pad.written) as told:
        line(pad).paste()
    assert told.args[0] == ["Shade", "Water", "Sand"]


def test_a_list_that_is_too_long_for_a_board_is_said_to_be_so_and_what_was_typed_stays(pad: Pad, qtbot: QtBot) -> None:
    QTest.keyClicks(line(pad), "half a thou")
    QGuiApplication.clipboard().setText("\n".join(f"idea {number}" for number in range(5001)))
    with qtbot.waitSignal(pad.refused) as told, qtbot.assertNotEmitted(pad.written):
        line(pad).paste()
    assert told.args == ["These are 5,001 notes; a board takes in at most 5,000 at once."]
    assert line(pad).toPlainText() == "half a thou"


def test_the_newest_of_ones_own_stands_first_and_a_late_one_is_marked(pad: Pad) -> None:
    assert [own(pad).item(row).text() for row in range(2)] == ["Benches", "Trees"]
    assert own(pad).item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Benches, late"
    assert [own(pad).item(row).icon().isNull() for row in range(2)] == [False, True]


def test_a_note_is_changed_with_enter_and_taken_away_with_delete(pad: Pad, qtbot: QtBot) -> None:
    notes = own(pad)
    notes.setFocus()
    QTest.keyClick(notes, Qt.Key.Key_Return)
    field = notes.findChild(QLineEdit)
    QTest.keyClicks(field, "Tables")
    with qtbot.waitSignal(pad.changed) as told:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert told.args == ["note:2", "Benches", "Tables"]

    with qtbot.waitSignal(pad.removed) as gone:
        QTest.keyClick(notes, Qt.Key.Key_Delete)
    assert gone.args == [["note:2"]]


def test_there_is_no_list_without_a_note_and_the_keyboard_leaves_it_with_the_last_one(pad: Pad, qtbot: QtBot) -> None:
    pad.activateWindow()
    qtbot.waitUntil(pad.isActiveWindow)
    own(pad).setFocus()
    assert own(pad).isVisible()
    pad.show_pad(PadShown("How might we rest?"))
    assert not own(pad).isVisible()
    assert line(pad).hasFocus()


def test_a_note_that_is_being_changed_is_not_taken_away_by_what_others_do(pad: Pad) -> None:
    notes = own(pad)
    notes.editItem(notes.item(0))
    QTest.keyClicks(notes.findChild(QLineEdit), "Tab")
    pad.show_pad(PadShown("How might we rest?", (*NOTES, PadNote("note:3", "Sand"))))
    assert notes.findChild(QLineEdit).text() == "Tab"
    assert pad.is_writing


def test_the_note_that_is_marked_stays_so_when_others_arrive(pad: Pad) -> None:
    notes = own(pad)
    notes.setCurrentRow(1)
    pad.show_pad(PadShown("How might we rest?", (*NOTES, PadNote("note:3", "Sand"))))
    assert [notes.item(row).text() for row in range(3)] == ["Sand", "Benches", "Trees"]
    assert notes.currentItem().text() == "Trees"


def test_whoever_has_words_in_the_line_or_just_typed_is_writing(pad: Pad, clock: Clock) -> None:
    clock.now += WRITES_FOR
    assert not pad.is_writing
    QTest.keyClicks(line(pad), "S")
    assert pad.is_writing
    QTest.keyClick(line(pad), Qt.Key.Key_Backspace)
    assert pad.is_writing
    clock.now += WRITES_FOR
    assert not pad.is_writing


def test_whoever_composes_words_in_the_line_is_writing_for_as_long_as_they_do(pad: Pad, clock: Clock) -> None:
    clock.now += WRITES_FOR
    compose(line(pad), "にわ")
    clock.now += WRITES_FOR
    assert pad.is_writing
    assert pad.holds_words
    commit(line(pad), "")
    assert not pad.holds_words
    clock.now += WRITES_FOR
    assert not pad.is_writing


def test_what_is_in_the_line_stays_when_the_pad_is_told_something_new(pad: Pad) -> None:
    QTest.keyClicks(line(pad), "half a thou")
    pad.show_pad(PadShown("Another question?"))
    assert line(pad).toPlainText() == "half a thou"


def test_prompts_are_shown_one_by_one_turned_with_keys_and_read_out(pad: Pad, heard: list[str]) -> None:
    pad.show_pad(PadShown("?", prompts=("Who?", "What?", "Why?")))
    lens = the(pad, QLabel, "A way to look at it")
    assert lens.text() == "Who?"
    QTest.keyClick(line(pad), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert lens.text() == "What?"
    assert heard == ["What?"]
    another = the(pad, QAbstractButton, "Another view")
    assert another.text() == "Another view  ·  2 of 3"
    another.click()
    another.click()
    assert lens.text() == "Who?"


def test_everybody_is_led_to_the_next_prompt_but_never_under_a_half_written_answer(pad: Pad) -> None:
    shown = PadShown("?", prompts=("Who?", "What?", "Why?"), prompt=0)
    pad.show_pad(shown)
    lens = the(pad, QLabel, "A way to look at it")
    pad.turn(1)
    pad.show_pad(replace(shown, problem="Offline"))
    assert lens.text() == "What?"  # whoever has turned on is not turned back
    QTest.keyClicks(line(pad), "S")
    pad.show_pad(replace(shown, prompt=2))
    assert lens.text() == "What?"
    QTest.keyClick(line(pad), Qt.Key.Key_Return)
    pad.show_pad(replace(shown, prompt=2))
    assert lens.text() == "Why?"


def test_it_is_said_who_sees_the_notes_and_where_they_lie(pad: Pad) -> None:
    words = the(pad, QLabel, "Who sees these notes")
    pad.show_pad(PadShown("?", is_anonymous=True, where="They lie on this computer."))
    assert words.text() == (
        "Only you see these until the reveal. They will come without your name. They lie on this computer."
    )
    pad.show_pad(PadShown("?", is_sealed=False))
    assert words.text() == "Everybody sees these at once, with your name."


def test_a_problem_of_the_box_is_shown(pad: Pad) -> None:
    pad.show_pad(PadShown("?", problem="Two notes lie only on this computer."))
    assert the(pad, QLabel, "What is wrong with the notes").text() == "Two notes lie only on this computer."


def test_a_note_builds_on_the_one_that_is_chosen(pad: Pad, qtbot: QtBot) -> None:
    pad.show_pad(PadShown("?", seeds=(Seed("note:7", "Trees", "Green"), Seed("note:8", "Benches")), has_more=True))
    the(pad, QAbstractButton, "Build on: Green: Trees").click()
    QTest.keyClicks(line(pad), "Lindens")
    with qtbot.waitSignal(pad.written) as told:
        QTest.keyClick(line(pad), Qt.Key.Key_Return)
    assert told.args == [["Lindens"], "note:7"]
    with qtbot.waitSignal(pad.others_wanted):
        the(pad, QAbstractButton, "Other notes").click()


def test_words_of_people_stand_on_a_choice_as_they_were_written(pad: Pad) -> None:
    pad.show_pad(PadShown("?", seeds=(Seed("note:7", "R&D costs"), Seed("note:8", "أشجار."))))
    shown = [each.text() for each in pad.findChildren(QAbstractButton) if called(each).startswith("Build on: ")]
    assert shown == ["R&&D costs", "\u2068أشجار.\u2069"]


def test_below_a_note_that_was_taken_away_the_next_one_is_current(pad: Pad) -> None:
    notes = tuple(PadNote(f"note:{number}", f"Idea {number}") for number in range(5))
    pad.show_pad(PadShown("?", notes))
    own(pad).setCurrentRow(2)  # the newest stands first
    pad.show_pad(PadShown("?", tuple(note for note in notes if note.id != "note:2")))
    assert own(pad).currentItem().text() == "Idea 1"
    pad.show_pad(PadShown("?", notes[2:]))
    assert own(pad).currentItem().text() == "Idea 2"
