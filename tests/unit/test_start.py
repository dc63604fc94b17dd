"""What a start of the application spares itself."""

from __future__ import annotations

import subprocess
import sys

IMPORTS = """
import cowrite.app.before_qt
import inspect
read = []
inspect.getsource = lambda thing: read.append(thing) or ""
import cowrite.app.application
assert "cowrite.gui.editor" in __import__("sys").modules
print(read)
"""


def test_the_source_of_no_module_is_read_when_the_application_starts() -> None:
    ended = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)

    assert ended.stdout == "[]\n"


def test_nobody_is_asked_for_a_version_when_the_application_starts() -> None:
    said = "import cowrite.app.before_qt, cowrite.app.application, sys; print('importlib.metadata' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)

    assert ended.stdout == "False\n"
