"""Moving a file to the system's trash, from where a person can take it back."""

from __future__ import annotations

import os
from pathlib import Path

from cowrite.storage.errors import StorageError


class CannotTrash(StorageError):
    """The system has no trash for this file; it is where it was.

    Attributes:
        reason: what the system said.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, f"“{path}” could not be moved to the trash: {reason}. It is where it was.")
        self.reason = reason


def move_to_trash(path: Path) -> None:
    """Moves a file to the trash: Windows' recycle bin, macOS' trash, or that of the freedesktop.org specification.

    Raises:
        CannotTrash: it could not be done.
    """
    from send2trash import send2trash  # type: ignore[import-untyped]

    try:
        send2trash(os.fspath(path))
    except OSError as error:
        raise CannotTrash(path, error.strerror or str(error) or "it has none for this drive") from error
