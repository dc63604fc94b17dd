"""What is loaded once the first window is there, before somebody opens more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

OPENING = """
import cowrite.app.start.before_qt
import json, sys
from cowrite.app.application import Application
from cowrite.app.start import later
from cowrite.app.start.run import make_qt_application
from cowrite.paths import HOME_VARIABLE, Paths
from PySide6.QtCore import QCoreApplication, QEventLoop

def loaded(before=frozenset()):
    names = set(sys.modules)  # other threads load modules meanwhile: one may not go through those themselves
    found = {name for name in names - before if name.startswith(("cowrite.", "cowrite_server."))}
    return {name for name in found if not hasattr(sys.modules[name], "__path__")}  # folders come with what is in them

application = Application(make_qt_application(), Paths.of({HOME_VARIABLE: sys.argv[1]}))
draft = application.documents.new()
steps, import_module = [], later.import_module

def note(name):
    before = set(sys.modules)
    import_module(name)
    steps.append([name, sorted(loaded(before))])

later.import_module, later.PAUSE = note, 0
loading = later.Later(application)
while loading.findChildren(later.QObject)[0].isActive():
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
before = loaded()
actions = [name for name in draft.window.actions_ if name.startswith("view_")]
for name in (*actions, "history", "show_headings", "show_comments", "show_changes", "show_assistant"):
    draft.window.actions_[name].trigger()
print(json.dumps({"steps": steps, "made": draft.window.views.count(), "late": sorted(loaded() - before)}))
application._end()
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each step has loaded, how many views there are then, and what was loaded only to open them."""
    home: Path = tmp_path_factory.mktemp("home")
    done = subprocess.run([sys.executable, "-c", OPENING, str(home)], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_no_module_is_loaded_when_somebody_first_opens_a_view_a_panel_or_the_history(opened: dict[str, Any]) -> None:
    assert opened["made"] == 5  # they are there
    assert opened["late"] == []


def test_between_two_turns_of_the_event_loop_no_more_than_one_module_is_loaded(opened: dict[str, Any]) -> None:
    assert len(opened["steps"]) > 100
    assert [step for step in opened["steps"] if step[1] != [step[0]]] == []
