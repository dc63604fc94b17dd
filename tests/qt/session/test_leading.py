"""Who leads a group, and what becomes of steps that cross or come late: none of them pulls anybody back."""

from __future__ import annotations

from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cowrite.app.bare_draft.connection import DraftConnection
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.sessions import Phase, Session, Sessions
from helpers.called import called
from helpers.desk import notices
from helpers.session_table import Table


def test_whoever_led_is_told_who_leads_now_and_the_lead_is_passed_on_to_everybody(table: Table) -> None:
    id = table.begin(facilitator="Ada")
    table.flow.refresh()
    table.brainstorm.sessions.change(id, facilitator="Bo")
    table.flow.refresh()
    assert "Bo leads this session now." in notices(table.draft)
    table.flow.bar.taken_over.emit()
    table.flow.refresh()
    assert "leads this session now" not in notices(table.draft)
    assert table.flow.session.facilitator == "Ada"

    table.flow.bar.passed.emit("")
    table.flow.refresh()
    assert table.flow.session.facilitator == ""
    assert table.flow.may_lead


def test_whoever_takes_over_or_goes_to_the_group_with_the_keyboard_presses_nothing_else_with_the_next_space(
    table: Table, qtbot
) -> None:
    table.draft.window.activateWindow()
    qtbot.waitUntil(table.draft.window.isActiveWindow)
    table.begin(Phase.GROUP, facilitator="Bo", is_revealed=True)
    table.flow.look(Phase.WRITE)
    take = table.bar("Take over")
    take.setFocus()
    QTest.keyClick(take, Qt.Key.Key_Space)
    table.flow.refresh()
    assert table.flow.session.facilitator == "Ada"
    assert called(table.draft.window.focusWidget()) == "The group is at Group, 6 of 12"

    table.begin(Phase.WRITE, facilitator="Bo")
    table.flow.look(Phase.FRAME)
    go = table.bar("The group is at Write — go there")
    QWidget.setTabOrder(go, table.bar("I’m done"))  # to which Qt gives the keyboard when the button goes
    go.setFocus()
    QTest.keyClick(go, Qt.Key.Key_Space)
    assert called(table.draft.window.focusWidget()) == "A new note"


@pytest.mark.parametrize("holds", ["theirs", "ours"])
def test_whoever_takes_the_group_elsewhere_at_the_same_moment_is_told_where_it_is(table: Table, holds: str) -> None:
    id = table.begin(Phase.GROUP, is_revealed=True)
    # Of two values that are set at once that of the higher client holds.
    elsewhere = MendedDocument(client_id=2**52 if holds == "theirs" else 1, clock=lambda: 0)
    elsewhere.apply_remote(table.draft.document.state())
    theirs = Sessions(elsewhere, chance=Random(1), clock=lambda: 0)
    theirs.go_to(id, Phase.RATE, "Bo")
    table.flow.leading.move(Phase.FRAME)
    table.draft.document.apply_remote(elsewhere.state())
    table.flow.refresh()
    told = "Bo took the group to Rate just as you took it to Question. It is at Rate."
    assert (told in notices(table.draft)) is (holds == "theirs")
    assert table.flow.session.phase is (Phase.RATE if holds == "theirs" else Phase.FRAME)

    theirs.go_to(id, Phase.DECIDE, "Bo")
    elsewhere.apply_remote(table.draft.document.state())
    theirs.go_to(id, Phase.ACT, "Bo")  # knowing of all
    table.draft.notices.go_on()
    table.draft.document.apply_remote(elsewhere.state())
    table.flow.refresh()
    assert table.flow.session.phase is Phase.ACT
    assert "Act just as you" not in notices(table.draft)


def test_a_step_that_whoever_led_took_offline_pulls_nobody_back_when_another_leads_on(table: Table) -> None:
    id = table.begin(Phase.GROUP, is_revealed=True, facilitator="Bo")
    offline = MendedDocument(client_id=2**52, clock=lambda: 0)  # whose step would hold
    offline.apply_remote(table.draft.document.state())
    Sessions(offline, chance=Random(1), clock=lambda: 0).go_to(id, Phase.CLARIFY, "Bo")
    table.bar("Take over").click()
    table.flow.leading.move(Phase.DECIDE)
    table.flow.bar.countdown.start_wanted.emit(6)
    table.flow.refresh()
    deadline = table.flow.session.deadline

    table.draft.document.apply_remote(offline.state())
    assert table.flow.session.phase is Phase.CLARIFY
    table.flow.refresh()
    assert table.flow.session.phase is Phase.DECIDE
    assert table.flow.session.deadline == deadline
    offline.apply_remote(table.draft.document.state())
    assert Sessions(offline, chance=Random(1), clock=lambda: 0).get(id).phase is Phase.DECIDE


def gone_on(table: Table) -> tuple[str, Document]:
    """A session that nobody leads, which Ada leads on by two steps, and Bo, without knowing, by one; his copy."""
    id = table.begin(Phase.GROUP, is_revealed=True)
    copy = MendedDocument(client_id=2**52, clock=lambda: 0)  # whose step holds
    copy.apply_remote(table.draft.document.state())
    Sessions(copy, chance=Random(1), clock=lambda: 0).go_to(id, Phase.REVEAL, "Bo")
    for phase in (Phase.CLARIFY, Phase.RATE):
        table.flow.leading.move(phase)
    return id, copy


def test_where_nobody_leads_a_step_of_one_who_was_offline_pulls_nobody_back(table: Table) -> None:
    id, offline = gone_on(table)
    table.draft.document.apply_remote(offline.state())
    assert table.flow.session.phase is Phase.REVEAL
    table.flow.refresh()
    assert table.flow.session.phase is Phase.RATE

    ben = Sessions(offline, chance=Random(1), clock=lambda: 0)
    offline.apply_remote(table.draft.document.state())
    assert ben.get(id).phase is Phase.RATE
    for phase in (Phase.DIFFERENCES, Phase.DECIDE):  # both come at once, and are steps like any other
        ben.go_to(id, phase, "Bo")
    table.draft.document.apply_remote(offline.state())
    table.flow.refresh()
    assert table.flow.session.phase is Phase.DECIDE


def test_where_nobody_leads_whoever_was_offline_goes_along_with_those_who_were_not(table: Table, monkeypatch) -> None:
    with monkeypatch.context() as offline:
        offline.setattr(DraftConnection, "is_apart", True)
        _, online = gone_on(table)
    table.draft.document.apply_remote(online.state())
    table.flow.refresh()
    assert table.flow.session.phase is Phase.REVEAL


def test_two_who_press_next_at_the_same_moment_skip_no_phase(table: Table, monkeypatch) -> None:
    id = table.begin(Phase.GROUP, is_revealed=True)
    now = [1000]
    monkeypatch.setattr(table.flow.moves, "_clock", lambda: now[0])
    table.brainstorm.sessions.go_to(id, Phase.CLARIFY, "Bo")
    table.flow.refresh()
    table.bar("Next").click()
    assert table.flow.session.phase is Phase.CLARIFY
    assert "Bo has just taken the group to Clarify." in notices(table.draft)
    now[0] += 1500
    table.bar("Next").click()
    assert table.flow.session.phase is Phase.RATE


def test_who_began_a_session_while_somebody_else_did_is_told_that_it_waits(table: Table) -> None:
    first = table.begin(created=1)
    assert "meanwhile" not in notices(table.draft)
    other = table.brainstorm.sessions.begin(Session("", "What do we eat?", created=2))
    table.flow.refresh()
    assert "“What do we eat?” has begun meanwhile; “How might we rest?” goes on when it has ended." in notices(
        table.draft
    )
    table.flow.leading.end(other)
    table.flow.refresh()
    assert table.flow.session.id == first
