"""What a start of the application spares itself."""

from __future__ import annotations

import subprocess
import sys

IMPORTS = """
import cowrite.app.before_qt
import inspect
import sys
read = []
inspect.getsource = lambda thing: read.append(thing) or ""
import cowrite.app.application
assert "cowrite.gui.editor" in sys.modules
print(read, "importlib.metadata" in sys.modules)
"""


def test_no_source_is_read_and_nobody_asked_for_a_version_when_the_application_starts() -> None:
    ended = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)

    assert ended.stdout == "[] False\n"
