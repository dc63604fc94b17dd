"""A session in one window: from its beginning through every phase to its end, as one person sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cowrite.core.board import Note, Place
from cowrite.core.decisions import Action, Decision, Status
from cowrite.core.polls import Option, Poll, PollKind
from cowrite.core.sessions import VARIANTS, Phase
from helpers.desk import Desk, notices
from helpers.session_table import Table

FULL = VARIANTS["full"]


@pytest.fixture
def table(tmp_path: Path, qtbot: QtBot) -> Iterator[Table]:
    desk = Desk(tmp_path / "home", qtbot)
    draft = desk.new()
    table = Table(desk, draft)
    yield table
    desk.leave()


# Beginning


def test_ctrl_alt_b_begins_a_session_with_the_question_alone(table: Table) -> None:
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "How might we rest?")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    session = table.flow.session
    assert (session.question, session.phase, session.facilitator) == ("How might we rest?", Phase.OPEN, "Ada")
    assert table.flow.bar.isVisible()
    assert not dialog.isVisible()


def test_nothing_of_sessions_is_loaded_before_there_is_one(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
app = QApplication([])
from cowrite.app.application import Application
from cowrite.paths import Paths
draft = Application(app, Paths.of({"COWRITE_HOME": sys.argv[1]})).new_document()
app.processEvents()
late = ("cowrite.core.sessions", "cowrite.core.polls", "cowrite.app.session_flow", "cowrite.gui.session")
print([name for name in late if name in sys.modules], draft.window.isVisible())
import os
os._exit(0)  # what is open is of no interest
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    asked = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert asked.stdout.splitlines()[-1] == "[] True"


def test_a_session_that_arrives_shows_its_bar_without_a_tab_being_chosen(table: Table) -> None:
    entries = table.draft.document.entries("board")
    entries.add("session:1", {"question": "?", "phase": "write", "phases": ["write"]})
    table.desk.until(lambda: table.draft.brainstorming._sessions is not None)
    assert table.flow.bar.isVisible()
    assert table.draft.window.views.name == "draft"


def test_a_template_puts_frames_and_groups_on_the_board_and_prompts_on_the_pad(table: Table) -> None:
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "What should we keep?")
    dialog._template.setCurrentIndex(dialog._template.findText("Start, stop, continue"))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert [group.title for group in table.whole.board.groups()] == ["Start", "Stop", "Continue"]
    assert {frame.title for frame in table.whole.board.frames()} == {"Start", "Stop", "Continue"}
    table.flow.look(Phase.WRITE)
    assert table.find(QLabel, "A way to look at it").text() == "Start: What should we begin to do?"


def test_a_template_of_ones_own_is_kept_and_listed_the_next_time(table: Table) -> None:
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    table.find(QAbstractButton, "More: phases, rules, who leads", dialog).click()
    table.find(QAbstractButton, "Save this as a template…", dialog).click()
    QTest.keyClicks(table.find(QLineEdit, "Title of the template", dialog), "Mondays")
    table.find(QAbstractButton, "Keep", dialog).click()
    assert (table.desk.paths.templates / "mondays.toml").is_file()
    dialog.reject()
    table.draft.window.actions_["session_begin"].trigger()
    assert table.flow.dialog._template.findText("Mondays (yours)") >= 0


def test_beginning_another_ends_the_one_that_runs(table: Table) -> None:
    first = table.begin()
    table.write("Trees")
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    assert "still running" in table.find(QLabel, "What went wrong", dialog).text()
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "And now?")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert table.flow.session.question == "And now?"
    assert table.whole.sessions.get(first).is_over
    table.desk.until(lambda: [note.text for note in table.whole.visibility.published()] == ["Trees"])


def test_no_other_session_begins_while_somebody_else_leads_one(table: Table) -> None:
    table.begin(facilitator="Bo")
    table.draft.window.actions_["session_begin"].trigger()
    assert table.flow.dialog is None
    assert "Bo leads a session here" in notices(table.draft)


def test_notes_lie_below_the_frames_of_a_template_and_never_on_each_other(table: Table) -> None:
    table.whole.board.add_frame("Start", Place(0, 0, 640, 900))
    table.begin()
    table.write("Trees", "Benches", "A pond")
    table.bar("Next").click()
    table.flow.look(Phase.WRITE)
    table.write("Sand")
    table.desk.until(lambda: len(table.whole.visibility.published()) == 4)
    places = [note.place for note in table.whole.visibility.published()]
    assert all(place.y > 900 for place in places)
    assert len({(place.x, place.y) for place in places}) == 4


def test_an_asynchronous_session_begins_with_writing_until_its_day(table: Table) -> None:
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "How might we rest?")
    dialog._variant.setCurrentIndex(dialog._variant.findData("asynchronous"))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    session = table.flow.session
    assert session.phase is Phase.WRITE
    assert session.deadline.ends == session.writes_until > 0
    assert "until" in table.flow.bar.countdown.text()


# Writing and revealing


def test_notes_lie_sealed_and_not_in_the_document_until_the_reveal(table: Table) -> None:
    table.begin()
    table.write("Trees", "Benches")
    assert [table.find(QListWidget, "Your notes").item(row).text() for row in (0, 1)] == ["Benches", "Trees"]
    assert table.whole.visibility.published() == []
    assert b"Trees" not in table.draft.document.state()
    assert table.find(QLabel, "What lies sealed", table.flow.bar).text() == "1 person, 2 notes sealed"

    table.bar("Next").click()
    assert {note.text for note in table.whole.visibility.published()} == {"Trees", "Benches"}
    assert table.flow.session.phase is Phase.REVEAL
    assert table.flow.session.is_revealed


def test_sealed_notes_are_changed_and_removed_on_the_pad(table: Table) -> None:
    table.begin()
    table.write("Trees", "Benches")
    first, second = table.whole.box.notes(table.flow.session.id)
    table.pad.changed.emit(first.id, "Lindens")
    table.pad.removed.emit([second.id])
    assert [note.text for note in table.whole.box.notes(table.flow.session.id)] == ["Lindens"]


def test_revealed_notes_lie_beside_each_other(table: Table) -> None:
    table.begin()
    table.write(*(f"Idea {number}" for number in range(8)))
    table.bar("Next").click()
    table.desk.until(lambda: not table.flow._lays_out)
    places = {(note.place.x, note.place.y) for note in table.whole.visibility.published()}
    assert len(places) == 8


def test_what_is_written_after_the_reveal_is_taken_and_marked_as_late(table: Table) -> None:
    table.begin()
    table.bar("Next").click()
    table.flow.look(Phase.WRITE)
    table.write("Sand")
    (note,) = table.whole.visibility.published()
    assert note.is_late
    notes = table.find(QListWidget, "Your notes")
    assert notes.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Sand, late"


def test_what_is_written_after_the_agreed_day_is_marked_as_late_and_still_sealed(table: Table) -> None:
    table.begin(writes_until=1)
    table.write("Sand")
    (note,) = table.whole.box.notes(table.flow.session.id)
    assert note.is_late
    assert "marked as late" in table.find(QLabel, "Who sees these notes").text()


def test_skipping_the_reveal_reveals_all_the_same(table: Table) -> None:
    table.begin(phases=VARIANTS["solo"])
    table.write("Trees")
    table.bar("Next").click()
    assert table.flow.session.phase is Phase.BUILD
    assert [note.text for note in table.whole.visibility.published()] == ["Trees"]


def test_who_has_handed_in_is_known_by_name_and_not_in_a_nameless_session(table: Table) -> None:
    id = table.begin()
    table.write("Trees")
    assert table.whole.sessions.contributed(id) == ["Ada"]
    nameless = table.begin(is_anonymous=True)
    table.write("Benches")
    assert table.whole.sessions.contributed(nameless) == []
    assert b"Ada" not in repr(table.draft.document.entries("board").get(nameless)).encode()


# Nobody is pulled


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


def test_whoever_is_not_writing_goes_along(table: Table) -> None:
    table.begin()
    table.go(Phase.RATE)
    assert table.view.page is table.view.polls
    assert table.offer() == ""


def test_whoever_is_at_the_draft_stays_there(table: Table) -> None:
    table.begin()
    table.draft.brainstorming.show("draft")
    table.go(Phase.RATE)
    assert table.draft.window.views.name == "draft"
    assert table.offer() == "The group is at Rate."
    table.draft.window.actions_["session_go"].trigger()
    assert table.draft.window.views.name == "session"


def test_the_leader_who_is_writing_takes_the_group_on_and_stays(table: Table) -> None:
    table.begin()
    QTest.keyClicks(table.find(QPlainTextEdit, "A new note"), "half")
    table.draft.window.actions_["session_next"].trigger()
    assert table.flow.session.phase is Phase.REVEAL
    assert table.view.page is table.pad


def test_one_looks_at_another_phase_and_can_take_the_group_there(table: Table) -> None:
    table.begin()
    table.flow.look(Phase.RATE)
    assert table.view.page is table.view.polls
    assert table.flow.session.phase is Phase.WRITE
    table.bar("Take the group here").click()
    assert table.flow.session.phase is Phase.RATE


# Leading


def test_only_whoever_leads_moves_the_group_on(table: Table) -> None:
    table.begin(facilitator="Bo")
    table.flow.step(1)
    assert table.flow.session.phase is Phase.WRITE
    assert not table.draft.window.actions_["session_next"].isEnabled()
    assert table.offer() == "Bo leads this session and is not here."
    table.bar("Take over").click()
    assert table.flow.session.facilitator == "Ada"
    table.flow.step(1)
    assert table.flow.session.phase is Phase.REVEAL


def test_the_lead_is_passed_on_to_everybody(table: Table) -> None:
    table.begin(facilitator="Ada")
    table.flow.bar.passed.emit("")
    table.flow.refresh()
    assert table.flow.session.facilitator == ""
    assert table.flow.may_lead


def test_the_timer_is_a_deadline_that_all_share(table: Table) -> None:
    table.begin()
    table.flow.bar.start_wanted.emit(6)
    ends = table.flow.session.deadline.ends
    table.flow.bar.more_wanted.emit()
    assert table.flow.session.deadline.ends == ends + 60_000
    table.flow.bar.stop_wanted.emit()
    assert table.flow.session.deadline is None


def test_the_phases_are_put_in_another_order_while_it_runs(table: Table) -> None:
    table.begin()
    table.flow.bar.order_wanted.emit()
    dialog = table.flow.dialog
    phases = table.find(QListWidget, "Phases", dialog)
    phases.setFocus()
    QTest.keyClick(phases, Qt.Key.Key_Space)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert table.flow.session.phases == FULL[1:]


def test_one_says_that_one_is_done_with_a_key_and_all_see_it_by_name(table: Table) -> None:
    id = table.begin()
    table.draft.window.actions_["session_done"].trigger()
    assert table.whole.sessions.done(id, Phase.WRITE) == ["Ada"]
    table.desk.until(lambda: table.bar("I’m done").isChecked())
    table.draft.window.actions_["session_done"].trigger()
    assert table.whole.sessions.done(id, Phase.WRITE) == []


def test_undo_on_the_board_does_not_take_the_group_back(table: Table) -> None:
    table.begin(Phase.GROUP)
    table.flow.step(1)
    assert not table.whole.can_undo()


def test_ending_closes_the_polls_that_are_open(table: Table) -> None:
    id = table.begin(Phase.RATE, is_revealed=True)
    trees, benches = options(table)
    table.whole.polls.open(Poll("", PollKind.DOTS, "?", (Option(trees, "Trees"), Option(benches, "B")), session=id))
    table.flow.ask_end()
    assert "1 open poll is closed with it" in table.flow.dialog.informativeText()
    table.answer("End")
    table.desk.until(lambda: table.whole.visibility.polls()[0].is_closed)


def test_ending_asks_once_reveals_what_is_sealed_and_takes_the_bar_away(table: Table) -> None:
    table.begin()
    table.write("Trees")
    table.draft.window.actions_["session_end"].trigger()
    assert "1 sealed note is revealed with it" in table.flow.dialog.informativeText()
    table.answer("End")
    table.desk.until(lambda: table.flow.bar is None)
    assert [note.text for note in table.whole.visibility.published()] == ["Trees"]
    assert not table.draft.window.actions_["session_next"].isEnabled()


# The other phases


def test_the_frame_is_changed_by_whoever_leads(table: Table) -> None:
    table.begin(Phase.FRAME)
    field = table.find(QLineEdit, "Constraints")
    field.setFocus()
    QTest.keyClicks(field, "No money")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert table.flow.session.constraints == "No money"
    table.whole.sessions.change(table.flow.session.id, facilitator="Bo")
    table.flow.refresh()
    assert table.find(QLineEdit, "Constraints").isReadOnly()


def test_open_actions_and_due_decisions_come_first_and_are_carried_on_with_one_key(table: Table) -> None:
    decisions = table.whole.decisions
    decisions.add(Decision("", "Where?", Status.ACCEPTED, outcome="In the yard", review_on="2020-01-01"))
    action = decisions.add_action(Action("", "buy seeds", when="If it rains", owner="Bo"))
    decisions.add_action(Action("", "dig", is_done=True))
    id = table.begin(Phase.OPEN)
    rows = table.find(QListWidget, "Still open")
    assert [rows.item(row).text() for row in range(rows.count())] == [
        "Review 2020-01-01: In the yard",
        "If it rains: buy seeds · Bo",
    ]
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_C)
    assert next(each for each in decisions.actions() if each.id == action).session == id
    table.flow.refresh()
    QTest.keyClick(rows, Qt.Key.Key_Space)
    assert next(each for each in decisions.actions() if each.id == action).is_done


def test_building_shows_a_few_grouped_notes_of_others_and_says_what_was_built_on(table: Table) -> None:
    id = table.begin(Phase.BUILD, is_revealed=True)
    ids = table.whole.board.add(Note("", f"Idea {number}", Place(0, 0), author="Bo", session=id) for number in range(9))
    table.whole.board.group(ids[:2], "Green", session=id)
    table.flow.refresh()
    seeds = [each for each in table.pad.findChildren(QAbstractButton) if each.accessibleName().startswith("Build on")]
    assert len(seeds) == 5
    assert any("Green: Idea" in each.accessibleName() for each in seeds)
    seeds[0].click()
    chosen = seeds[0].accessibleName()
    table.write("Better")
    (mine,) = [note for note in table.whole.visibility.published() if note.text == "Better"]
    (origin,) = mine.builds_on
    assert chosen.endswith(table.whole.visibility.note(origin).text)
    assert not mine.is_late
    assert [(link.start, link.end, link.tie) for link in table.whole.board.links()] == [(mine.id, origin, "builds on")]
    table.whole.undo()
    assert len(table.whole.visibility.published()) == 9
    assert table.whole.board.links() == []


def test_whoever_is_alone_builds_on_their_own(table: Table) -> None:
    table.begin(phases=VARIANTS["solo"])
    table.write("Trees")
    table.bar("Next").click()
    table.desk.until(lambda: len(table.whole.visibility.published()) == 1)
    table.flow.refresh()
    table.find(QAbstractButton, "Build on: Trees").click()
    table.write("Lindens")
    built_on = {note.text: note.builds_on for note in table.whole.visibility.published()}
    assert len(built_on["Lindens"]) == 1


# Voting


def options(table: Table) -> tuple[str, str]:
    session = table.flow.session.id
    one, two = table.whole.board.add(
        [Note("", "Trees", Place(0, 0), session=session), Note("", "Benches", Place(0, 0), session=session)]
    )
    return one, two


def test_a_poll_is_opened_voted_on_and_closed(table: Table) -> None:
    table.begin(Phase.RATE, is_revealed=True)
    trees, _ = options(table)
    table.find(QAbstractButton, "Open a poll").click()
    table.find(QAbstractButton, "Open the poll", table.flow.dialog).click()
    (poll,) = table.whole.visibility.polls()
    assert (poll.kind, poll.budget, len(poll.options)) == (PollKind.DOTS, 3, 2)

    box = table.find(QSpinBox, "Dots for Trees")
    QTest.keyClick(box, Qt.Key.Key_Up)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert table.whole.box.ballot(poll.id).dots == {trees: 2}
    assert b'"dots"' not in table.draft.document.state()
    table.desk.until(lambda: "You have voted" in table.find(QLabel, "How many have voted").text())
    assert table.find(QSpinBox, "Dots for Trees") is box  # what is being filled in stays

    table.find(QAbstractButton, "Close the poll").click()
    (closed,) = table.whole.visibility.polls()
    assert [ballot.voter for ballot in closed.ballots] == ["Ada"]
    table.desk.until(lambda: "“Trees” is at the top." in [label.text() for label in table.view.findChildren(QLabel)])


def test_one_asks_the_same_once_more_and_only_once(table: Table) -> None:
    table.begin(Phase.DIFFERENCES, is_revealed=True)
    trees, benches = options(table)
    id = table.whole.polls.open(
        Poll("", PollKind.DOTS, "Which?", (Option(trees, "Trees"), Option(benches, "Benches")),
             session=table.flow.session.id)
    )  # fmt: skip
    table.whole.box.close(id)
    table.flow.refresh()
    table.find(QAbstractButton, "Vote once more").click()
    table.flow.refresh()
    again = table.whole.visibility.polls()[-1]
    assert (again.revote_of, again.question, again.is_closed) == (id, "Which?", False)
    table.whole.box.close(again.id)
    table.flow.refresh()
    buttons = [each.accessibleName() for each in table.view.polls.findChildren(QAbstractButton) if each.isVisible()]
    assert "Vote once more" not in buttons


def test_a_proposal_is_put_in_the_phase_of_deciding(table: Table) -> None:
    table.begin(Phase.DECIDE, is_revealed=True)
    table.find(QAbstractButton, "Put a proposal").click()
    QTest.keyClicks(table.find(QPlainTextEdit, "Proposal", table.flow.dialog), "Plant trees")
    table.find(QAbstractButton, "Open the poll", table.flow.dialog).click()
    table.find(QAbstractButton, "I consent").click()
    (poll,) = table.whole.visibility.polls()
    assert table.whole.box.ballot(poll.id).position == "consent"


def test_a_decision_is_made_of_a_closed_poll(table: Table) -> None:
    table.begin(Phase.RATE, is_revealed=True)
    trees, benches = options(table)
    table.whole.polls.open(
        Poll("", PollKind.DOTS, "Which one?", (Option(trees, "Trees"), Option(benches, "Benches")),
             session=table.flow.session.id)
    )  # fmt: skip
    (poll,) = table.whole.visibility.polls()
    table.whole.box.close(poll.id)
    table.flow.refresh()
    table.find(QAbstractButton, "Write down the decision…").click()
    (decision,) = table.whole.decisions.all()
    assert (decision.question, decision.poll) == ("How might we rest?", poll.id)
    assert {choice.text for choice in decision.options} == {"Trees", "Benches"}


def test_results_stay_to_be_seen_when_the_session_is_over(table: Table) -> None:
    id = table.begin(Phase.RATE, is_revealed=True)
    trees, benches = options(table)
    polls = [
        table.whole.polls.open(
            Poll("", PollKind.DOTS, words, (Option(trees, "Trees"), Option(benches, "Benches")), session=id, created=at)
        )
        for at, words in enumerate(("Which one?", "Which other?"), 1)
    ]
    for poll in polls:
        table.whole.box.close(poll)
    table.whole.sessions.change(id, is_over=True)
    table.flow.refresh()
    assert table.find(QLabel, "Question of the poll").text() == "Which other?"
    table.draft.brainstorming.go_to(polls[0])
    assert table.find(QLabel, "Question of the poll").text() == "Which one?"
    table.find(QAbstractButton, "Begin a session").click()
    assert table.flow.dialog.isVisible()


def test_the_pages_grow_with_the_zoom(table: Table) -> None:
    table.begin()
    line = table.find(QPlainTextEdit, "A new note")
    before = line.fontMetrics().height()
    table.draft.window.actions_["zoom_in"].trigger()
    table.draft.window.actions_["zoom_in"].trigger()
    assert line.fontMetrics().height() > before


def test_a_nameless_poll_keeps_the_voters_name_out_of_the_ballot(table: Table) -> None:
    table.begin(Phase.RATE, is_revealed=True, is_anonymous=True)
    options(table)
    table.find(QAbstractButton, "Open a poll").click()
    table.find(QAbstractButton, "Open the poll", table.flow.dialog).click()
    QTest.keyClick(table.find(QSpinBox, "Dots for Trees"), Qt.Key.Key_Up)
    (poll,) = table.whole.visibility.polls()
    assert table.whole.box.ballot(poll.id).voter == ""


def test_the_edit_menu_reaches_the_pad(table: Table) -> None:
    table.begin()
    actions = table.draft.window.actions_
    QGuiApplication.clipboard().setText("- Trees\n- Benches")
    actions["paste"].trigger()
    table.flow.refresh()
    assert [note.text for note in table.whole.box.notes(table.flow.session.id)] == ["Trees", "Benches"]
    line = table.find(QPlainTextEdit, "A new note")
    QTest.keyClicks(line, "Sand")
    actions["select_all"].trigger()
    actions["cut"].trigger()
    assert (line.toPlainText(), QGuiApplication.clipboard().text()) == ("", "Sand")
    table.find(QListWidget, "Your notes").setFocus()
    actions["select_all"].trigger()
    actions["copy"].trigger()
    assert set(QGuiApplication.clipboard().text().split("\n")) == {"Trees", "Benches"}


def test_a_note_that_was_taken_away_after_the_reveal_comes_back_with_undo(table: Table) -> None:
    table.begin(Phase.BUILD, is_revealed=True)
    table.write("Trees")
    notes = table.find(QListWidget, "Your notes")
    notes.setFocus()
    QTest.keyClick(notes, Qt.Key.Key_Delete)
    assert table.whole.visibility.published() == []
    table.desk.until(table.draft.window.actions_["undo"].isEnabled)
    table.draft.window.actions_["undo"].trigger()
    assert [note.text for note in table.whole.visibility.published()] == ["Trees"]


def test_who_may_only_read_takes_part_in_nothing(table: Table) -> None:
    table.begin()
    table.draft.window.show_read_only("You may read this document but not change it.")
    QApplication.processEvents()
    table.flow.refresh()
    assert not table.pad.isEnabled()
    assert not table.flow.may_lead
    assert not table.draft.window.actions_["session_done"].isEnabled()
    assert table.draft.window.actions_["session_go"].isEnabled()
    shown = [each.accessibleName() for each in table.flow.bar.findChildren(QAbstractButton) if each.isVisible()]
    assert not {"I’m done", "Next", "Take over"} & set(shown)
    table.flow.say_done(True)
    assert table.whole.sessions.done(table.flow.session.id, Phase.WRITE) == []


def test_every_control_of_a_session_has_a_name_for_screen_readers_and_a_tooltip(table: Table) -> None:
    table.begin(Phase.RATE, is_revealed=True, prompts=("Who?", "What?"))
    options(table)
    table.find(QAbstractButton, "Open a poll").click()
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QListView, QPlainTextEdit)
    seen = 0
    for part in (table.view, table.flow.bar, table.flow.dialog):
        for control in part.findChildren(QWidget):
            inner = control.objectName().startswith("qt_") or isinstance(control.parent(), kinds)
            if isinstance(control, kinds) and not inner and not isinstance(control.parent().parent(), QComboBox):
                seen += 1
                where = f"{type(part).__name__}: {type(control).__name__} {control.accessibleName()!r}"
                assert control.accessibleName(), where
                assert control.toolTip(), where
    assert seen > 30
