"""The file of an export. Runs on any thread."""

from __future__ import annotations

from pathlib import Path

from cowrite.errors import CowriteError
from cowrite.storage.placing import write_in_place


class CannotExport(CowriteError):
    """What was to be exported could not be written.

    Attributes:
        path: where to.
        reason: why, in a few words.
    """

    def __init__(self, path: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        super().__init__(f"“{path}” could not be written: {reason}. Choose another place.")
        self.path = path
        self.reason = reason


def write_export(path: Path, content: bytes) -> Path:
    """Writes a file, and gives its place; what was there is replaced in one step.

    Raises:
        CannotExport: nothing was written.
    """
    try:
        write_in_place(path, content)
    except OSError as error:
        raise CannotExport(path, error) from error
    return path
