"""What the assistant works on ends: by the person, by the window, by the worker's death."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cowrite.app.draft.draft import Draft
from cowrite.assist.engine.asking import Phase
from cowrite.assist.engine.contact import Contact
from cowrite.gui.assistant.panel import AssistantPanel
from helpers.assistant_desk import TEXT, AssistantDesk, ask, begun, buttons, marks, press, shown
from helpers.desk import notices, write

pytestmark = pytest.mark.journey


def reading(given: AssistantDesk) -> tuple[Draft, AssistantPanel]:
    """A draft, and its panel in which the model reads what it is to summarise."""
    draft = begun(given)
    ask(given, draft, "summarise")
    panel = given.panel(draft)
    given.until(panel, lambda: given.processes and given.processes[0].phase is Phase.READING)
    return draft, panel


def test_escape_and_where_the_panel_is_closed_the_status_strip_stop_what_runs_and_leave_nothing(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make({"answer": "A long answer that waits.", "gated": True})
    draft, panel = reading(given)
    assert "Stop" in buttons(panel)
    stop = draft.window.actions_["assistant_stop"]
    assert stop.isEnabled()
    draft.window.activateWindow()
    QTest.qWaitForWindowActive(draft.window)
    draft.editor.setFocus()
    QTest.keyClick(draft.editor, Qt.Key.Key_Escape)
    given.until(panel, lambda: "Stop" not in buttons(panel))
    assert not stop.isEnabled()
    given.until(panel, lambda: given.processes[0].phase is Phase.READY)
    assert draft.document.assists.records() == {}

    ask(given, draft, "summarise")
    draft.window.actions_["show_assistant"].setChecked(False)
    given.desk.until(lambda: given.processes[0].phase is Phase.READING)
    (strip,) = marks(draft)
    assert strip.accessibleName() == "Stop"
    strip.click()
    given.desk.until(lambda: given.processes[0].phase is Phase.READY)
    assert marks(draft) == []
    assert not panel.isVisible()


def test_whoever_types_meanwhile_is_left_a_core_and_what_was_written_is_there_again_where_asking_again_is_stopped(
    make: Callable[..., AssistantDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[bool] = []
    give_way = Contact.give_way
    monkeypatch.setattr(Contact, "give_way", lambda contact: said.append(give_way(contact)) or said[-1])
    given = make({"answer": "The garden has herbs.", "gated": True})
    draft, panel = reading(given)
    assert not any(said)
    write(draft, "x")
    given.desk.until(lambda: True in said)
    assert given.processes[0].phase is Phase.READING

    given.let_write(4)
    given.until(panel, lambda: panel.result.outcome.is_final)
    before = panel.result.outcome
    press(panel, "Again")
    given.until(panel, lambda: given.processes[0].phase is Phase.READING)
    press(panel, "Stop")
    given.until(panel, lambda: "Insert" in buttons(panel))
    assert panel.result.outcome == before
    press(panel, "Insert")
    assert "The garden has herbs." in draft.document.text()


def test_a_window_that_is_closed_while_the_model_writes_ends_that_and_the_next_window_is_answered(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make({"when": "Herbs", "answer": "A long answer that waits.", "gated": True}, {"answer": "A short one."})
    draft, other = begun(given), begun(given, "Stones.")
    ask(given, draft, "summarise")
    given.until(given.panel(draft), lambda: given.processes and given.processes[0].phase is Phase.READING)
    assert draft.window.close()
    ask(given, other, "summarise")
    panel = given.panel(other)
    given.until(panel, lambda: panel.result.outcome.is_final)
    assert panel.result.outcome.text == "A short one."
    assert len(given.processes) == 1


@pytest.mark.skipif(os.name != "posix", reason="kills the worker by a signal")
def test_a_dead_worker_is_one_sentence_and_the_next_question_is_answered(
    make: Callable[..., AssistantDesk], caplog: pytest.LogCaptureFixture
) -> None:
    given = make({"answer": "The garden has herbs and tomatoes, and Ada waters them in August.", "gated": True})
    draft, panel = reading(given)
    (process,) = given.processes
    given.let_write(3)
    given.until(panel, lambda: panel.result.outcome.text == "The garden has")
    dead = process.process_id
    assert dead is not None
    os.kill(dead, signal.SIGKILL)
    given.until(panel, lambda: "ended" in shown(panel))
    assert shown(panel).count("ended") == 1
    assert panel.result.outcome.text == ""
    assert draft.editor.toPlainText() == TEXT
    assert draft.document.assists.records() == {}
    given.until(panel, lambda: "Ask" in buttons(panel))
    ask(given, draft, "summarise")
    given.until(panel, lambda: process.phase is Phase.READING)
    assert process.process_id not in (None, dead)
    assert "ended" not in shown(panel)
    given.let_write(100)
    given.until(panel, lambda: "Insert" in buttons(panel))
    assert panel.result.outcome.text == "The garden has herbs and tomatoes, and Ada waters them in August."
    caplog.clear()


@pytest.mark.skipif(os.name != "posix", reason="kills the worker by a signal")
def test_that_a_worker_is_being_started_again_is_said_until_it_has_answered(
    make: Callable[..., AssistantDesk], caplog: pytest.LogCaptureFixture
) -> None:
    given = make({"answer": "The garden has herbs.", "gated": True})
    draft, beside = begun(given), given.panel(begun(given, "Stones."))
    ask(given, draft, "summarise")
    panel = given.panel(draft)
    given.until(panel, lambda: given.processes and given.processes[0].phase is Phase.READING)
    (process,) = given.processes
    os.kill(process.process_id or 0, signal.SIGKILL)
    given.until(panel, lambda: "being started again" in shown(panel) and "started again" in shown(beside))
    given.until(panel, lambda: process.phase is Phase.READING)
    assert "being started again" in shown(panel)
    assert "started again" not in shown(beside)
    given.let_write(100)
    given.until(panel, lambda: "Insert" in buttons(panel))
    assert "started again" not in shown(panel)
    caplog.clear()


@pytest.mark.skipif(os.name != "posix", reason="kills the worker by a signal")
def test_who_has_lost_an_answer_with_the_worker_is_told_so_until_they_ask_again_though_it_starts_for_somebody_else(
    make: Callable[..., AssistantDesk], caplog: pytest.LogCaptureFixture
) -> None:
    given = make({"when": "Herbs", "answer": "The garden has herbs.", "gated": True}, {"answer": "A short one."})
    draft, panel = reading(given)
    (process,) = given.processes
    given.let_write(2)
    given.until(panel, lambda: panel.result.outcome.text == "The garden")
    other = begun(given, "Stones.")
    ask(given, other, "summarise")
    os.kill(process.process_id or 0, signal.SIGKILL)
    beside = given.panel(other)
    given.until(beside, lambda: beside.result.outcome.is_final)
    assert "ended while it worked on this" in shown(panel)
    assert "Insert" not in buttons(panel)
    ask(given, draft, "summarise")
    given.until(panel, lambda: process.phase is Phase.READING)
    assert "ended" not in shown(panel)
    caplog.clear()


@pytest.mark.skipif(os.name != "posix", reason="kills the worker by a signal")
def test_three_deaths_switch_it_off_until_the_person_starts_it_again(
    make: Callable[..., AssistantDesk], caplog: pytest.LogCaptureFixture
) -> None:
    given = make({"answer": "x", "does": "die"})
    draft = begun(given)
    panel = given.panel(draft)
    given.until(panel, lambda: panel.form.task is not None)
    for _ in range(4):
        if "Start again" in buttons(panel):
            break
        ask(given, draft, "summarise")
        given.until(panel, lambda: "Start again" in buttons(panel) or "ended" in shown(panel))
        given.until(panel, lambda: not given.of(draft).is_busy)
    given.until(panel, lambda: "Start again" in buttons(panel))
    draft.window.actions_["summarise"].trigger()
    given.until(panel, lambda: not given.of(draft).is_busy)
    assert shown(panel).count("three times") == 1
    assert "the next request starts it again" not in shown(panel)
    assert "does not start again by itself" in notices(draft)
    press(panel, "Start again")
    given.until(panel, lambda: "Ask" in buttons(panel))
    given.until(panel, lambda: "does not start again by itself" not in notices(draft))
    caplog.clear()
