"""What every test of the app stands on: no display, no settings of the person who runs it, no unexpected words."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

import cowrite.app.start.before_qt  # noqa: F401, without it PySide reads the source of each module that comes now
from helpers.waiting_bot import WaitingBot

PATIENCE = 30  # seconds after which a wait is given up: others may have the processors for several

for _wait in (WaitingBot.waitUntil, WaitingBot.waitSignal, WaitingBot.waitSignals):
    _wait.__kwdefaults__["timeout"] = PATIENCE * 1000

if not os.environ.get("COWRITE_TEST_DISPLAY"):
    # Qt's own is a screen of 800 by 800, on which windows are smaller than people have them. Its address has no drive
    # before it: a colon begins another setting. Nor does Qt find it in a folder with an umlaut in its name.
    screen = Path(__file__).resolve().parent / "helpers" / "screen.json"
    address = os.path.splitdrive(screen)[1]
    if ":" in address or not address.isascii():
        folder = tempfile.mkdtemp(prefix="cowrite-screen-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        address = os.path.splitdrive(shutil.copy(screen, folder))[1]
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={address}"
    if sys.platform == "win32":  # there Qt without a display looks for fonts in this folder alone, which is its own
        os.environ.setdefault("QT_QPA_FONTDIR", str(Path(os.environ["SYSTEMROOT"]) / "Fonts"))

# Numbers and dates as where no language is set: that is the case on build machines with Linux, and nowhere else.
QLocale.setDefault(QLocale.c())
if sys.platform == "linux":  # the processes that tests start as well: of a locale that is not installed Qt complains
    os.environ["LC_ALL"] = "C.UTF-8"

# With the priority of one that steps back, a model would hardly compute beside other tests.
os.environ["COWRITE_WORKER_NICENESS"] = "0"


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> WaitingBot:
    """pytest-qt's bot."""
    return WaitingBot(request)


@pytest.fixture(autouse=True)
def cowrite_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own for each test: no test sees the person's documents and settings."""
    # Not in the test's `tmp_path`: most tests have no use for either, and to make and remove one takes milliseconds.
    home = tmp_path_factory.getbasetemp() / "homes" / uuid4().hex
    monkeypatch.setenv("COWRITE_HOME", str(home))
    yield home
    if home.exists():
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(autouse=True)
def empty_clipboard() -> Iterator[None]:
    """No test finds what another has copied, and what Python put there does not outlive it (see
    `gui.page.clipboard`)."""
    yield
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and isinstance(gui.QGuiApplication.instance(), gui.QGuiApplication):
        gui.QGuiApplication.clipboard().clear()


@pytest.fixture(autouse=True)
def no_unexpected_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning or an error in the log that the test has not asked about fails it; `caplog.clear()` after asking."""
    yield
    worst = [record for record in caplog.get_records("call") if record.levelname in ("WARNING", "ERROR", "CRITICAL")]
    assert not worst, f"logged: {[record.getMessage() for record in worst]}"
