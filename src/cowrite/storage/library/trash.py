"""Moving a file to the system's trash, from where a person can take it back."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cowrite.storage.errors import StorageError

_FIXED_DRIVE = 3  # what GetDriveTypeW says of drives that stay in the computer


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
    # Windows would delete it for good, without a word, from a network share or a stick: those have no recycle bin.
    if sys.platform == "win32":
        import ctypes

        if ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\") != _FIXED_DRIVE:
            raise CannotTrash(path, "its drive has no recycle bin")
    from send2trash import send2trash  # type: ignore[import-untyped]

    try:
        send2trash(os.fspath(path))
    except OSError as error:
        raise CannotTrash(path, error.strerror or str(error) or "it has none for this drive") from error
