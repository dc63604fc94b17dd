"""What a person can know of the model: what it saw, what it cannot, and why there is none."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from cowrite.app.assistant.ghost import NOT_RATED
from cowrite.app.assistant.models import AssistantModels
from cowrite.app.draft.draft import Draft
from cowrite.core.text.origin import Origin
from cowrite.demo.person import Hands
from helpers.assistant_desk import TEXT, AssistantDesk, begun, buttons, put_model, said, shown
from helpers.closing import Quits
from helpers.copies import copy_of
from helpers.desk import write

pytestmark = pytest.mark.journey

LINES = [f"Stone number {number} lies in the row" for number in range(40)]


@pytest.fixture
def make(make: Callable[..., AssistantDesk]) -> Callable[..., AssistantDesk]:
    rules = [{"when": r"(\w+)$", "answer": " after \\1 comes more.", "probability": 0.9}]
    return partial(make, rules=rules, model={})


def suggested(given: AssistantDesk, draft: Draft, at: int | None = None) -> str:
    """What is suggested at a place of the draft, or else at its end."""
    draft.window.activateWindow()
    QTest.qWaitForWindowActive(draft.window)
    draft.editor.set_caret(draft.document.length - draft.document.is_closed if at is None else at)
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    given.desk.until(lambda: given.of(draft).suggestions.shown)
    return given.of(draft).suggestions.shown


def test_a_person_of_the_demo_accepts_a_suggestion_in_a_window_that_does_not_have_the_keyboard(
    make: Callable[..., AssistantDesk],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    given = make()
    begun(given, "One stone")
    other = QLabel("has the keyboard")
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    assert QTest.qWaitForWindowActive(other)
    monkeypatch.setattr(Draft, "come_to_front", lambda _draft: None)
    quits = Quits(given.desk, monkeypatch)
    monkeypatch.setattr(sys, "stdin", iter([json.dumps({"do": "suggest", "seconds": 30})]))
    hands = Hands(given.desk.application)
    given.desk.until(lambda: quits.count)
    assert json.loads(capfd.readouterr().out.splitlines()[0])["accepted"] == " after stone comes more."
    hands.deleteLater()


def test_the_panel_says_which_paragraphs_the_model_saw_for_a_suggestion_though_a_teammate_writes_before_it_comes_up(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make(limit=50)
    for mark in ("\n", "\N{LINE SEPARATOR}"):  # between two of the lines
        draft = given.desk.new()
        write(draft, "\n".join(mark.join(LINES[at : at + 2]) for at in range(0, len(LINES), 2)))
        suggested(given, draft)
        context = given.of(draft).suggestions.context
        assert context is not None
        seen = [paragraph.text for paragraph in context.paragraphs if paragraph.is_seen]
        assert LINES[-1] in seen[-1]
        assert LINES[0] not in seen[0]

        teammate = copy_of(draft.document)
        with teammate.edit(Origin.LOCAL) as edit:
            edit.insert(0, "A foreword. " * 20 + "\n")
        draft.document.apply_remote(teammate.update_since(draft.document.state_vector()))
        panel = given.panel(draft)
        assert given.of(draft).suggestions.context == context

        if mark == "\n":
            panel.context.open.setChecked(True)
            given.until(panel, lambda panel=panel: "For the suggestion" in shown(panel))
            found = re.search(r"For the suggestion, the model saw (\d+) of 40 paragraphs", shown(panel))
            assert found
            assert 3 < int(found[1]) < 20
            unseen = 40 - int(found[1])
            assert [each.is_seen for each in context.paragraphs] == [False] * unseen + [True] * int(found[1])


NO_REWINDING = "This model cannot go back in what it has read"
ELSEWHERE = "models.example.org does not say how sure"


@pytest.mark.parametrize("says", ["", ELSEWHERE, NO_REWINDING])
def test_failure_7_that_a_model_does_not_say_how_sure_it_is_or_cannot_go_back_in_what_it_read_is_said(
    says: str, make: Callable[..., AssistantDesk]
) -> None:
    rates = {} if says == ELSEWHERE else {"probability": 0.9}
    model = {ELSEWHERE: {"place": "models.example.org"}, NO_REWINDING: {"rewinds": False}}.get(says, {"rewinds": True})
    given = make(rules=[{"when": r"(\w+)$", "answer": " after \\1 comes more.", **rates}], model=model)
    draft = given.desk.new()
    write(draft, "The fox jumps")
    suggested(given, draft)
    assert (NOT_RATED in said(draft)) is (says == ELSEWHERE)
    panel = given.panel(draft)
    given.until(panel, lambda: "The small one" in shown(panel))
    given.until(
        panel, lambda: [each for each in (ELSEWHERE, NO_REWINDING) if each in shown(panel)] == [says] * bool(says)
    )


def test_failure_2_why_the_only_model_here_cannot_be_used_is_said(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    file = next(given.desk.paths.models.glob("*.gguf"))
    file.write_bytes(b"GG")
    draft = given.desk.new()
    write(draft, "The fox jumps")
    draft.window.actions_["show_assistant"].setChecked(True)
    given.desk.until(
        lambda: draft.window.panels.assistant is not None and "cannot be used" in shown(draft.window.panels.assistant)
    )
    panel = draft.window.panels.assistant
    assert panel is not None
    assert "The model “The small one” cannot be used. Its file has changed since it was added" in shown(panel)
    assert buttons(panel) == ["Choose a model…"]
    assert draft.document.text() == "The fox jumps\n"
    assert given.processes == []


def test_a_file_that_is_another_one_by_the_time_it_is_loaded_is_not_loaded_and_the_panel_says_why(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make(rules=[{"answer": "Herbs stand."}], model={"parameters": 8_000_000_000})
    draft = begun(given)
    panel = given.panel(draft)
    given.until(panel, lambda: "The small one" in shown(panel))
    file = next(given.desk.paths.models.glob("*.gguf"))
    assistant = given.desk.application.assistant.assistant
    assert assistant is not None
    sentences = {"changed": "Its file has changed since it was added", "gone": "Its file is not where it was"}
    for what, sentence in sentences.items():
        file.unlink()
        if what == "changed":
            file.write_bytes(b"GGUF")
            os.utime(file, (1, 1))
        draft.window.actions_["title"].trigger()
        given.until(panel, lambda: "cannot be used" in shown(panel))
        assert sentence in shown(panel)
        assert buttons(panel) == ["Choose a model…"]
        assert "The file of the model" not in shown(panel)  # why it cannot be used is said once
        assert draft.document.text() == f"{TEXT}\n"
        put_model(given.desk.paths)
        assistant.models.look()
        given.until(panel, lambda: "Ask" in buttons(panel))
        if what == "gone":
            draft.window.actions_["title"].trigger()
            given.until(panel, lambda: "Use as title" in buttons(panel))


def test_what_is_asked_before_it_is_known_which_models_are_here_ends_with_its_window_and_others_are_answered(
    make: Callable[..., AssistantDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    known, read = threading.Event(), AssistantModels._read
    monkeypatch.setattr(AssistantModels, "_read", lambda models: read(models) if known.wait(30) else None)
    given = make()
    stays, goes = given.desk.new(), given.desk.new()
    for draft in (goes, stays):
        write(draft, "The fox jumps")
    given.of(goes).suggestions.ask()
    given.of(goes).expand()
    assert goes.window.close()
    given.desk.until(lambda: not isValid(goes.window))
    stays.window.activateWindow()
    given.desk.until(stays.window.isActiveWindow)
    given.of(stays).suggestions.ask()
    known.set()
    given.desk.until(lambda: given.of(stays).suggestions.shown)
