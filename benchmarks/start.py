"""Measures from process start to a window that has taken a key: cowrite beside a bare window with a QTextEdit.

`python benchmarks/start.py [--json] [-n RUNS]`; what the figures mean is in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from time import perf_counter

BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow, QTextEdit
app = QApplication([])
window, page = QMainWindow(), QTextEdit()
window.setCentralWidget(page)
window.resize(1180, 860)
window.show()
"""

COWRITE = """
import os
from cowrite.app.application import Application
from cowrite.app.run import make_qt_application
from cowrite.paths import Paths
app = make_qt_application()
application = Application(app, Paths.of(os.environ))
page = application.new_document().editor
"""

KEY = """
app.processEvents()
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
app.sendEvent(page, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a"))
app.processEvents()
assert page.toPlainText() == "a"
print("typed", flush=True)
import os
os._exit(0)
"""


def seconds_until_typed(program: str) -> float:
    """Starts a process with the program and waits until it says that a key was typed."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "COWRITE_HOME": home}
        if sys.platform == "linux" and not os.environ.get("DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        begun = perf_counter()
        with subprocess.Popen(
            [sys.executable, "-c", program + KEY],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            assert process.stdout is not None
            said = process.stdout.readline()
            taken = perf_counter() - begun
        if said.strip() != "typed":
            raise SystemExit("a window did not take a key")
        return taken


def main() -> int:
    """Takes turns, so that a drift of the machine hits both, and prints the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("-n", "--runs", type=int, default=7, help="starts of each, after one that warms the caches")
    chosen = parser.parse_args()
    bare, cowrite = [], []
    for run in range(chosen.runs + 1):
        pair = seconds_until_typed(BARE), seconds_until_typed(COWRITE)
        if run:
            bare.append(pair[0])
            cowrite.append(pair[1])
    row = {
        "runs": chosen.runs,
        "bare_seconds": round(statistics.median(bare), 3),
        "cowrite_seconds": round(statistics.median(cowrite), 3),
        "ratio": round(statistics.median(ours / theirs for ours, theirs in zip(cowrite, bare, strict=True)), 2),
    }
    print(json.dumps(row) if chosen.json else "\n".join(f"{name:16} {value}" for name, value in row.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
