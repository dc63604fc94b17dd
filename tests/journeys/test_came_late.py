"""People who were offline while a session ended, and come back with what they wrote for it: nothing of it is lost, and
they are told what became of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QRadioButton

from cowrite.core.sessions.polls import Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase
from helpers.desk import notices
from helpers.session_table import Table, published, until

pytestmark = pytest.mark.journey


@pytest.fixture
def pair(sit, team_server, role):
    """Ada who may edit and leads, and Bo, at one document."""
    tables = []
    for name, may in (("Ada", "editor"), ("Bo", role)):
        desk = sit(name)
        draft = desk.joined(team_server.invite("plan", may))
        tables.append(Table(desk, draft))
    return tables


def shown(table: Table) -> str:
    """What the session's own place says."""
    return "\n".join(label.text() for label in table.view.findChildren(QLabel) if label.isVisible())


def go_offline(table: Table) -> None:
    table.draft.window.actions_["work_offline"].trigger()
    table.desk.until(lambda: table.draft.connection.is_apart)


def come_back(table: Table) -> None:
    table.draft.window.actions_["work_offline"].trigger()
    table.desk.until(lambda: table.flow.session is None)


@pytest.mark.parametrize("role", ["editor", "commenter"])
def test_whoever_votes_offline_while_the_session_ends_is_told_that_it_does_not_count_and_why_they_objected(pair):
    ada, bo = pair
    session = ada.begin(Phase.DECIDE, facilitator="Ada", is_revealed=True)
    question = Poll("", PollKind.CONSENT, "So?", (Option("note:1", "one"),), session=session)
    poll = ada.brainstorm.polls.open(question)
    until(bo, holds=lambda table: table.draft.brainstorming._sessions is not None)
    bo.draft.brainstorming.show("session")
    until(bo, holds=lambda table: table.view.findChildren(QRadioButton))
    go_offline(bo)
    bo.find(QRadioButton, "I object").click()
    reason = bo.find(QLineEdit, "Reason")
    QTest.keyClicks(reason, "The bank is too steep")
    QTest.keyClick(reason, Qt.Key.Key_Return)
    ada.flow.leading.end(session)
    until(ada, holds=lambda table: table.brainstorm.polls.get(poll).is_closed)
    come_back(bo)
    words = "closed before your ballot had arrived, so it does not count. You wrote: “The bank is too steep”."
    until(bo, holds=lambda table: words in notices(table.draft) and words in shown(table))
    assert bo.brainstorm.polls.get(poll).ballots == ()


@pytest.mark.parametrize("role", ["commenter"])
def test_a_note_that_comes_too_late_for_the_board_is_still_shown_to_its_author_when_the_session_is_over(pair):
    ada, bo = pair
    session = ada.begin(Phase.WRITE, facilitator="Ada")
    until(bo, holds=lambda table: table.draft.brainstorming._sessions is not None)
    bo.draft.brainstorming.show("session")
    until(bo, holds=lambda table: table.view.page is table.pad)
    go_offline(bo)
    bo.write("Trees")
    ada.write("Benches")
    ada.flow.leading.end(session)
    until(ada, holds=lambda table: published(table) == ["Benches"])
    come_back(bo)
    words = "The notes were revealed before yours had arrived; ask somebody who may write on the board to add them."
    until(bo, holds=lambda table: words in notices(table.draft) and words in shown(table))
    assert sorted(note.text for note in bo.brainstorm.visibility.notes()) == ["Benches", "Trees"]
    assert published(ada) == published(bo) == ["Benches"]


@pytest.mark.parametrize("role", ["editor"])
def test_what_a_former_leader_wanted_revealed_offline_stays_sealed_as_long_as_the_group_writes(pair):
    ada, bo = pair
    session = ada.begin(Phase.WRITE, facilitator="Ada")
    until(bo, holds=lambda table: table.draft.brainstorming._sessions is not None)
    bo.draft.brainstorming.show("session")
    until(bo, holds=lambda table: table.view.page is table.pad)
    bo.write("Trees")
    until(ada, holds=lambda table: table.brainstorm.box.contributions(session).notes == 1)
    go_offline(ada)
    ada.draft.window.actions_["session_next"].trigger()
    assert ada.flow.session.phase is Phase.REVEAL
    bo.desk.until(lambda: bo.offer() == "Ada leads this session and is not here.")
    bo.bar("Take over").click()
    bo.desk.until(bo.draft.window.actions_["session_next"].isEnabled)
    ada.draft.window.actions_["work_offline"].trigger()
    until(
        ada, bo, holds=lambda table: table.flow.session.facilitator == "Bo" and table.flow.session.phase is Phase.WRITE
    )
    words = "What lies sealed was not opened when you were back, because Bo leads this session now."
    until(ada, holds=lambda table: words in notices(table.draft))
    words = "The group is at Write; that you took it to Reveal offline does not count."
    until(ada, holds=lambda table: words in notices(table.draft))
    bo.write("A pond")
    until(ada, holds=lambda table: table.brainstorm.box.contributions(session).notes == 2)
    assert published(ada) == published(bo) == []
    bo.flow.leading.move(Phase.REVEAL)
    if bo.flow.dialog is not None:
        bo.answer("Reveal")
    until(ada, bo, holds=lambda table: published(table) == ["A pond", "Trees"])
