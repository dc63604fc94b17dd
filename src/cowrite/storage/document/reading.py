"""Looking into a document without opening it for writing: for conversions, reports and the library.

A document that a window has open can be read all the same, as of its last saved edit. Runs on the thread that opened
it. Changes nothing.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from cowrite.clock import milliseconds_now
from cowrite.storage.document import loss
from cowrite.storage.document.content import Loaded, StoredBlob, blob_from, loaded_from
from cowrite.storage.document.copying import copy_files, replace_with_copy
from cowrite.storage.document.database import all_properties, connect_alone, connect_beside, connect_to_look, is_waiting
from cowrite.storage.document.examination import expect_file, is_sound
from cowrite.storage.document.stray_log import is_stray
from cowrite.storage.errors import StorageFailed, StoreLocked, failures_of
from cowrite.storage.layout import Value
from cowrite.storage.lock import FileLock
from cowrite.storage.placing import protection


class DocumentReader:
    """A document, read-only. Where it is damaged, this reads what survives; the file itself stays as it is."""

    def __init__(self, path: Path) -> None:
        """Looks into the document at `path`.

        Raises:
            NotThere: there is no such file.
            NotADocument, DocumentTooNew: it is not for us, such as a folder.
            StorageFailed: it cannot be read.
        """
        self.path = Path(os.path.realpath(path))
        self._missing: tuple[str, ...] = ()
        self._behind = ""
        with failures_of(path):
            expect_file(self.path)
        with failures_of(self.path), ExitStack() as stack:
            read = self.path
            if is_stray(read):  # who opens the document keeps that log apart from it
                read = copy_files(read, _temporary(stack), with_log=False)
            elif is_waiting(read) and protection(read):  # SQLite reads a log only where it may write beside it
                read = copy_files(read, _temporary(stack))
            # A document that is open was examined by its owner; looking into the middle of a write proves nothing.
            if _is_open_elsewhere(read):
                self._connection = connect_beside(read)
            elif is_sound(read):
                self._connection = connect_to_look(read)
            else:
                from cowrite.storage.document.repair import salvaged_to  # for a damaged file only

                copy = _temporary(stack) / self.path.name
                missing = salvaged_to(read, copy, milliseconds_now())
                self._missing = tuple(missing.sentences)
                self._behind = loss.behind(missing.since) if missing.since else ""
                self._connection = connect_to_look(copy)
            stack.callback(self._connection.close)
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def properties(self) -> Mapping[str, Value]:
        """All properties as they are now.

        Raises:
            StorageFailed: they cannot be read.
        """
        with failures_of(self.path):
            return MappingProxyType(all_properties(self._connection))

    def load(self) -> Loaded:
        """The document's state and what is missing from it.

        Raises:
            StorageFailed: it cannot be read.
        """
        with failures_of(self.path):
            loaded = loaded_from(self._connection, self.path)
        missing = (*loaded.missing, *self._missing)
        return loaded._replace(missing=missing, behind=self._behind or loaded.behind)

    def blob(self, name: str) -> StoredBlob | None:
        """The blob of this name, or None where the file has no sound one.

        Raises:
            StorageFailed: it cannot be read.
        """
        with failures_of(self.path):
            return blob_from(self._connection, name)

    def save_copy(self, path: Path, *, title: str) -> None:
        """Writes a document of its own with the same content; see `DocumentFile.save_copy`.

        Raises:
            StoreLocked: a document at `path` is open.
            DiskFull, StorageFailed: what was at `path` is as it was.
        """
        replace_with_copy(self._connection, Path(os.path.realpath(path)), now=milliseconds_now(), title=title)

    def close(self) -> None:
        """Lets go of the file; a second call does nothing."""
        self._stack.close()


def glance(path: Path) -> Mapping[str, Value] | None:
    """The properties of a document without examining the rest; None where they cannot be had that easily."""
    try:
        with closing(connect_alone(path) if is_stray(path) else connect_to_look(path)) as connection:
            return all_properties(connection) or None
    except (sqlite3.Error, OSError, UnicodeDecodeError):  # the last: see `errors.failures_of`
        return None


def _temporary(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cowrite-")))


def _is_open_elsewhere(path: Path) -> bool:
    try:
        with FileLock(path):
            return False
    except StoreLocked:
        return True
    except StorageFailed:  # a folder that cannot be written: nobody writes there
        return False
