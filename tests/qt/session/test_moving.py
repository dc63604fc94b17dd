"""How a group moves through its phases, and nobody is pulled along."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QSpinBox

from cowrite.core.board.items import Note, Place
from cowrite.core.sessions.polls import Option, Poll, PollKind
from cowrite.core.sessions.sessions import VARIANTS, Phase
from cowrite.gui.session.order_dialog import OrderDialog
from cowrite.gui.session.pad import WRITES_FOR
from cowrite.gui.session.parts import Paragraph
from cowrite.sync.rights import Rights
from helpers.composing import commit, compose
from helpers.desk import texts
from helpers.session_table import Table

FULL = VARIANTS["full"]


def test_whoever_is_writing_stays_and_is_told_where_the_group_is(table: Table) -> None:
    table.begin()
    QTest.keyClicks(table.find(QPlainTextEdit, "A new note"), "half a thou")
    table.go(Phase.GROUP)
    assert table.view.page is table.pad
    assert table.offer() == "The group is at Group; you are at Write."
    QTest.keyClicks(table.find(QPlainTextEdit, "A new note"), "ght")
    assert table.find(QPlainTextEdit, "A new note").toPlainText() == "half a thought"

    table.bar("The group is at Group — go there").click()
    assert table.view.page is table.view.plain
    assert table.offer() == ""


def test_whoever_composes_a_note_stays_until_it_is_one(table: Table) -> None:
    table.begin()
    line = table.find(QPlainTextEdit, "A new note")
    compose(line, "にわ")
    table.view.pad._typed = -WRITES_FOR  # some long words ago
    table.go(Phase.GROUP)
    assert table.view.page is table.pad
    assert table.offer() == "The group is at Group; you are at Write."
    commit(line, "庭")
    assert line.toPlainText() == "庭"


def test_whoever_is_not_writing_goes_along_and_looks_at_another_phase_and_can_take_the_group_there(
    table: Table,
) -> None:
    table.begin()
    table.go(Phase.RATE)
    assert table.view.page is table.view.polls
    assert table.offer() == ""
    table.flow.look(Phase.WRITE)
    assert table.view.page is table.pad
    assert table.flow.session.phase is Phase.RATE
    table.bar("Take the group here").click()
    assert table.flow.session.phase is Phase.WRITE
    table.flow.leading.step(1)
    assert not table.brainstorm.can_undo(), "undo on the board takes nobody back"


def test_whoever_comes_back_from_another_program_has_the_keyboard_where_the_group_is(
    table: Table, leave_window: Callable[[], None]
) -> None:
    id = table.begin(Phase.REVEAL, is_revealed=True)
    window = table.draft.window
    table.find(QAbstractButton, "Go to the board").setFocus()
    leave_window()
    for phase in (Phase.GROUP, Phase.CLARIFY):
        table.brainstorm.sessions.change(id, phase=phase)
        table.flow.refresh()
        assert window.focusWidget() is table.find(QAbstractButton, "Go to the board")
    table.brainstorm.sessions.change(id, phase=Phase.FRAME)
    table.flow.refresh()
    assert table.view.frame.isAncestorOf(window.focusWidget())


def test_whoever_is_at_the_draft_stays_there(table: Table) -> None:
    table.begin()
    table.draft.brainstorming.show("draft")
    table.go(Phase.RATE)
    assert table.draft.window.views.name == "draft"
    assert table.offer() == "The group is at Rate."
    table.brainstorm.sessions.change(table.flow.session.id, facilitator="Bo")
    assert table.offer().endswith(" Bo asks: “How might we rest?”")
    table.draft.window.actions_["session_go"].trigger()
    assert table.draft.window.views.name == "session"


def test_only_whoever_leads_moves_the_group_on(table: Table) -> None:
    table.begin(facilitator="Bo")
    table.flow.leading.step(1)
    assert table.flow.session.phase is Phase.WRITE
    assert not table.draft.window.actions_["session_next"].isEnabled()
    assert table.offer() == "Bo leads this session and is not here."
    table.bar("Take over").click()
    assert table.flow.session.facilitator == "Ada"
    table.flow.leading.step(1)
    assert table.flow.session.phase is Phase.REVEAL


def test_nobody_who_may_only_read_is_offered_to_begin_a_session(table: Table) -> None:
    table.draft.brainstorming.show("session")
    assert table.find(QAbstractButton, "Begin a session").isEnabled()
    table.draft.connection.take_rights(Rights(False, False, False))
    why = "You may read this document but not change it, so you can follow here but not write or vote."
    assert why in texts(table.view)
    table.flow.refresh()
    assert table.view.page is table.view.plain
    assert not [each for each in table.view.plain.findChildren(QAbstractButton) if each.isVisible()]
    table.draft.connection.take_rights(Rights())
    assert why not in texts(table.view)
    table.flow.refresh()
    assert table.find(QAbstractButton, "Begin a session").isEnabled()
    heading = next(each for each in table.view.plain.findChildren(QLabel) if each.text() == "No session is running")
    steps = next(each for each in table.view.plain.findChildren(QLabel) if each.text() == "Act")
    above, below = (
        heading.mapTo(table.view, heading.rect().topLeft()),
        steps.mapTo(table.view, steps.rect().bottomLeft()),
    )
    assert abs(above.y() - (table.view.height() - below.y())) < 60  # in the middle, as what is empty elsewhere


def test_the_timer_is_a_deadline_that_all_share(table: Table) -> None:
    table.begin()
    table.flow.bar.countdown.start_wanted.emit(6)
    ends = table.flow.session.deadline.ends
    table.flow.bar.countdown.more_wanted.emit()
    assert table.flow.session.deadline.ends == ends + 60_000
    table.flow.bar.countdown.stop_wanted.emit()
    assert table.flow.session.deadline is None


def test_the_timer_is_right_for_everybody_though_a_clock_is_wrong_and_goes_on_though_it_is_set(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = 3_600_000
    table.begin()
    table.brainstorm.ahead = lambda: hour
    table.flow.bar.countdown.start_wanted.emit(6)
    table.flow.bar.countdown.more_wanted.emit()
    deadline = table.flow.session.deadline
    assert deadline.ends_there - deadline.ends == hour

    # By a clock of another hour it has been over for long.
    table.brainstorm.sessions.set_deadline(table.flow.session.id, replace(deadline, ends=deadline.ends - hour))
    table.flow.refresh()
    assert table.flow.bar.countdown.text() in ("07:00", "06:59")

    # The clock of this computer is set.
    table.brainstorm.ahead = lambda: 0
    table.flow.bar.countdown.start_wanted.emit(6)
    table.flow.refresh()
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + hour * 1_000_000)
    table.brainstorm.ahead = lambda: -hour
    table.flow.bar.countdown.show_time()
    assert table.flow.bar.countdown.text() in ("06:00", "05:59")
    table.flow.refresh()
    assert table.flow.bar.countdown.text() in ("06:00", "05:59")


def test_what_is_written_in_time_is_not_late_though_ones_clock_is_fast(table: Table) -> None:
    table.begin(writes_until=table.brainstorm.clock() - 1000)
    table.brainstorm.ahead = lambda: -60_000
    table.write("Trees")
    assert not table.brainstorm.box.notes(table.flow.session.id)[0].is_late


def test_the_phases_are_put_in_another_order_while_it_runs(table: Table) -> None:
    table.begin()
    table.flow.bar.order_wanted.emit()
    dialog = table.flow.dialog
    phases, minutes = table.find(QListWidget, "Phases", dialog), table.find(QSpinBox, "Minutes for Open", dialog)
    assert phases.geometry().bottom() < minutes.geometry().top()
    phases.setFocus()
    QTest.keyClick(phases, Qt.Key.Key_Space)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert table.flow.session.phases == FULL[1:]


def test_one_says_that_one_is_done_with_a_key_and_all_see_it_by_name(table: Table) -> None:
    id = table.begin()
    table.draft.window.actions_["session_done"].trigger()
    assert table.brainstorm.sessions.done(id, Phase.WRITE) == ["Ada"]
    table.desk.until(lambda: table.bar("I’m done").isChecked())
    table.draft.window.actions_["session_done"].trigger()
    assert table.brainstorm.sessions.done(id, Phase.WRITE) == []


def test_ending_asks_once_reveals_what_is_sealed_closes_open_polls_and_takes_the_bar_away(table: Table) -> None:
    table.begin()
    table.write("A thought")
    table.draft.window.actions_["session_end"].trigger()
    assert "1 sealed note is revealed with it" in table.flow.dialog.informativeText()
    table.answer("End")
    table.desk.until(lambda: table.flow.bar is None)
    assert [note.text for note in table.brainstorm.visibility.published()] == ["A thought"]
    assert not table.draft.window.actions_["session_next"].isEnabled()

    id = table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    table.brainstorm.polls.open(
        Poll("", PollKind.DOTS, "?", (Option(trees, "Trees"), Option(benches, "B")), session=id)
    )
    table.flow.leading.ask_end()
    assert "1 open poll is closed with it" in table.flow.dialog.informativeText()
    table.answer("End")
    table.desk.until(lambda: table.brainstorm.visibility.polls()[0].is_closed)


def test_the_frame_is_changed_by_whoever_leads(table: Table) -> None:
    table.begin(Phase.FRAME)
    field = table.find(Paragraph, "Constraints")
    field.setFocus()
    QTest.keyClicks(field, "No money")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClicks(field, "No permission")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert table.flow.session.constraints == "No money\nNo permission"
    table.brainstorm.sessions.change(table.flow.session.id, facilitator="Bo")
    table.flow.refresh()
    assert table.find(Paragraph, "Constraints").isReadOnly()
    assert "Bo leads, and fills this in." in table.text("What becomes of names")


def test_all_of_a_long_question_can_be_read_and_what_one_writes_in_it_is_kept_without_leaving_it(table: Table) -> None:
    table.begin(Phase.FRAME)
    field = table.find(Paragraph, "Question")
    low = field.height()
    QTest.keyClicks(field, ", and in every season" * 12)
    assert field.height() > low + field.fontMetrics().lineSpacing()
    assert table.view.is_writing
    table.desk.until(lambda: "in every season" in table.flow.session.question)
    assert not table.view.is_writing

    table.brainstorm.sessions.change(table.flow.session.id, question="What else?")
    table.flow.refresh()
    assert field.text() == "What else?"
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "What else?"


def test_a_question_about_a_session_that_has_ended_meanwhile_ends_no_other_and_gives_none_its_phases(
    table: Table,
) -> None:
    first = table.begin()
    table.draft.window.actions_["session_end"].trigger()
    table.brainstorm.sessions.change(first, is_over=True)
    second = table.begin(Phase.WRITE)
    table.answer("End")
    assert table.flow.session.id == second

    table.flow.bar.order_wanted.emit()
    dialog = table.flow.dialog
    table.flow.leading.end(second)
    other = table.begin(phases=(Phase.FRAME, Phase.ACT))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert table.brainstorm.sessions.get(other).phases == (Phase.FRAME, Phase.ACT)


def test_what_is_typed_on_after_somebody_has_ended_the_session_presses_no_button(table: Table) -> None:
    id = table.begin(Phase.FRAME)
    table.draft.window.activateWindow()
    table.desk.until(table.draft.window.isActiveWindow)
    question = table.find(QPlainTextEdit, "Question")
    question.setFocus()
    QTest.keyClicks(question, "And")
    table.flow.leading.end(id)
    table.flow.refresh()
    keyboard = QApplication.focusWidget()
    assert table.view.isAncestorOf(keyboard)
    assert keyboard.accessibleName() == "Session"
    QTest.keyClicks(keyboard, " so")
    assert table.flow.dialog is None


def test_whoever_leads_the_group_on_from_the_question_writes_on_the_pad_and_stays_there_while_writing(
    table: Table,
) -> None:
    table.begin(Phase.FRAME)
    table.draft.window.activateWindow()
    table.desk.until(table.draft.window.isActiveWindow)
    table.find(QPlainTextEdit, "Question").setFocus()
    table.draft.window.actions_["session_next"].trigger()
    assert QApplication.focusWidget() is table.find(QPlainTextEdit, "A new note")
    QTest.keyClicks(QApplication.focusWidget(), "half")
    table.draft.window.actions_["session_next"].trigger()
    assert table.flow.session.phase is Phase.REVEAL
    assert table.view.page is table.pad


def test_no_poll_is_opened_in_a_session_that_has_ended_meanwhile(table: Table) -> None:
    table.brainstorm.write([Note("", text, Place(0, 0)) for text in ("Trees", "Benches")])
    id = table.begin(Phase.RATE, is_revealed=True)
    table.find(QAbstractButton, "Open a poll").click()
    dialog = table.flow.dialog
    table.brainstorm.sessions.change(id, is_over=True)
    table.find(QAbstractButton, "Open the poll", dialog).click()

    assert table.brainstorm.visibility.polls() == []
    assert "This session has ended meanwhile" in " ".join(label.text() for label in dialog.findChildren(QLabel))


def test_whoever_may_write_no_longer_begins_no_session_and_changes_none_by_what_was_opened_before(
    table: Table,
) -> None:
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "How might we play?")
    table.draft.connection.take_rights(Rights(may_edit=False))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert table.flow.session is None
    assert dialog.isVisible()
    assert "change nothing else" in " ".join(each.text() for each in dialog.findChildren(QLabel))
    dialog.close()

    table.draft.connection.take_rights(Rights())
    table.begin(Phase.WRITE)
    table.flow.bar.order_wanted.emit()
    (dialog,) = table.draft.window.findChildren(OrderDialog)
    table.draft.connection.take_rights(Rights(may_edit=False))
    before = table.draft.document.state()
    dialog.order_wanted.emit((Phase.RATE,), {})
    table.flow.bar.countdown.start_wanted.emit(5)
    assert table.draft.document.state() == before


def test_whoever_begins_a_session_ends_none_that_somebody_has_begun_meanwhile_without_knowing(table: Table) -> None:
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "How might we play?")
    other = table.begin(facilitator="Bo")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert table.flow.session.id == other
    assert "has begun meanwhile; it has to end first." in " ".join(each.text() for each in dialog.findChildren(QLabel))

    table.brainstorm.sessions.change(other, facilitator="")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert table.flow.session.question == "How might we play?"
    assert table.brainstorm.sessions.get(other).is_over


def test_from_a_phase_that_was_taken_out_next_leads_on_with_the_reveal_and_back_leads_back(table: Table) -> None:
    id = table.begin()
    table.write("Trees")
    table.brainstorm.sessions.change(id, phases=(Phase.FRAME, Phase.GROUP))
    table.flow.refresh()
    table.bar("Next").click()
    assert [note.text for note in table.brainstorm.visibility.published()] == ["Trees"]
    assert table.flow.session.phase is Phase.GROUP

    table.go(Phase.BUILD)
    phases = (Phase.FRAME, Phase.WRITE, Phase.GROUP, Phase.RATE)
    table.brainstorm.sessions.change(id, phases=phases)
    table.flow.refresh()
    table.bar("Next").click()
    assert table.flow.session.phase is Phase.GROUP

    table.go(Phase.BUILD)
    table.draft.window.actions_["session_back"].trigger()
    assert table.flow.session.phase is Phase.WRITE
    table.go(Phase.REVIEW)
    assert table.bar("End").isVisible()
    table.draft.window.actions_["session_next"].trigger()
    table.answer("End")
    assert table.flow.session is None


def test_whoever_writes_or_votes_in_the_list_is_not_called_away(table: Table) -> None:
    id = table.begin()
    table.draft.brainstorming.show("ideas")
    assert table.offer() == ""
    table.draft.brainstorming.show("draft")
    assert table.offer() == "The group is at Write."

    table.go(Phase.RATE)
    table.draft.brainstorming.show("ideas")
    assert table.offer() == "The group is at Rate."
    table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", (Option("o:1", "Trees"),), session=id))
    assert table.offer() == ""
