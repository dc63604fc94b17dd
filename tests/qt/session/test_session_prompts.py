"""Prompts of a session: they go by the timer that all share, and another session begins with the first."""

from __future__ import annotations

import pytest

from cowrite.core.sessions.sessions import Deadline, Phase, Session
from cowrite.core.text.origin import Origin
from cowrite.gui.look.times import MINUTE
from helpers.desk import texts
from helpers.session_table import Table


def test_the_prompts_of_a_session_go_by_the_timer_that_all_share(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = ("Who?", "What?", "Why?", "When?")
    id = table.begin(prompts=prompts, minutes={Phase.WRITE: 4})
    now = table.brainstorm.now
    start = now + 4 * MINUTE

    def at(minutes: float) -> str:
        monkeypatch.setattr(table.brainstorm, "clock", lambda: now + round(minutes * MINUTE))
        table.flow.refresh()
        return table.text("A way to look at it")

    assert at(3.5) == "Who?"  # no timer runs yet, and each turns them alone
    table.brainstorm.sessions.set_deadline(id, Deadline(start))
    assert [at(minutes) for minutes in (0, 0.9, 1.1, 2.5)] == ["Who?", "Who?", "What?", "Why?"]
    table.brainstorm.sessions.set_deadline(id, Deadline(start + MINUTE))  # a minute more
    assert [at(minutes) for minutes in (2.6, 3.9, 4.1, 9)] == ["Why?", "Why?", "When?", "When?"]
    table.brainstorm.sessions.set_deadline(id, None)
    table.flow.refresh()
    table.brainstorm.sessions.set_deadline(id, Deadline(now + 14 * MINUTE))
    assert at(10) == "Who?"


def test_the_next_prompt_comes_by_itself_on_the_pad_and_on_the_screen_for_the_room(table: Table) -> None:
    id = table.begin(prompts=("Who?", "What?"), minutes={Phase.WRITE: 1})
    table.draft.window.actions_["session_present"].trigger()
    table.brainstorm.sessions.set_deadline(id, Deadline(table.brainstorm.now + MINUTE // 2 + 200))
    screen = table.flow.presenting.front
    table.desk.until(lambda: "Who?" in texts(screen))
    table.desk.until(lambda: "What?" in texts(screen))
    assert table.text("A way to look at it") == "What?"


def test_a_session_that_follows_another_at_once_begins_with_its_own_first_prompt(table: Table) -> None:
    later = table.brainstorm.now
    before = table.begin(prompts=("Who?", "What?", "Why?"), minutes={Phase.WRITE: 3})
    table.brainstorm.sessions.set_deadline(before, Deadline(later + MINUTE // 2))
    table.draft.window.actions_["session_present"].trigger()
    table.flow.refresh()
    assert "Why?" in texts(table.flow.presenting.front)
    sessions = table.brainstorm.sessions
    with table.draft.document.transaction(Origin.SAID):  # as where both come at once
        sessions.change(before, is_over=True)
        id = sessions.begin(
            Session("", "Should we?", phase=Phase.WRITE, prompts=("For?", "Against?"), minutes={Phase.WRITE: 3})
        )
        sessions.set_deadline(id, Deadline(later + 3 * MINUTE))
    table.flow.refresh()
    assert "For?" in texts(table.flow.presenting.front)


def test_another_session_with_the_same_prompts_begins_with_the_first_of_them(table: Table) -> None:
    before = table.begin(prompts=("Who?", "What?"))
    table.pad.turn(1)
    assert table.text("A way to look at it") == "What?"
    table.brainstorm.sessions.change(before, is_over=True)
    table.begin(prompts=("Who?", "What?"))
    assert table.text("A way to look at it") == "Who?"
