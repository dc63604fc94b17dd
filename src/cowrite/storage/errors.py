"""What can go wrong with files, as types with fields, and the one table from foreign exceptions to them.

Each error says in one sentence what happened, to which file, and what to do.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cowrite.errors import CowriteError

_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_WINDOWS_FULL = frozenset({39, 112})  # ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL
WINDOWS_PATH = 260  # UTF-16 units of a whole path that are too many, unless somebody has told Windows to take more
_NO_ROOM = 64 * 1024  # bytes free, below which an I/O error that names no cause is taken for a full disk


class StorageError(CowriteError):
    """A file could not be read or written. Its `str()` is one sentence for people.

    Attributes:
        path: the file that it is about.
    """

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path


class StoreLocked(StorageError):
    """Another cowrite window has this document open.

    Attributes:
        owner_pid: the process that has it open, this one's included; 0 where that cannot be told.
    """

    def __init__(self, path: Path, owner_pid: int) -> None:
        owner = f" (process {owner_pid})" if owner_pid else ""
        super().__init__(path, f"“{path}” is open in another cowrite window{owner}. Go on there, or close it first.")
        self.owner_pid = owner_pid


_OF_OTHERS = frozenset({".doc", ".dot", ".rtf", ".pages", ".wpd", ".wps", ".sxw", ".pdf"})
"""Endings of texts of other programs that cannot be opened here."""
_SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".fods", ".numbers"})
_IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tif", ".tiff", ".heic", ".avif"})


def advice_for(path: Path) -> str:
    """What can be done with a file of another program that cowrite does not open, in a sentence; empty where its
    ending says nothing of it."""
    ending = path.suffix.lower()
    if ending in _OF_OTHERS:
        return "Save it as .docx or .odt in the program that made it; cowrite opens those."
    if ending in _SHEETS:
        return "Save the sheet as .csv in the program that made it; cowrite opens that as a table."
    return "Insert → Image puts it into a document." if ending in _IMAGES else ""


class NotADocument(StorageError):
    """The file is not a cowrite document; it is left as it is."""

    def __init__(self, path: Path) -> None:
        sentence = f"“{path}” is not a cowrite document, and was left as it is."
        super().__init__(path, f"{sentence} {advice_for(path)}".rstrip())


class UnreadableDocument(StorageError):
    """A document holds a change that cannot be read, as no cowrite writes it; it is left as it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"“{path}” holds a change that cannot be read, and was left as it is. If somebody sent it to you, ask them "
            "for another copy.",
        )


class DocumentTooNew(StorageError):
    """The document was written by a newer cowrite; it is left as it is.

    Attributes:
        version: the version of its file format.
    """

    def __init__(self, path: Path, version: int) -> None:
        super().__init__(path, f"“{path}” was written by a newer cowrite (file format {version}). Update cowrite.")
        self.version = version


class AlreadyThere(StorageError):
    """A file of this name is there already; it is left as it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, f"“{path}” is there already. Choose another name.")


class NotThere(StorageError):
    """There is no such file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, f"“{path}” is not there. It may have been moved, renamed or deleted.")


class FileGone(StorageError):
    """A document's file was deleted or moved while it was open, and could not be written anew in its place."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"“{path}” was deleted or moved while it was open, and its folder is not there either. Put the folder "
            "back, or save a copy elsewhere.",
        )


class Overwritten(StorageError):
    """Another program has written over a document's file while it was open."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, f"Another program has written over “{path}” while it was open. Save a copy of the document elsewhere."
        )


class DriveAway(StorageError):
    """The drive with a document's file went while it was open, and the folder in which it was mounted is there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, f"The drive with “{path}” is away. Connect it again, or save a copy of the document elsewhere."
        )


class OpenElsewhere(StorageError):
    """The file has several names (hard links), and is open, or was not closed, by another one.

    By each name SQLite keeps another log, so two that write by two names would destroy the document.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"“{path}” is another name for a document that is open under its own name, or was not closed there. "
            "Go on there, or open it by that name.",
        )


class DiskFull(StorageError):
    """Nothing of what was to be written is in the file; what was there before is sound."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, f"There is no room left to save “{path}”. Free some space on its disk and try again.")


class StorageFailed(StorageError):
    """The system refused to read or write; nothing of what was to be written is in the file.

    Attributes:
        reason: what the system said.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, f"“{path}” could not be read or written: {reason}. Try again, or save a copy elsewhere.")
        self.reason = reason


class NotAllowed(StorageFailed):
    """The system lets this person neither read nor write there, or not both; what is there is as it was."""

    def __init__(self, path: Path, reason: str) -> None:
        StorageError.__init__(
            self,
            path,
            f"You have no permission to read or write “{path}”. Have that changed by whoever it belongs to, or choose "
            "another place.",
        )
        self.reason = reason


class LibraryClosed(StorageError):
    """Nothing can be put into the folder of a person's documents: it is another one's, or its drive takes nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            folder, f"You may not write in “{folder}”, the folder of your documents. Choose another one in Preferences."
        )


class NotWritable(StorageFailed):
    """A file can be read, and not written, or nothing beside it; it is as it was."""

    def __init__(self, path: Path, reason: str) -> None:
        StorageError.__init__(
            self, path, f"“{path}” can only be read: {reason}. Change that, or save a copy elsewhere."
        )
        self.reason = reason


@contextmanager
def failures_of(path: Path) -> Iterator[None]:
    """Turns OSError and sqlite3.Error inside the block into a StorageError about `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _from_sqlite(path, error) from error
    except UnicodeDecodeError as error:
        # WORKAROUND: where SQLite's message quotes damaged text, CPython's sqlite3 fails to decode the message and
        # raises this in place of its own error.
        raise StorageFailed(path, "it was damaged while it was open") from error
    except OSError as error:
        raise _from_system(path, error) from error


def sqlite_code(error: sqlite3.Error) -> int:
    """What kind of error it is, without the particulars; SQLITE_ERROR where the library has not said."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF


def _from_sqlite(path: Path, error: sqlite3.Error) -> StorageError:
    code = sqlite_code(error)
    if code == sqlite3.SQLITE_FULL or (code in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN} and _no_room(path)):
        return DiskFull(path)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StorageFailed(path, "another program is using it")
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return StorageFailed(path, "it was damaged while it was open")
    return StorageFailed(path, str(error))


def _from_system(path: Path, error: OSError) -> StorageError:
    if error.errno in _FULL_ERRNOS or getattr(error, "winerror", None) in _WINDOWS_FULL:
        return DiskFull(path)
    if error.errno == errno.ENOENT and not path.exists():
        if sys.platform == "win32" and len(str(path)) >= WINDOWS_PATH:  # all that Windows says is that it is not there
            return StorageFailed(path, "its name, with those of its folders, is too long for Windows")
        return NotThere(path)
    refused = isinstance(error, PermissionError) and not hasattr(error, "winerror")  # on Windows also of a file in use
    return (NotAllowed if refused else StorageFailed)(path, error.strerror or str(error))


def _no_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM
    except OSError:
        return False
