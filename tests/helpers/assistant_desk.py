"""A desk whose assistant is on and answers by a script: the real worker, without a model."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from cowrite.app.assistant.draft import DraftAssistant
from cowrite.app.draft.draft import Draft
from cowrite.assist.engine.wire import encode
from cowrite.bridge.assistant.assistant_process import AssistantProcess
from cowrite.gui.assistant.panel import AssistantPanel
from cowrite.gui.assistant.strip import StripButton
from cowrite.paths import Paths
from cowrite.storage.settings import Person, Settings, Suggestions, Trigger, save_settings
from helpers.desk import Desk, write
from helpers.model_folder import put_model

__all__ = [
    "MODEL", "TEXT", "AssistantDesk", "ask", "begun", "buttons", "marks", "press", "put_model", "said", "say",
    "shown", "turn_on",
]  # fmt: skip

TEXT = "Herbs grow along the wall. Tomatoes stand in the raised beds. Ada waters them in August."
MODEL = {"model": {"parameters": 8_000_000_000}}
"""What a script says of a model that is given whole tasks."""


def turn_on(paths: Paths, name: str, *, after_pause: bool = False) -> None:
    """Writes the settings of somebody who has turned the assistant on."""
    suggestions = Suggestions(Trigger.PAUSE if after_pause else Trigger.KEY)
    person = Person(name, "#c4314b", secrets.token_hex(8))
    settings = Settings(person=person, assistant=True, assistant_decided=True, suggestions=suggestions)
    save_settings(paths.settings, settings)


class AssistantDesk:
    """What a test sees and does at the assistant of one desk.

    Args:
        desk: the desk; its settings have the assistant on.
        script: what the scripted model does, see `cowrite.worker.scripted`.
        folder: where the script is written.
    """

    def __init__(self, desk: Desk, script: Mapping[str, Any], folder: Path) -> None:
        self.desk = desk
        self._file = folder / "script.json"
        self._file.write_text(json.dumps(script), encoding="utf-8")
        self.processes: list[AssistantProcess] = []
        desk.application.assistant.make_with(self._make)

    def _make(self, parent: QObject) -> AssistantProcess:
        command = [sys.executable, "-P", "-m", "cowrite.worker", "--scripted", str(self._file)]
        self.processes.append(AssistantProcess(parent, command=command))
        return self.processes[-1]

    def of(self, draft: Draft) -> DraftAssistant:
        """The assistant of a draft."""
        return self.desk.application.assistant.of(draft)

    def panel(self, draft: Draft) -> AssistantPanel:
        """The panel of a draft, once it is ready to be asked."""
        draft.window.actions_["show_assistant"].setChecked(True)
        panel = draft.window.panels.assistant
        assert panel is not None
        self.desk.until(lambda: panel.form.isVisible() and panel.form.task is not None)
        return panel

    def let_write(self, tokens: int) -> None:
        """Lets the script write so many tokens more where its rule is gated."""
        worker = self.processes[-1]._process
        assert worker is not None
        worker.write(encode("gate", 0, tokens=tokens))

    def until(self, panel: QWidget, holds: Callable[[], object], seconds: float = 30) -> None:
        """Lets the application work until something holds; a failure says what the panel shows."""
        try:
            self.desk.until(holds, seconds)
        except Exception as error:
            raise AssertionError(f"the panel says: {shown(panel)!r} {buttons(panel)}") from error


def shown(part: QWidget) -> str:
    """All that is said in a part of a window."""
    return "\n".join(each.text() for each in part.findChildren(QLabel) if each.isVisible() and each.text())


def press(part: QWidget, text: str) -> None:
    """Presses the button of that text."""
    found = [each for each in part.findChildren(QAbstractButton) if each.isVisible() and each.text() == text]
    assert found, f"there is no button “{text}”: {buttons(part)}"
    assert found[0].isEnabled(), f"“{text}” is disabled"
    found[0].click()


def buttons(part: QWidget) -> Sequence[str]:
    """The texts of all buttons that are seen."""
    return [each.text() for each in part.findChildren(QAbstractButton) if each.isVisible() and each.text()]


def marks(draft: Draft) -> Sequence[StripButton]:
    """What the status strip says of the assistant."""
    return [each for each in draft.window.status.findChildren(StripButton) if each.isVisible()]


def said(draft: Draft) -> str:
    """All that the status strip says."""
    return " ".join(each.text() for each in draft.window.status.findChildren(QLabel) if each.isVisible())


def say(part: QWidget, words: str) -> None:
    """Writes into the line that is seen."""
    (field,) = [each for each in part.findChildren(QLineEdit) if each.isVisible()]
    field.setText(words)


def begun(given: AssistantDesk, text: str = TEXT) -> Draft:
    """A new draft in which somebody has written."""
    draft = given.desk.new()
    write(draft, text)
    return draft


def ask(given: AssistantDesk, draft: Draft, task: str, words: str = "") -> None:
    """Chooses a task in the menu and says what it needs."""
    panel = given.panel(draft)
    draft.window.actions_[task].trigger()
    if words:
        say(panel.form, words)
        press(panel, "Ask")
