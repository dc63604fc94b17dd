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

from arguments import at_least

BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow, QTextEdit
app = QApplication([])
window, page = QMainWindow(), QTextEdit()
window.setCentralWidget(page)
window.resize(1180, 860)
window.show()
type_a_key(page)
"""

COWRITE = """
from cowrite.__main__ import main
import cowrite.app.start.before_qt  # as the command begins; the next line brings Qt
from PySide6.QtWidgets import QApplication
def begin(*_):
    type_a_key(next(window.editor for window in QApplication.topLevelWidgets() if hasattr(window, "editor")))
QApplication.exec = begin
main(["--new"])
"""

KEY = """
def type_a_key(page):
    import os
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication
    app = QApplication.instance()
    app.processEvents()
    app.sendEvent(page, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a"))
    app.processEvents()
    assert page.toPlainText() == "a"
    print("typed", flush=True)
    os._exit(0)
"""


def seconds_until_typed(program: str, compiled: str) -> float:
    """Starts a process with the program and waits until it says that a key was typed.

    Args:
        program: the Python program that opens a window and names its text widget `page`.
        compiled: the folder that keeps the compiled modules, as an installed application has them.
    """
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "COWRITE_HOME": home, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if sys.platform == "linux" and not os.environ.get("DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        begun = perf_counter()
        with subprocess.Popen(
            [sys.executable, "-c", KEY + program],
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
    parser.add_argument(
        "-n", "--runs", type=at_least(1), default=7, help="starts of each, after one that warms the caches"
    )
    chosen = parser.parse_args()
    bare, cowrite = [], []
    with tempfile.TemporaryDirectory() as compiled:
        for run in range(chosen.runs + 1):
            pair = seconds_until_typed(BARE, compiled), seconds_until_typed(COWRITE, compiled)
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
