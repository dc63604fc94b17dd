"""What the phases of a session show besides the pad."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QListWidget, QPlainTextEdit, QRadioButton, QWidget

from cowrite.core.board.items import Hand, Note, Place
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.sessions.sessions import VARIANTS, Phase, Worth
from cowrite.gui.look.theme import named, stylesheet
from cowrite.gui.session.pages import FramePage
from cowrite.sync.rights import Rights
from helpers.session_table import Table

FULL = VARIANTS["full"]
Shown = TypeVar("Shown", bound=QWidget)


def test_open_actions_and_due_decisions_come_first_and_are_carried_on_with_one_key(table: Table) -> None:
    decisions = table.brainstorm.decisions
    decisions.add(Decision("", "Where?", Status.ACCEPTED, outcome="In the yard", review_on="2020-01-01"))
    action = decisions.actions.add(Action("", "buy seeds", when="If it rains", owner="Bo"))
    decisions.actions.add(Action("", "dig", is_done=True))
    id = table.begin(Phase.OPEN)
    rows = table.find(QListWidget, "Still open")
    assert [rows.item(row).text() for row in range(rows.count())] == [
        "Review 2020-01-01: In the yard",
        "If it rains: buy seeds · Bo",
    ]
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_C)
    assert next(each for each in decisions.actions.all() if each.id == action).session == id
    table.flow.refresh()
    QTest.keyClick(rows, Qt.Key.Key_Space)
    assert next(each for each in decisions.actions.all() if each.id == action).is_done


def test_an_action_that_is_ticked_stays_in_sight_and_can_be_ticked_off_again(table: Table) -> None:
    action = table.brainstorm.decisions.actions.add(Action("", "dig"))
    table.begin(Phase.OPEN)
    rows = table.find(QListWidget, "Still open")
    rows.setFocus()
    for is_done in (True, False):
        QTest.keyClick(rows, Qt.Key.Key_Space)
        table.flow.refresh()
        assert rows.item(0).text() == "dig"
        assert rows.item(0).checkState() == (Qt.CheckState.Checked if is_done else Qt.CheckState.Unchecked)
        assert [each.is_done for each in table.brainstorm.decisions.actions.all() if each.id == action] == [is_done]

    QTest.keyClick(rows, Qt.Key.Key_Space)
    table.flow.leading.end(table.flow.session.id)
    table.begin(Phase.OPEN)
    assert table.text("What is still open").startswith("Nothing is open")


def test_the_action_that_is_marked_stays_so_when_a_teammate_removes_one_before_it(table: Table) -> None:
    words = ("buy seeds", "dig", "water")
    actions = [table.brainstorm.decisions.actions.add(Action("", each, created=at)) for at, each in enumerate(words, 1)]
    id = table.begin(Phase.OPEN)
    rows = table.find(QListWidget, "Still open")
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    table.brainstorm.decisions.actions.remove(actions[0])
    table.flow.refresh()
    QTest.keyClick(rows, Qt.Key.Key_C)
    assert [each.what for each in table.brainstorm.decisions.actions.all() if each.session == id] == ["dig"]


def test_who_does_not_lead_is_not_sent_to_a_button_that_they_do_not_have(table: Table) -> None:
    table.begin(Phase.OPEN, facilitator="Ada")
    assert table.text("What is still open") == "Nothing is open, and no decision is due. Go on with Next."
    table.flow.change(facilitator="Bo")
    table.flow.refresh()
    assert table.text("What is still open") == "Nothing is open, and no decision is due."


def test_the_ways_on_from_a_page_stand_beside_each_other_as_everywhere_else(table: Table) -> None:
    table.begin(Phase.GROUP)
    board, ideas = (table.find(QAbstractButton, f"Go to the {name}") for name in ("board", "list"))
    table.desk.until(lambda: board.isVisible() and ideas.x() > board.x())
    assert ideas.y() == board.y()


def test_a_reveal_that_waits_for_the_server_says_so(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = "You are offline; what lies sealed at the server is revealed when the connection is back."
    table.begin(Phase.WRITE)
    monkeypatch.setattr(table.brainstorm.box, "problem", lambda _box: problem)
    table.go(Phase.REVEAL)
    assert problem in [label.text() for label in table.view.plain.findChildren(QLabel)]
    table.go(Phase.WRITE)
    table.write("Trees")
    table.go(Phase.GROUP)
    assert problem in [label.text() for label in table.view.plain.findChildren(QLabel)]


def test_building_shows_a_few_grouped_notes_of_others_and_says_what_was_built_on(table: Table) -> None:
    id = table.begin(Phase.BUILD, is_revealed=True)
    ids = table.brainstorm.board.add(
        Note("", f"Idea {number}", Place(0, 0), author="Bo", session=id) for number in range(9)
    )
    table.brainstorm.board.group(ids[:2], "Green", session=id)
    table.flow.refresh()
    seeds = [each for each in table.pad.findChildren(QAbstractButton) if each.accessibleName().startswith("Build on")]
    assert len(seeds) == 5
    assert any("Green: Idea" in each.accessibleName() for each in seeds)
    seeds[0].click()
    chosen = seeds[0].accessibleName()
    table.write("Better")
    (mine,) = [note for note in table.brainstorm.visibility.published() if note.text == "Better"]
    (origin,) = mine.builds_on
    assert chosen.endswith(table.brainstorm.visibility.note(origin).text)
    assert not mine.is_late
    assert [(link.start, link.end, link.tie) for link in table.brainstorm.board.links()] == [
        (mine.id, origin, "builds on")
    ]
    table.brainstorm.undo()
    assert len(table.brainstorm.visibility.published()) == 9
    assert table.brainstorm.board.links() == []


def test_whoever_is_alone_builds_on_their_own(table: Table) -> None:
    table.begin(phases=VARIANTS["solo"])
    table.write("Trees")
    table.bar("Next").click()
    table.desk.until(lambda: len(table.brainstorm.visibility.published()) == 1)
    table.flow.refresh()
    table.find(QAbstractButton, "Build on: Trees").click()
    table.write("Lindens")
    built_on = {note.text: note.builds_on for note in table.brainstorm.visibility.published()}
    assert len(built_on["Lindens"]) == 1


def test_the_pages_say_how_far_the_ideas_go_before_and_with_the_assistants(table: Table) -> None:
    id = table.begin(Phase.GROUP, is_revealed=True)
    board, name = table.brainstorm.board, "How far the ideas go"

    def lines() -> list[str]:
        return [each.text() for each in table.view.plain.findChildren(QLabel) if not each.isHidden()]

    board.add([Note("", "Posters at the school", Place(0, 0), session=id)])
    table.flow.refresh()
    assert not any("touches" in line for line in lines())

    given = (("Lend robes to three classes", Hand.MODEL), ("Give away old records", Hand.ADOPTED))
    board.add(Note("", text, Place(0, 0), session=id, hand=hand) for text, hand in given)
    said = "What people wrote touches 1 topic; with the assistant’s it is {}."
    table.desk.until(lambda: said.format(3) in lines())
    table.go(Phase.BUILD)
    assert table.text(name) == said.format(3)
    board.group([note.id for note in table.brainstorm.visibility.published()], "All")
    table.desk.until(lambda: table.text(name) == said.format(1))

    table.go(Phase.WRITE)
    assert table.text(name) == ""


def test_the_last_page_asks_whether_it_was_worth_the_time_and_says_how_it_goes_from_session_to_session(
    table: Table,
) -> None:
    sessions = table.brainstorm.sessions
    first = table.begin(Phase.REVIEW, phases=FULL)
    sessions.say_worth(first, "Bo", Worth.NO)
    sessions.say_worth(first, "Cy", Worth.PARTLY)
    sessions.change(first, is_over=True)
    second = table.begin(Phase.REVIEW, phases=FULL)
    question = "Was it worth the time?"

    def shown(kind: type[Shown]) -> list[Shown]:
        QApplication.processEvents()  # Qt shows what a layout was given
        return [each for each in table.view.plain.findChildren(kind) if each.isVisibleTo(table.view.plain)]

    def said() -> list[str]:
        labels = [each.text() for each in shown(QLabel)]
        return labels[labels.index(question) + 1 :]

    def answers() -> dict[str, QRadioButton]:
        return {each.accessibleName().removeprefix(f"{question} "): each for each in shown(QRadioButton)}

    assert said() == ["In earlier sessions: 1 partly, 1 no."]
    answers()["Partly"].click()
    table.flow.refresh()
    answers()["Yes"].click()
    table.flow.refresh()
    assert [answer for answer, each in answers().items() if each.isChecked()] == ["Yes"]
    assert sessions.worth(second) == {table.brainstorm.me: Worth.YES}
    assert said() == ["So far: 1 yes. In earlier sessions: 1 partly, 1 no."]

    no = answers()["No"]
    table.draft.connection.take_rights(Rights(False, False, False))
    no.click()
    table.flow.refresh()
    assert answers() == {}
    assert sessions.worth(second) == {table.brainstorm.me: Worth.YES}


def test_a_decision_can_be_written_down_without_a_poll_by_whoever_leads(table: Table) -> None:
    table.begin(Phase.DECIDE, rule="One person decides", decider="Ada")
    table.find(QAbstractButton, "Write down the decision").click()
    (decision,) = table.brainstorm.decisions.all()
    assert (decision.question, decision.rule, decision.decider) == ("How might we rest?", "One person decides", "Ada")

    table.brainstorm.sessions.change(table.flow.session.id, facilitator="Bo")
    table.draft.brainstorming.show("session")
    table.flow.refresh()
    buttons = [each for each in table.view.findChildren(QAbstractButton) if "Write down" in each.text()]
    assert all(each.isHidden() for each in buttons)


def test_the_board_shows_all_notes_of_the_session_to_whoever_goes_there(table: Table) -> None:
    table.draft.window.resize(700, 600)
    table.draft.brainstorming.show("board")
    board = table.draft.brainstorming.view("board")
    table.begin()
    table.write(*(f"Idea {number}" for number in range(7)))
    table.bar("Next").click()
    table.desk.until(lambda: len(table.brainstorm.visibility.published()) == 7)
    table.desk.until(lambda: table.view.page is table.view.plain)
    table.flow.refresh()
    table.find(QAbstractButton, "Go to the board").click()
    assert board.canvas.in_sight().contains(board.scene.extent())

    board.canvas.centre(QPointF(5000, 5000))
    board.canvas.zoom_to(1.0)
    table.draft.brainstorming.show("session")
    table.find(QAbstractButton, "Go to the board").click()
    assert board.canvas.in_sight().contains(board.scene.extent())


def test_the_list_begins_with_the_notes_of_the_session_for_whoever_goes_there(table: Table) -> None:
    table.draft.window.resize(700, 600)
    table.brainstorm.board.add(Note("", f"Earlier {number}", Place(0, number * 200)) for number in range(30))
    table.begin(Phase.GROUP, is_revealed=True)
    both = table.two_notes()
    table.flow.refresh()
    table.find(QAbstractButton, "Go to the list").click()
    (selected,) = table.draft.brainstorming.view("ideas").selected_notes()
    assert selected in both  # which were written in one millisecond


def test_a_page_whose_button_has_gone_leaves_the_keyboard_to_the_next_way_on(table: Table) -> None:
    id = table.begin()
    table.write("Trees")
    table.draft.window.activateWindow()
    table.desk.until(table.draft.window.isActiveWindow)
    table.go(Phase.REVEAL)
    reveal = table.find(QAbstractButton, "Reveal all notes")
    reveal.setFocus()
    table.brainstorm.box.reveal(id)
    table.flow.refresh()
    assert table.find(QAbstractButton, "Go to the board").hasFocus()


def test_who_may_only_read_sees_no_notes_of_their_own_to_write(table: Table) -> None:
    table.begin()
    table.draft.connection.take_rights(Rights(False, False, False))
    table.flow.refresh()
    assert table.text("Who sees these notes") == ""
    assert table.find(QPlainTextEdit, "A new note").placeholderText() == ""
    table.draft.connection.take_rights(Rights())
    table.flow.refresh()
    assert "until the reveal" in table.text("Who sees these notes")


def test_the_words_of_the_frame_stand_level_with_the_first_lines_of_its_fields(
    table: Table, qapp: QApplication
) -> None:
    qapp.setStyleSheet(stylesheet(named("light")))
    try:
        table.begin(Phase.FRAME, constraints="Cheap. " * 60)
        page = next(each for each in table.view.findChildren(FramePage) if each.isVisible())
        for label in page.findChildren(QLabel):
            field = label.buddy()
            if isinstance(field, QPlainTextEdit):
                line = field.cursorRect(QTextCursor(field.document().firstBlock())).center()
                line = field.viewport().mapTo(page, line)
            elif field is not None:
                line = field.geometry().center()
            else:
                continue
            words = label.geometry().adjusted(0, label.contentsMargins().top(), 0, 0)
            middle = words.top() + label.fontMetrics().height() / 2
            assert abs(middle - line.y()) <= 2, label.text()
    finally:
        qapp.setStyleSheet("")
