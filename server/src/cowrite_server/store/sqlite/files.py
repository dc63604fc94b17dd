"""The files of an open SQLite database: whether they still lie where the next process will look for them, and whole.

SQLite works on with a file that was deleted, moved, replaced or overwritten, and says that all is well; whatever is
committed then is gone with the process, or a mixture of two databases. Runs on whatever thread calls it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cowrite_server.errors import StoreFailed

_SUFFIXES = ("", "-wal", "-shm")

# https://www.sqlite.org/walformat.html
_LOG_HEADER, _FRAME_HEADER = 32, 24
_PAGE_SIZE = slice(14, 16)
_FRAMES = slice(16, 20)
_SALT, _WRITTEN, _TO_BE_WRITTEN = slice(32, 40), slice(96, 100), slice(128, 132)
"""Of the index: which log it is, how many of its frames a checkpoint has written into the database, and will have."""
_MARK_BYTES = 48
"""Of the index: its header, with the sum over all that is in the log and the number of changes."""
_LARGEST_PAGE = 65536

_Content = tuple[int, int]
"""When a file was last written, in nanoseconds, and its size."""


class DatabaseFiles:
    """A database, its write-ahead log, and the index of that."""

    def __init__(self, path: Path) -> None:
        """The files as they are, for a connection that has read.

        Raises:
            OSError: they cannot be looked at.
        """
        self._paths = [str(path.with_name(path.name + suffix)) for suffix in _SUFFIXES]
        self._known: list[tuple[int, int]] = []
        self._index: int | None = None
        self._content: _Content | None = None
        self._checkpoint: bytes | None = None
        self._overwritten = False
        if sys.platform == "win32":  # nobody can take away there what is open
            return
        self._known = [_identity(each.stat()) for each in map(Path, self._paths)]
        # Open for as long as the connection is: closing it would let go of SQLite's own locks on it.
        self._index = os.open(self._paths[-1], os.O_RDONLY | os.O_CLOEXEC)

    def check(self) -> None:
        """Makes sure that the files are there and whole.

        Raises:
            StoreFailed: one was deleted, moved, replaced, overwritten or cut, or cannot be read.
        """
        if sys.platform == "win32" or self._index is None:
            return
        try:
            self._check(self._index)
        except OSError as error:
            raise StoreFailed(_trouble(self._paths[-1], _out_of_reach(error))) from error

    def _check(self, at: int) -> None:
        # Before the log is looked at, which is longer than its index says while somebody writes.
        index = _read_index(at)
        database, log, _ = [self._find(path, known) for path, known in zip(self._paths, self._known, strict=True)]
        page, frames = _extent(index)
        if frames and log.st_size < _LOG_HEADER + frames * (_FRAME_HEADER + page):
            if _read_index(at) == index:
                raise StoreFailed(_trouble(self._paths[1], "was cut"))
            self._check(at)  # somebody began the log anew in between
            return
        self._note(_content(database), _checkpoint(index), at)
        if self._overwritten:
            raise StoreFailed(
                f"the file {self._paths[0]} was overwritten by another program while the server works on it; stop the "
                "server and restore a backup"
            )

    def look(self) -> None:
        """Takes note of what is in the database if there was a checkpoint; to be called after whatever may have led to
        one."""
        if self._index is None:
            return
        try:
            checkpoint = _checkpoint(_read_index(self._index))
            if checkpoint != self._checkpoint and _identity(found := Path(self._paths[0]).stat()) == self._known[0]:
                self._note(_content(found), checkpoint, self._index)
        except OSError:
            return  # it was taken away, or its drive is gone; the next check shows

    def mark(self) -> bytes | None:
        """What is another one after each commit, whoever made it; None where nobody can tell.

        Of the index, which SQLite holds in memory: nothing is waited for.
        """
        if sys.platform == "win32" or self._index is None:
            return None
        try:
            return os.pread(self._index, _MARK_BYTES, 0)
        except OSError:  # a drive that is gone; whoever asks the database hears of it
            return None

    def _find(self, path: str, known: tuple[int, int]) -> os.stat_result:
        """Looks for a file where it was."""
        try:
            found = os.stat(path)  # noqa: PTH116 - asked three times for each commit, and paths take three times as long
        except FileNotFoundError as error:
            raise StoreFailed(_trouble(path, "was taken away")) from error
        except OSError as error:
            raise StoreFailed(_trouble(path, _out_of_reach(error))) from error
        if (found.st_dev, found.st_ino) != known:
            raise StoreFailed(_trouble(path, "was replaced"))
        return found

    def _note(self, content: _Content, checkpoint: bytes | None, index: int) -> None:
        """Takes note of the database's content, and whether it was overwritten.

        SQLite writes into it in checkpoints alone, so with other content after the same one it was.

        Args:
            content: what was found.
            checkpoint: the last one, read before that.
            index: the file that says which was the last one.
        """
        if content == self._content and checkpoint == self._checkpoint:
            return  # as nearly always
        if checkpoint is None or checkpoint != _checkpoint(_read_index(index)):
            return  # somebody is about a checkpoint; the next look shows
        if self._content not in (None, content) and checkpoint == self._checkpoint:
            self._overwritten = True
        self._content, self._checkpoint = content, checkpoint

    def close(self) -> None:
        """The connection is closed."""
        if self._index is not None:
            os.close(self._index)
            self._index = None


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _extent(index: bytes) -> tuple[int, int]:
    """Size of a page, and how many of them lie in the log."""
    page = int.from_bytes(index[_PAGE_SIZE], sys.byteorder)
    return _LARGEST_PAGE if page == 1 else page, int.from_bytes(index[_FRAMES], sys.byteorder)


def _content(found: os.stat_result) -> _Content:
    return found.st_mtime_ns, found.st_size


def _read_index(index: int) -> bytes:
    if sys.platform == "win32":  # where none is open
        return b""
    return os.pread(index, _TO_BE_WRITTEN.stop, 0)


def _checkpoint(index: bytes) -> bytes | None:
    """Which checkpoint was the last one; None while it is under way."""
    return index[_SALT] + index[_WRITTEN] if index[_WRITTEN] == index[_TO_BE_WRITTEN] else None


def _out_of_reach(error: OSError) -> str:
    return f"cannot be reached ({error.strerror})"


def _trouble(path: str, what: str) -> str:
    return f"the file {path} {what} while the server works on it; put it back, or stop the server and restore a backup"
