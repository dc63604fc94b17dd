"""The starter model itself, in a window: a continuation and a rewriting, from the key to the record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cowrite.paths import HOME_VARIABLE, Paths
from helpers.assistant_desk import buttons, press, turn_on
from helpers.desk import Desk, write
from helpers.keys import press as press_key
from helpers.starter_model import add_starter

pytestmark = [pytest.mark.journey, pytest.mark.slow]

LONG_WINDED = (
    "It is important to note that the barrels are able to hold four hundred litres of water at any given time."
)
PATIENCE = 60  # seconds: other tests compute beside this one


def test_the_starter_model_goes_on_with_a_sentence_and_shortens_another(
    tmp_path: Path, sit: Callable[..., Desk]
) -> None:
    paths = Paths.of({HOME_VARIABLE: str(tmp_path / "Ada")})
    turn_on(paths, "Ada")
    model = add_starter(paths)
    desk = sit()
    draft = desk.new()
    draft.window.activateWindow()
    QTest.qWaitForWindowActive(draft.window)
    write(draft, f"{LONG_WINDED}\nIf you have any questions, please do not ")
    assistant = desk.application.assistant.assistant
    assert assistant is not None
    own = assistant.of(draft)
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: own.suggestions.shown, PATIENCE)
    assert own.suggestions.shown.startswith("hesitate")
    press_key(draft.editor, "Tab")
    assert "please do not hesitate" in draft.editor.toPlainText()

    draft.editor.set_caret(len(LONG_WINDED), 0)
    draft.window.actions_["rewrite_shorter"].trigger()
    panel = draft.window.panels.assistant
    assert panel is not None
    desk.until(lambda: any(text.startswith("Accept") for text in buttons(panel)), PATIENCE)
    press(panel, next(text for text in buttons(panel) if text.startswith("Accept")))
    shorter = draft.editor.toPlainText().split("\n")[0]
    assert 3 < len(shorter.split()) < len(LONG_WINDED.split())
    assert "four hundred litres" in shorter
    records = draft.document.assists.records().values()
    assert {record.task for record in records} == {"continue", "rewrite-shorter"}
    assert {record.model_sha256 for record in records} == {model.sha256}
    assert {record.model for record in records} == {model.title}
