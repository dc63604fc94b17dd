"""What the worker wrote to its stderr last, as far as it may stand in a log. Runs anywhere."""

from __future__ import annotations

import re
from collections import deque

KEPT = 12  # lines
LONGEST = 400  # bytes of a line

_KNOWN = re.compile(
    r"(?:llama|ggml|gguf|load|print_info|sched|graph|common|cowrite)[\w.]*: .*"
    r"|.*\bGGML_ASSERT\b.*|Fatal Python error: [\w ]+|terminate called after throwing an instance of '[\w:]+'"
    r"|  File \"[^\"]*\", line \d+.*"
)
_ERROR = re.compile(r"([\w.]+(?:Error|Exception|Exit|Interrupt))(?::.*)?")


class LastWords:
    """Keeps the newest lines that can hold no words of a document."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=KEPT)
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Takes what the worker has written."""
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[:LONGEST]
        for line in lines:
            self._keep(line)

    def take(self) -> list[str]:
        """The lines that are kept, and none any more."""
        self._keep(self._rest)
        lines = list(self._lines)
        self._lines.clear()
        self._rest = b""
        return lines

    def _keep(self, line: bytes) -> None:
        fit = fit_for_log(line[:LONGEST].decode("utf-8", "replace"))
        if fit:
            self._lines.append(fit)


def fit_for_log(line: str) -> str:
    """What of a line can be logged.

    Returns:
        The line where it is one of the model's library or names a place in a program; of a Python error its type;
        otherwise nothing, for what is written there can hold words of a document.
    """
    line = line.rstrip()
    if _KNOWN.fullmatch(line):
        return line
    error = _ERROR.fullmatch(line)
    return error[1] if error else ""
