"""With the assistant off cowrite is a complete editor, and nothing of the assistant is loaded, started or read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QPushButton

from cowrite.app.assistant import switch
from cowrite.gui.assistant.first_choice import FirstChoice
from cowrite.paths import HOME_VARIABLE
from cowrite.storage.settings import Settings, load_settings
from helpers.assistant_desk import buttons
from helpers.desk import Desk, write

pytestmark = pytest.mark.journey

Sit = Callable[..., Desk]

SESSION = """
import json, os, sys

opened, started = [], []

def hear(event, arguments):
    if event == "open":
        opened.append(os.fspath(arguments[0]) if not isinstance(arguments[0], int) else "")
    elif event in ("subprocess.Popen", "os.posix_spawn", "os.fork", "os.exec"):
        started.append(str(arguments[:2]))

sys.addaudithook(hear)
from PySide6.QtCore import QProcess
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
QProcess.start = lambda self, *arguments: started.append(str(arguments))
from cowrite.app.application import Application
from cowrite.app.assistant import switch
from cowrite.app.start.run import make_qt_application
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.storage.settings import Settings, save_settings
switch.OFFER_DELAY = 100
app, texts = make_qt_application(), []
for home, was_asked in zip(sys.argv[1:], (False, True), strict=True):
    paths = Paths.of({**os.environ, HOME_VARIABLE: home})
    save_settings(paths.settings, Settings(assistant_decided=was_asked))
    application = Application(app, paths)
    draft = application.documents.new()
    QTest.keyClicks(draft.editor, "Written by hand, with Tab\\t and all. ")
    QTest.keySequence(draft.editor, "Ctrl+Right")
    QTest.qWait(2 * switch.OFFER_DELAY)
    texts.append(draft.editor.toPlainText())
    application.quit()
    app.processEvents()
parts = ("cowrite.assist", "cowrite.worker", "cowrite.models", "llama_cpp",
         "cowrite.bridge.assistant.assistant_process", "cowrite.app.assistant.assistant", "cowrite.gui.assistant.panel",
         "cowrite.gui.assistant.strip", "huggingface_hub")
names = list(sys.modules)  # the network's thread may be loading some
loaded = sorted(name for name in names if name in parts or name.startswith(tuple(f"{part}." for part in parts)))
print(json.dumps({"loaded": loaded, "started": started, "opened": opened, "texts": texts}))
"""


def test_with_the_assistant_off_nothing_is_imported_started_or_read_though_one_was_asked(
    tmp_path: Path,
) -> None:
    homes = [tmp_path / "unasked", tmp_path / "asked"]
    for home in homes:
        (home / "data" / "models").mkdir(parents=True)
        (home / "data" / "models" / "small.gguf").write_bytes(b"GGUF")
        (home / "config" / "prompts").mkdir(parents=True)
        (home / "config" / "style-card.toml").write_text('tone = "plain"\n')
    environment = {**os.environ, HOME_VARIABLE: str(homes[0]), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", SESSION, *map(str, homes)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["loaded"] == []
    assert told["started"] == []
    for home, text in zip(homes, told["texts"], strict=True):
        assert text.startswith("Written by hand, with Tab\t")
        mine = [path.removeprefix(str(home)) for path in told["opened"] if path.startswith(f"{home}{os.sep}")]
        assert any(path.endswith(".cowrite") or "unwritten" in path for path in mine)  # it hears what is opened
        of_the_assistant = ("models", "prompts", "style-card", "keys/end")
        assert [path for path in mine if any(part in path for part in of_the_assistant)] == []


@pytest.fixture
def asks_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The question comes as soon as the window is there."""
    monkeypatch.setattr(switch, "OFFER_DELAY", 50)


def offered(desk: Desk) -> list[FirstChoice]:
    return [each for draft in desk.application.documents.drafts for each in draft.window.findChildren(FirstChoice)]


def choose(desk: Desk, text: str) -> None:
    (offer,) = offered(desk)
    next(each for each in offer.findChildren(QPushButton) if each.text() == text).click()


def stored(desk: Desk) -> Settings:
    desk.application.storage.run_now(lambda: None)
    return load_settings(desk.paths.settings).settings


@pytest.mark.usefixtures("asks_soon")
def test_the_question_comes_once_in_the_first_window_and_takes_no_keyboard(sit: Sit) -> None:
    desk = sit(is_asked=True)
    draft = desk.new()
    write(draft, "I write on ")
    desk.until(lambda: offered(desk))
    write(draft, "and on")
    assert draft.editor.toPlainText() == "I write on and on"
    desk.new()
    choose(desk, "Keep off")
    desk.until(lambda: not offered(desk))
    assert not stored(desk).assistant
    desk.leave()
    again = sit()
    again.new()
    again.until(lambda: again.application.choices.settings.assistant_decided)
    assert not offered(again)
    assert not again.application.assistant.is_on


@pytest.mark.usefixtures("asks_soon")
def test_whoever_turns_it_on_without_a_model_is_led_to_the_models(sit: Sit) -> None:
    desk = sit(is_asked=True)
    draft = desk.new()
    desk.until(lambda: offered(desk))
    choose(desk, "Turn on")
    desk.until(lambda: draft.window.panels.assistant is not None and draft.window.panels.assistant.isVisible())
    assert "Choose a model…" in buttons(draft.window.panels.assistant)
    write(draft, "I write on")
    assert draft.editor.toPlainText() == "I write on"


@pytest.mark.usefixtures("asks_soon")
def test_who_lets_the_question_pass_is_not_asked_again(sit: Sit) -> None:
    desk = sit(is_asked=True)
    draft = desk.new()
    desk.until(lambda: offered(desk))
    assert draft.window.close()
    assert desk.application.choices.settings.assistant_decided
    assert not desk.application.assistant.is_on


def test_the_choice_can_be_changed_in_menu_and_preferences(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QProcess, "start", lambda *_: None)
    desk = sit()
    draft = desk.new()
    action = draft.window.actions_["assistant_on"]
    action.trigger()
    assert desk.application.assistant.is_on
    assert action.isChecked()
    assert stored(desk).assistant
    dialog = desk.application.choices.ask(draft.window)
    assert dialog._preferences.assistant
    dialog._assistant.click()
    assert not desk.application.assistant.is_on
    assert not action.isChecked()
    dialog.close()
