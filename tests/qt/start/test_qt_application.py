"""Qt's application object: what it is told on each system, and what it tells."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from subprocess import PIPE

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from cowrite.app.start.run import qt_arguments
from helpers.desk import Desk
from helpers.warm_python import APPLICATION, Forked

ASKED = """
import ctypes, json, sys
from types import SimpleNamespace
from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent
from cowrite.app.start.run import make_qt_application
told, names = [], []
ctypes.windll = SimpleNamespace(shell32=SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=names.append))
sys.platform, sys.frozen = sys.argv[1], sys.argv[2] == "build"
app = make_qt_application()
sys.platform = "linux"
app.asked_to_open.connect(told.append)
for what in ("/home/me/B\u00fccher & Co/a%20b.cowrite", QUrl("cowrite://host:8440/plan#key")):
    QCoreApplication.sendEvent(app, QFileOpenEvent(what))
quit = QEvent(QEvent.Type.Quit)
app.ends = lambda: told.append("end") or True
QCoreApplication.sendEvent(app, quit)
print(json.dumps([told, names, quit.isAccepted()]))
"""


def printed(folder: Path, script: str, *arguments: str) -> str:
    """What a process prints that carries out a script."""
    file = folder / "script.py"
    file.write_text(script, encoding="utf-8")
    process = Forked([sys.executable, str(file), *arguments], stdout=PIPE, loaded=APPLICATION)
    assert process.stdout is not None
    with process.stdout as output:
        told = output.read().decode()
    assert process.wait() == 0
    return told


def test_on_windows_altgr_is_told_from_ctrl_and_alt_unless_somebody_chose_a_platform() -> None:
    assert qt_arguments({}, "win32")[-2:] == ["-platform", "windows:altgr"]
    assert "-platform" not in qt_arguments({"QT_QPA_PLATFORM": "offscreen"}, "win32")
    assert "-platform" not in qt_arguments({}, "linux") + qt_arguments({}, "darwin")


def test_a_letter_that_is_typed_with_altgr_is_written_and_is_no_command(desk: Desk) -> None:
    draft = desk.new()
    altgr = Qt.KeyboardModifier.GroupSwitchModifier
    for key, text in ((Qt.Key.Key_E, "ę"), (Qt.Key.Key_2, "²"), (Qt.Key.Key_BracketLeft, "[")):
        QCoreApplication.sendEvent(draft.window.editor, QKeyEvent(QEvent.Type.KeyPress, key, altgr, text))
    assert draft.window.editor.toPlainText() == "ę²["
    assert not draft.window.actions_["suggest_changes"].isChecked()


@pytest.mark.parametrize(("kind", "name"), [("checkout", ["io.github.cowrite.Cowrite"]), ("build", [])])
def test_what_macos_asks_to_open_and_that_it_wants_cowrite_to_end_is_told_and_windows_is_told_a_checkout_s_name(
    tmp_path: Path, kind: str, name: list[str]
) -> None:
    told, names, is_quit_taken = json.loads(printed(tmp_path, ASKED, "win32", kind))
    assert names == name
    assert told == ["file:///home/me/B%C3%BCcher%20&%20Co/a%2520b.cowrite", "cowrite://host:8440/plan#key", "end"]
    assert not is_quit_taken


def test_no_thread_that_works_keeps_python_from_the_window_for_as_long_as_a_key_takes(tmp_path: Path) -> None:
    told = "import sys; from cowrite.app.start.run import make_qt_application; app = make_qt_application()"
    assert float(printed(tmp_path, f"{told}; print(sys.getswitchinterval())")) < 0.001
