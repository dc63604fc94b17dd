"""People who hold a session without all of them being editors: what each may say there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QSpinBox

from cowrite.core.sessions.polls import Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase
from cowrite.core.sessions.tally import tally
from helpers.desk import SAVED, server
from helpers.session_table import Table, begin_by_keys, published, until

pytestmark = pytest.mark.journey


@pytest.fixture(params=["commenter", "suggester"])
def roles(sit, team_server, request):
    """Ada who may edit, Bo who may comment or suggest, and Cy who may read, at one document."""
    seats = []
    for name, role in (("Ada", "editor"), ("Bo", request.param), ("Cy", "viewer")):
        desk = sit(name)
        draft = desk.joined(team_server.invite("plan", role))
        seats.append(Table(desk, draft))
    return seats


def test_whoever_comments_or_suggests_writes_sealed_notes_and_votes_and_whoever_reads_does_not(roles):
    ada, bo, cy = roles
    begin_by_keys(ada, bo, cy, length="Quick")
    session = ada.flow.session.id
    ada.brainstorm.sessions.go_to(session, Phase.WRITE)
    for table in (bo, cy):
        table.draft.brainstorming.show("session")
    until(bo, cy, holds=lambda table: table.flow.session.phase is Phase.WRITE)
    until(cy, holds=lambda table: table.find(QPlainTextEdit, "A new note").isReadOnly())
    until(bo, holds=lambda table: not table.find(QPlainTextEdit, "A new note").isReadOnly())
    bo.write("Trees")
    until(ada, holds=lambda table: table.brainstorm.box.contributions(session).notes == 1)
    until(ada, holds=lambda table: table.flow.refresh() or "Bo" in table.flow.taking_part)
    assert "Cy" not in ada.flow.taking_part
    ada.brainstorm.box.reveal(session)
    until(ada, bo, holds=lambda table: published(table) == ["Trees"])
    assert [note.author for note in bo.brainstorm.visibility.published()] == ["Bo"]
    until(bo, holds=lambda table: table.flow.refresh() or table.find(QPlainTextEdit, "A new note").isReadOnly())

    poll = ada.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", (Option("a", "Trees"),), session=session))
    ada.brainstorm.sessions.go_to(session, Phase.RATE)
    until(bo, cy, holds=lambda table: table.view.polls.findChildren(QSpinBox))
    assert not cy.find(QSpinBox, "Dots for Trees").isEnabled()
    QTest.keyClick(bo.find(QSpinBox, "Dots for Trees"), Qt.Key.Key_Up)
    until(ada, holds=lambda table: table.brainstorm.box.voters(poll) == 1)
    ada.brainstorm.box.close(poll)
    until(bo, holds=lambda table: table.brainstorm.visibility.poll(poll).is_closed)
    (ballot,) = tally(bo.brainstorm.visibility.poll(poll)).counted
    assert (ballot.voter, ballot.dots) == ("Bo", {"a": 1})
    assert server(bo.draft) == SAVED


@pytest.mark.parametrize("is_offline", [False, True])
def test_whoever_comments_is_done_by_the_name_alone_that_they_have_taken_offline_or_not(roles, is_offline):
    ada, bo, cy = roles
    begin_by_keys(ada, bo, cy, length="Quick")
    bo.bar("I’m done").click()
    session = ada.flow.session
    until(ada, holds=lambda table: table.brainstorm.sessions.done(session.id, session.phase) == ["Bo"])
    if is_offline:
        bo.draft.window.actions_["work_offline"].trigger()
        until(ada, holds=lambda table: "Bo" not in table.flow.taking_part)
    bo.draft.window.people.me_changed.emit("Bea", "#336699")
    if is_offline:
        bo.draft.window.actions_["work_offline"].trigger()
    until(ada, holds=lambda table: table.brainstorm.sessions.done(session.id, session.phase) == ["Bea"])
    until(bo, holds=lambda table: server(table.draft) == SAVED)
