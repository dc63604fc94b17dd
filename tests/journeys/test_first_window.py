"""The first window takes keys before anything is made that only later windows need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cowrite.paths import HOME_VARIABLE

pytestmark = pytest.mark.journey

START = """
import json, os
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from cowrite.app.application import Application
from cowrite.app.run import make_qt_application
from cowrite.paths import Paths
application = Application(make_qt_application(), Paths.of(os.environ))
draft = application.new_document()
QTest.keyClicks(draft.editor, "a")
made = [each.__name__ for each in type.__subclasses__(QObject)]
print(json.dumps({"text": draft.editor.toPlainText(), "made": made}))
os._exit(0)
"""


def test_the_classes_with_a_thousand_constants_are_not_made_for_it(tmp_path: Path) -> None:
    # PySide makes a class when it is first named; QStyle alone takes as long as many modules together.
    environment = {**os.environ, HOME_VARIABLE: str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", START], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["text"] == "a"
    assert "QAction" in told["made"]  # what is made is seen
    assert "QStyle" not in told["made"]
