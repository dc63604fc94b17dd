"""A demonstration that this process directs: its people and its server are forked, as to load them takes so long."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import Any

from helpers.warm_python import APPLICATION, SERVER, Forked


class Spoken(Forked):
    """A forked process with which one speaks in lines of text, as much of `subprocess.Popen` as the director uses."""

    stdin: Any
    stdout: Any

    def __init__(self, command: list[str], *, text: bool, encoding: str, **wanted: Any) -> None:
        """Starts it. See `Forked`."""
        assert text
        super().__init__(command, loaded=SERVER if "cowrite_server" in command else APPLICATION, **wanted)
        if self.stdin is not None:
            self.stdin = io.TextIOWrapper(self.stdin, encoding, write_through=True)
        self.stdout = io.TextIOWrapper(self.stdout, encoding)

    def wait(self, timeout: float | None = None) -> int:
        """Waits until it has ended and all that it said is read. See `Forked.wait`."""
        status = super().wait(timeout)
        self.stdout.close()
        return status


SUBPROCESS = {**vars(subprocess), "Popen": Spoken if sys.platform == "linux" else subprocess.Popen}
"""What the director begins processes by."""
