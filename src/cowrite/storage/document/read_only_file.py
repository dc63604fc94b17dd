"""A document where nothing can be written, such as on a CD or in a snapshot of a backup, opened to be read.

Runs on the thread that opened it. SQLite cannot read a write-ahead log without writing beside it, and a repair needs
room as well, so what is read is a copy in a temporary folder, which is gone when it is closed.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from cowrite.storage.document.content import Loaded
from cowrite.storage.document.copying import copy_files
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import failures_of


class ReadOnlyFile(DocumentFile):
    """A document of its own with what another held when it was opened; it is gone after `close`."""

    _place: Path
    _folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def of(cls, path: Path, reason: str) -> Self:
        """What is in the document at `path`, repaired where it is damaged; nothing is written there.

        Args:
            path: where the person has it.
            reason: why it can only be read, in words.

        Raises:
            NotADocument, DocumentTooNew: it is not for us.
            DiskFull, StorageFailed: it cannot be read, or the temporary folder cannot hold it.
        """
        with ExitStack() as stack:
            path = Path(os.path.realpath(path))
            with failures_of(path):
                folder = tempfile.TemporaryDirectory(prefix="cowrite-", ignore_cleanup_errors=True)
                stack.callback(folder.cleanup)
                copy = copy_files(path, Path(folder.name))
            file = cls.open(copy)
            file._place, file._folder, file.protected = path, folder, reason
            stack.callback(file.close)
            file.become_another()  # or it would push into the room of the other
            stack.pop_all()  # it stays open
        return file

    @property
    def place(self) -> Path:
        """See `DocumentFile.place`."""
        return self._place

    def load(self) -> Loaded:
        """See `DocumentFile.load`; the damaged file is where it was."""
        return super().load()._replace(damaged_original=None)

    def close(self) -> None:
        """Lets go of it; a second call does nothing."""
        super().close()
        self._folder.cleanup()
