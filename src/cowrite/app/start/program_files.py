"""The files of the running program: whether something has put others in their place, as an update does.

Parts of cowrite are loaded when somebody first asks for them, so a program whose files are gone or are those of another
version comes upon that one by one.
"""

from __future__ import annotations

import os
import sys

from cowrite.own_process import is_build

_Identity = tuple[int, int, int]


class ProgramFiles:
    """Knows which files the program consists of from `note` on, and whether they are still those."""

    def __init__(self) -> None:
        self._noted: dict[str, _Identity | None] = {}

    def note(self) -> None:
        """Notes the files of all that is loaded by now."""
        files = (
            [sys.executable] if is_build() else [getattr(each, "__file__", None) for each in [*sys.modules.values()]]
        )
        self._noted = {file: _identity(file) for file in files if file}

    def are_others(self) -> bool:
        """Whether one of them is gone or another by now."""
        return any(identity != _identity(file) for file, identity in self._noted.items())


def _identity(file: str) -> _Identity | None:
    try:
        found = os.stat(file)  # noqa: PTH116, a Path for each of a thousand files takes longer than asking
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
