"""Reserve: space on the disk of a data folder that is kept for opening it and shutting somebody out, though it is full.

Runs on whatever thread calls it.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from cowrite_server.folder import give_to_owner

FILE_NAME = "reserve"
_BYTES = 1024 * 1024
"""Many times what an act on members takes."""

_PART = 64 * 1024
_FREE_BYTES = 16 * _BYTES
"""As much has to be free before some of it is kept by the way: it is not to be what makes the disk full."""


class Reserve:
    """The reserve of one data folder."""

    def __init__(self, folder: Path) -> None:
        """That which is there, if any."""
        self._folder = folder
        self._path = folder / FILE_NAME
        self._is_whole = False

    @property
    def is_there(self) -> bool:
        """Whether anything is kept."""
        return self._path.exists()

    def keep_if_free(self) -> None:
        """Keeps what is lacking, where the disk has plenty of space."""
        if not self._is_whole:
            with suppress(OSError):
                if shutil.disk_usage(self._folder).free > _FREE_BYTES:
                    self.keep()

    def keep(self) -> None:
        """Keeps what is lacking, or as much of it as the disk takes."""
        with suppress(OSError), self._path.open("ab", buffering=0) as file:
            give_to_owner(self._path)
            part = os.urandom(_PART)  # of zeros some file systems would keep none
            while file.tell() < _BYTES:
                file.write(part)
            self._is_whole = True

    def give(self) -> None:
        """Lets its space be used."""
        self._is_whole = False
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
