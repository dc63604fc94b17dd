"""How a session begins, from a question alone or a template."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDateTimeEdit, QLabel, QLineEdit

from cowrite.app.session.begin import start_session
from cowrite.core.board.items import Place
from cowrite.core.decisions.actions import Action
from cowrite.core.sessions.sessions import VARIANTS, Phase
from cowrite.gui.session.begin_dialog import BeginDialog
from cowrite.gui.session.values import Beginning
from cowrite.storage.session_templates import SessionTemplate
from helpers.desk import notices, texts
from helpers.session_table import Table

FULL = VARIANTS["full"]


def test_ctrl_alt_b_begins_a_session_with_the_question_alone_and_none_while_somebody_else_leads_one(
    table: Table,
) -> None:
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "How might we rest?")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    session = table.flow.session
    assert (session.question, session.phase, session.facilitator) == ("How might we rest?", Phase.FRAME, "Ada")
    assert table.flow.bar.isVisible()
    assert not dialog.isVisible()

    table.brainstorm.sessions.change(session.id, facilitator="Bo")
    table.flow.refresh()
    table.draft.window.actions_["session_begin"].trigger()
    assert not [each for each in table.draft.window.findChildren(BeginDialog) if each.isVisible()]
    assert "Bo leads a session here" in notices(table.draft)


def test_a_session_begins_with_what_earlier_ones_have_left_to_do_and_only_then(table: Table) -> None:
    table.brainstorm.decisions.actions.add(Action("", "dig"))
    start_session(table.flow, Beginning("Where?", FULL), None)
    assert table.flow.session.phase is Phase.OPEN
    table.flow.leading.end(table.flow.session.id)
    (action,) = table.brainstorm.decisions.actions.all()
    table.brainstorm.decisions.actions.change(replace(action, is_done=True))
    start_session(table.flow, Beginning("Where?", FULL), None)
    table.flow.refresh()
    assert table.flow.session.phase is Phase.FRAME
    assert table.flow.bar._phase.text() == "Question 1/11"


def test_a_session_that_arrives_shows_its_bar_without_a_tab_being_chosen(table: Table) -> None:
    entries = table.draft.document.entries("board")
    entries.add("session:1", {"question": "?", "phase": "write", "phases": ["write"]})
    table.desk.until(lambda: table.draft.brainstorming._sessions is not None)
    assert table.flow.bar.isVisible()
    assert table.draft.window.views.name == "draft"


def test_a_template_puts_frames_on_the_board_and_prompts_on_the_pad(table: Table) -> None:
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "What should we keep?")
    dialog._template.setCurrentIndex(dialog._template.findText("Start, stop, continue"))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert {frame.title for frame in table.brainstorm.board.frames()} == {"Start", "Stop", "Continue"}
    assert not table.brainstorm.board.groups()  # of the same names, they would know nothing of each other
    table.flow.look(Phase.WRITE)
    assert table.find(QLabel, "A way to look at it").text() == "Start: What should we begin to do?"


def test_the_groups_of_a_template_are_there_in_its_order(table: Table) -> None:
    start_session(table.flow, Beginning("Where?", FULL), SessionTemplate("mine", "Mine", groups=("B", "A", "C")))
    assert [group.title for group in table.brainstorm.board.groups()] == ["B", "A", "C"]


def test_a_template_of_ones_own_is_kept_and_listed_the_next_time(table: Table) -> None:
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    table.find(QAbstractButton, "More: phases, rules, who leads", dialog).click()
    table.find(QAbstractButton, "Save this as a template", dialog).click()
    QTest.keyClicks(table.find(QLineEdit, "Title of the template", dialog), "Mondays")
    table.find(QAbstractButton, "Keep", dialog).click()
    assert (table.desk.paths.templates / "mondays.toml").is_file()
    dialog.reject()
    table.draft.window.actions_["session_begin"].trigger()
    assert table.flow.dialog._template.findText("Mondays (yours)") >= 0


def test_beginning_another_ends_the_one_that_runs(table: Table) -> None:
    first = table.begin()
    table.write("Trees")
    own = table.desk.paths.templates
    own.mkdir(parents=True)
    for name in "abc":
        (own / f"{name}.toml").write_text("title = 1")
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    told = table.find(QLabel, "What went wrong", dialog)
    assert "still running" in told.text()
    assert "b.toml”, line 1, cannot be used" in told.text()
    assert told.text().endswith("1 more of your templates cannot be used either.")
    assert told.property("tone") == "warning"  # that of what waits is the colour of links
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "And now?")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert table.flow.session.question == "And now?"
    assert table.brainstorm.sessions.get(first).is_over
    table.desk.until(lambda: [note.text for note in table.brainstorm.visibility.published()] == ["Trees"])


def test_notes_lie_below_the_frames_of_a_template_and_never_on_each_other(table: Table) -> None:
    table.brainstorm.board.add_frame("Start", Place(0, 0, 640, 900))
    table.begin()
    table.write("Trees", "Benches", "A pond")
    table.bar("Next").click()
    table.flow.look(Phase.WRITE)
    table.write("Sand")
    table.desk.until(lambda: len(table.brainstorm.visibility.published()) == 4)
    places = [note.place for note in table.brainstorm.visibility.published()]
    assert all(place.y > 900 for place in places)
    assert len({(place.x, place.y) for place in places}) == 4


def test_an_asynchronous_session_begins_with_writing_until_its_day(table: Table) -> None:
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "How might we rest?")
    dialog._variant.setCurrentIndex(dialog._variant.findData("asynchronous"))
    until = table.find(QDateTimeEdit, "Write until", dialog)
    until.setDateTime(until.dateTime().addYears(-1))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert table.flow.session is None
    assert "The time until which to write is over already; choose a later one." in texts(dialog)
    until.setDateTime(until.dateTime().addYears(1))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    session = table.flow.session
    assert session.phase is Phase.WRITE
    assert session.deadline.ends == session.writes_until > 0
    assert "until" in table.flow.bar.countdown.text()
