"""People who hold a session: real windows, a real server, and what lies sealed there."""

from __future__ import annotations

from time import time

import jwt
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase
from cowrite.core.sessions.tally import tally
from helpers.desk import SAVED, notices, server
from helpers.session_table import Table, begin_by_keys, published, until
from helpers.team_server import TeamServer

pytestmark = pytest.mark.journey
PROVIDER = "0123456789abcdef0123456789abcdef"
"""The secret of the team's identity provider."""


@pytest.fixture
def group(sit, team_server):
    """Ada, Bo and Cy at one document."""
    tables = []
    for name in ("Ada", "Bo", "Cy"):
        desk = sit(name)
        draft = desk.joined(team_server.invite("plan"))
        tables.append(Table(desk, draft))
    return tables


def test_three_people_go_from_a_question_to_a_result(group, monkeypatch):
    ada, bo, cy = group
    pointed_at, windows = [], {table.draft.window for table in group}
    monkeypatch.setattr(QApplication, "alert", pointed_at.append)
    begin_by_keys(ada, bo, cy, length="Quick")
    assert ada.flow.session.phase is Phase.FRAME
    ada.desk.until(lambda: set(pointed_at) == windows)
    pointed_at.clear()
    for table in group:
        table.draft.brainstorming.show("session")
    ada.draft.window.actions_["session_next"].trigger()
    until(*group, holds=lambda table: table.view.page is table.pad)
    ada.desk.until(lambda: set(pointed_at) == windows - {ada.draft.window})

    ada.write("Trees")
    bo.write("Benches", "A pond")
    until(*group, holds=lambda table: "2 people, 3 notes sealed" in table.bar_text("What lies sealed"))
    assert [published(table) for table in group] == [[], [], []]

    # Cy is in the middle of a sentence while Ada reveals.
    QTest.keyClicks(cy.find(QPlainTextEdit, "A new note"), "Sand to pl")
    bo.bar("I’m done").click()
    until(ada, holds=lambda table: table.bar_text("Who is done") != "")
    ada.bar("Next").click()
    assert ada.flow.dialog.informativeText() == "Cy is not done yet. What comes later is accepted too."
    ada.answer("Reveal")
    until(*group, holds=lambda table: published(table) == ["A pond", "Benches", "Trees"])
    until(bo, holds=lambda table: table.view.page is table.view.plain)
    assert cy.view.page is cy.pad
    assert cy.offer() == "The group is at Reveal; you are at Write."
    QTest.keyClicks(cy.find(QPlainTextEdit, "A new note"), "ay with")
    QTest.keyClick(cy.find(QPlainTextEdit, "A new note"), Qt.Key.Key_Return)
    until(*group, holds=lambda table: len(published(table)) == 4)
    for table in group:
        late = [note.text for note in table.brainstorm.visibility.published() if note.is_late]
        assert late == ["Sand to play with"]
    cy.flow.go_there()

    # Bo groups two of them, and all vote.
    ids = {note.text: note.id for note in bo.brainstorm.visibility.published()}
    bo.brainstorm.board.group([ids["Trees"], ids["A pond"]], "Nature", session=bo.flow.session.id)
    until(ada, holds=lambda table: len(table.brainstorm.visibility.options(table.flow.session.id)) == 3)
    ada.bar("Next").click()
    until(*group, holds=lambda table: table.view.page is table.view.polls)
    ada.find(QAbstractButton, "Open a poll").click()
    ada.find(QAbstractButton, "Open the poll", ada.flow.dialog).click()
    until(*group, holds=lambda table: table.brainstorm.visibility.polls() and table.view.polls.findChildren(QSpinBox))
    for table, option in ((ada, "Nature"), (bo, "Nature"), (cy, "Benches")):
        box = table.find(QSpinBox, f"Dots for {option}")
        QTest.keyClick(box, Qt.Key.Key_Up)
        QTest.keyClick(box, Qt.Key.Key_Up)
    until(ada, holds=lambda table: "All 3 have voted" in table.text("How many have voted"))
    until(*group, holds=lambda table: not table.brainstorm.box.waiting)  # their second dots
    assert all(not poll.ballots for table in group for poll in table.brainstorm.polls.all())
    ada.find(QAbstractButton, "Close the poll").click()
    until(*group, holds=lambda table: table.brainstorm.visibility.polls()[0].is_closed)
    first, *others = [tally(table.brainstorm.visibility.polls()[0]) for table in group]
    assert others == [first, first]
    assert [count.value for count in first.counts] == [4, 2, 0]
    until(*group, holds=lambda table: "“Nature” is at the top." in table.text("Result"))


def test_when_whoever_leads_is_gone_somebody_takes_over_unless_they_are_offline_themselves(group):
    ada, bo, _ = group
    begin_by_keys(ada, bo)
    bo.draft.brainstorming.show("session")
    offline = bo.draft.window.actions_["work_offline"]
    offline.trigger()
    alone = "You are offline, and the group may have gone on. Ada leads this session."
    bo.desk.until(lambda: bo.offer() == alone)
    buttons = bo.flow.bar.findChildren(QAbstractButton)
    assert "Take over" not in [each.text() for each in buttons if each.isVisible()]
    ada.bar("Next").click()
    offline.trigger()
    bo.desk.until(lambda: bo.flow.session.phase is Phase.WRITE and bo.offer() != alone)
    assert "Ada leads" not in bo.offer()
    assert bo.flow.session.facilitator == "Ada"

    ada.write("Trees")
    until(bo, holds=lambda table: "1 person, 1 note sealed" in table.bar_text("What lies sealed"))
    assert not bo.draft.window.actions_["session_next"].isEnabled()
    assert ada.draft.window.close()
    bo.desk.until(lambda: bo.offer() == "Ada leads this session and is not here.")
    bo.bar("Take over").click()
    bo.desk.until(bo.draft.window.actions_["session_next"].isEnabled)
    bo.flow.leading.move(Phase.REVEAL)
    bo.answer("Reveal")
    assert bo.flow.session.phase is Phase.REVEAL
    assert bo.flow.session.facilitator == "Bo"
    until(bo, holds=lambda table: published(table) == ["Trees"])


def test_whoever_reveals_late_pulls_nobody_back_and_whoever_objects_late_is_told_that_it_does_not_count(group):
    ada, bo, cy = group
    ada.begin(facilitator="")
    until(bo, cy, holds=lambda table: table.draft.brainstorming._sessions is not None)
    for table in group:
        table.draft.brainstorming.show("session")
    until(bo, cy, holds=lambda table: table.view.page is table.pad)
    cy.write("Trees")
    until(ada, bo, holds=lambda table: "1 person, 1 note sealed" in table.bar_text("What lies sealed"))
    ada.bar("Next").click()
    bo.bar("Next").click()  # at the same time
    ada.answer("Reveal")
    until(*group, holds=lambda table: published(table) == ["Trees"])
    ada.go(Phase.GROUP)
    until(bo, holds=lambda table: table.flow.session.phase is Phase.GROUP)

    bo.answer("Reveal")
    assert bo.flow.session.phase is Phase.GROUP
    until(ada, bo, holds=lambda table: table.flow.session.phase is Phase.GROUP)
    assert published(bo) == ["Trees"]

    ada.go(Phase.DECIDE)
    question = Poll("", PollKind.CONSENT, "So?", (Option("note:1", "one"),), session=ada.flow.session.id)
    poll = ada.brainstorm.polls.open(question)
    until(bo, holds=lambda table: table.flow.session.phase is Phase.DECIDE)
    bo.flow.go_there()
    until(bo, holds=lambda table: table.view.findChildren(QRadioButton))
    bo.find(QRadioButton, "I object").click()
    reason = bo.find(QLineEdit, "Reason")
    reason.setFocus()
    QTest.keyClicks(reason, "The bank is too steep")
    ada.brainstorm.box.close(poll)
    until(bo, holds=lambda table: "so it does not count" in notices(table.draft))
    assert "You wrote: “The bank is too steep”." in notices(bo.draft)
    assert bo.brainstorm.polls.get(poll).ballots == ()


def test_what_one_has_chosen_of_timer_and_pointers_holds_in_every_window_and_after_a_restart(sit):
    desk = sit()
    first, second = Table(desk, desk.new()), Table(desk, desk.new())
    for table in (first, second):
        table.begin()
    (heard,) = [each for each in first.flow.bar.countdown.menu().actions() if "Sound" in each.text()]
    assert not heard.isChecked()
    heard.trigger()
    assert second.draft.window.actions_["timer_sound"].isChecked()
    second.draft.window.actions_["show_pointers"].trigger()
    assert not first.draft.window.actions_["show_pointers"].isChecked()
    desk.leave()

    actions = sit().new().window.actions_
    assert actions["timer_sound"].isChecked()
    assert not actions["show_pointers"].isChecked()


def test_a_session_waits_for_somebody_who_opens_the_document_later(sit, team_server):
    ada = sit("Ada")
    table = Table(ada, ada.join(team_server.invite("plan")))
    ada.until(lambda: server(table.draft) == SAVED)
    id = table.begin()
    table.write("Trees")
    ada.until(lambda: server(table.draft) == SAVED and not table.brainstorm.box.problem(id))
    bo = sit("Bo")
    late = Table(bo, bo.join(team_server.invite("plan")))
    bo.until(lambda: late.draft.brainstorming._sessions is not None)
    bo.until(lambda: "1 person, 1 note sealed" in late.bar_text("What lies sealed"))
    assert late.draft.window.views.name == "draft"
    assert b"Trees" not in late.draft.document.state()


def test_who_leads_under_another_name_and_who_votes_and_leaves_are_each_counted_once(group):
    ada, bo, cy = group
    id = ada.begin(Phase.RATE, is_revealed=True, facilitator="Ada")
    until(bo, cy, holds=lambda table: table.draft.brainstorming._sessions is not None)
    poll = ada.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", (Option("note:1", "one"),), session=id))
    until(*group, holds=lambda table: "0 of 3 have voted" in table.bar_text("What lies sealed"))
    ada.flow.toggle_done()

    ada.desk.application.choices.set_me("Ada Lovelace", "#c4314b")
    until(*group, holds=lambda table: table.flow.session.facilitator == "Ada Lovelace")
    until(*group, holds=lambda table: table.brainstorm.sessions.done(id, Phase.RATE) == ["Ada Lovelace"])
    until(bo, cy, holds=lambda table: "Ada Lovelace" in table.flow.people)
    assert ada.flow.may_lead
    for table in group:
        table.flow.refresh()
        assert "0 of 3 have voted" in table.bar_text("What lies sealed")
    assert "is not here" not in bo.offer()

    assert "0 of 3 have voted" in ada.text("How many have voted")
    bo.brainstorm.box.put_ballot(poll, Ballot(dots={"note:1": 1}))
    until(ada, holds=lambda table: "1 of 3 have voted" in table.text("How many have voted"))
    bo.desk.leave()
    until(ada, holds=lambda table: len(table.flow.people) == 2)
    ada.brainstorm.box.put_ballot(poll, Ballot(dots={"note:1": 1}))
    until(ada, holds=lambda table: "2 of 3 have voted" in table.text("How many have voted"))
    cy.desk.leave()
    until(ada, holds=lambda table: len(table.flow.people) == 1)
    assert "2 of 3 have voted" in ada.text("How many have voted")
    assert "2 of 3 have voted" in ada.bar_text("What lies sealed")


def test_a_nameless_session_names_nobody_though_it_is_over_before_what_was_begun_in_it(group):
    ada, bo, _ = group
    ada.begin(is_anonymous=True)
    until(bo, holds=lambda table: table.draft.brainstorming._sessions is not None)
    bo.draft.brainstorming.show("session")
    until(bo, holds=lambda table: table.view.page is table.pad)
    ada.write("Trees")
    bo.write("Benches")
    until(ada, holds=lambda table: "2 people, 2 notes sealed" in table.bar_text("What lies sealed"))
    assert ada.brainstorm.sessions.contributed(ada.flow.session.id) == []
    ada.bar("Next").click()
    ada.answer("Reveal")
    until(*group, holds=lambda table: published(table) == ["Benches", "Trees"])
    for table in group:
        assert {note.author for note in table.brainstorm.visibility.published()} == {""}
    ada.flow.leading.end(ada.flow.session.id)
    until(bo, holds=lambda table: table.view.page is not table.pad)

    for place, end in (("session", "Enter"), ("board", "Enter"), ("ideas", "closing")):
        until(bo, holds=lambda table: table.flow.session is None)
        id = ada.begin(is_anonymous=True)
        until(bo, holds=lambda table, id=id: table.flow.session is not None and table.flow.session.id == id)
        bo.draft.brainstorming.show(place)
        field = begun_note(bo, place)
        if place == "board":
            until(ada, holds=lambda table: "1 note sealed" in table.bar_text("What lies sealed"))
        ada.flow.leading.end(id)
        until(bo, holds=lambda table, id=id: table.flow.session is None and not table.brainstorm.box.notes(id))
        if place == "session":
            until(bo, holds=lambda table: "Everybody sees these at once" in table.text("Who sees these notes"))
        QTest.keyClicks(field, f"ay with on {place}")
        if end == "closing":
            assert bo.draft.window.close()
        else:
            QTest.keyClick(field, Qt.Key.Key_Return)
        words = f"Sand to play with on {place}"
        until(ada, holds=lambda table, words=words: words in published(table))
        (note,) = [each for each in ada.brainstorm.visibility.published() if each.text == words]
        assert (note.author, note.session) == ("", id), place
        if place == "session":
            until(bo, holds=lambda table: table.view.page is not table.pad)
    assert not any(fields.get("author") for _, fields in ada.draft.document.entries("board").all("note"))


def begun_note(table: Table, place: str) -> QWidget:
    """The field of a note, in whose text somebody is in the middle of a word."""
    shown = table.draft.brainstorming.view(place)
    field: QWidget
    if place == "session":
        until(table, holds=lambda table: table.view.page is table.pad)
        field = table.find(QPlainTextEdit, "A new note")
    elif place == "ideas":
        table.desk.until(lambda: "sealed" in shown.list.input.accessibleName())
        field = shown.list.input
    else:
        shown.writing.new_note()
        field = shown.writing.field
    QTest.keyClicks(field, "Sand to pl")
    return field


def test_two_people_of_one_name_are_two_in_a_session_on_every_computer(sit, team_server):
    first, second = (sit("Ada", at) for at in ("here", "there"))
    ada, other = (Table(desk, desk.join(team_server.invite("plan"))) for desk in (first, second))
    until(ada, other, holds=lambda table: server(table.draft) == SAVED)
    begin_by_keys(ada, other)
    until(ada, other, holds=lambda table: sorted(table.flow.people) == ["Ada", "Ada (2)"])
    assert (ada.brainstorm.me, other.brainstorm.me) == ("Ada", "Ada (2)")
    assert not other.draft.window.actions_["session_next"].isEnabled()
    other.bar("I’m done").click()
    now = ada.flow.session
    until(ada, holds=lambda table: table.brainstorm.sessions.done(now.id, now.phase) == ["Ada (2)"])
    assert not ada.draft.window.actions_["session_done"].isChecked()
    other.draft.window.people.me_changed.emit("Bea", "#336699")
    until(ada, holds=lambda table: sorted(table.flow.people) == ["Ada", "Bea"])
    until(other, holds=lambda table: table.brainstorm.me == "Bea")


def has_a_dot_for_trees(table: Table) -> bool:
    """Whether a field shows it; while a form takes the place of another one, both are there."""
    fields = table.view.polls.findChildren(QSpinBox)
    return any(each.value() == 1 for each in fields if each.accessibleName() == "Dots for Trees")


def test_somebody_who_signs_in_on_two_computers_is_one_and_has_one_ballot(sit, tmp_path):
    (tmp_path / "provider").write_text(PROVIDER)
    team_server = TeamServer(tmp_path, "--jwt-secret", str(tmp_path / "provider"))
    tables = []
    for at, person in (("office", "Ada"), ("home", "Ada"), ("desk", "Ben")):
        content = {"sub": person, "name": person, "exp": time() + 600, "rooms": {"plan": "editor"}}
        link = f"cowrite://127.0.0.1:{team_server.port}/plan#{jwt.encode(content, PROVIDER, 'HS256')}"
        desk = sit(f"{person} at {at}", at)
        tables.append(Table(desk, desk.join(link)))
        desk.until(lambda: server(tables[-1].draft) == SAVED)
    office, home, ben = tables
    begin_by_keys(ben, office, home)
    until(*tables, holds=lambda table: sorted(table.flow.people) == ["Ada", "Ben"])
    poll = ben.brainstorm.polls.open(
        Poll("", PollKind.DOTS, "Which?", (Option("a", "Trees"), Option("b", "Benches")), session=ben.flow.session.id)
    )
    until(*tables, holds=lambda table: table.brainstorm.visibility.poll(poll) is not None)
    for table in tables:
        table.flow.look(Phase.RATE)
    for table, option in ((office, "Trees"), (home, "Benches"), (ben, "Trees")):
        until(table, holds=lambda table: table.view.polls.findChildren(QSpinBox))
        QTest.keyClick(table.find(QSpinBox, f"Dots for {option}"), Qt.Key.Key_Up)
        if table is office:
            until(home, holds=has_a_dot_for_trees)
            until(home, holds=lambda table: "1 of 2 have voted" in table.text("How many have voted"))
    until(*tables, holds=lambda table: "All 2 have voted" in table.text("How many have voted"))
    until(office, home, holds=lambda table: table.brainstorm.box.ballot(poll) == Ballot(dots={"a": 1, "b": 1}))
    ben.brainstorm.box.close(poll)
    until(*tables, holds=lambda table: table.brainstorm.visibility.poll(poll).is_closed)
    first, *others = [tally(table.brainstorm.visibility.poll(poll)) for table in tables]
    assert others == [first, first]
    assert sorted(ballot.voter for ballot in first.counted) == ["Ada", "Ben"]
    team_server.process.kill()
