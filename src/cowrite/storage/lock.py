"""One holder at a time for a file, across windows, processes and users of one computer.

The lock is the operating system's, on a small file beside the one it guards, so it dies with its process: nothing has
to be cleaned up after a crash. It is not on the document itself because SQLite's own locks are there (on macOS and BSD
flock and SQLite's fcntl locks exclude each other), and because a repair replaces the document while the lock is held.
The small file holds the owner's process id, for the message only.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from cowrite.storage.errors import StorageFailed, StoreLocked, failures_of

_LOCKED_BYTE = 1024  # on Windows a locked byte cannot be read, so it lies beyond the process id
_PID_WAIT = 0.02  # seconds between looks at a lock file whose owner has not written its process id yet
_RETRY_WAIT = 0.02  # seconds between tries to take a lock
_NOT_ELSEWHERE = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag


class FileLock:
    """The right to write one file.

    It is this process's as long as this process lives, or until `release` or the end of a `with`. A second FileLock for
    the same file fails in this process too.
    """

    def __init__(self, path: Path, *, patience: float = 0.0) -> None:
        """Takes the lock for the file `path`, which need not exist.

        Args:
            patience: seconds to wait for somebody else to give it back.

        Raises:
            StoreLocked: somebody else has it.
            StorageFailed: the folder cannot be written, or its drive knows no locks.
        """
        self.path = path
        self._lock_path = _lock_path(path)
        end = time.monotonic() + patience
        while True:
            try:
                with failures_of(path):
                    self._descriptor = self._acquired()
                break
            except StoreLocked:
                if time.monotonic() >= end:
                    raise
            time.sleep(_RETRY_WAIT)
        with suppress(OSError):  # a full disk must not keep a document from being read
            if os.fstat(self._descriptor).st_nlink > 1:
                return  # it has another name elsewhere, where somebody may keep something in it
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, str(os.getpid()).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()

    def is_held(self) -> bool:
        """Whether others still meet this lock: not when its file, or the folder with it, was deleted or moved.

        Raises:
            OSError: that cannot be told.
        """
        return self._descriptor >= 0 and self._is_current(self._descriptor)

    def follow(self, path: Path) -> bool:
        """Guards another path from now on where the lock file was moved there with its folder; says whether it was.

        Raises:
            OSError: that cannot be told.
        """
        before = self.path, self._lock_path
        self.path, self._lock_path = path, _lock_path(path)
        if self.is_held():
            return True
        self.path, self._lock_path = before
        return False

    def release(self) -> None:
        """Gives the lock back; the lock file goes, unless there is another one in its place by now."""
        if self._descriptor < 0:
            return
        descriptor, self._descriptor = self._descriptor, -1
        if sys.platform == "win32":
            os.close(descriptor)  # an open file cannot be deleted there
            _delete(self._lock_path)
        else:
            with suppress(OSError):
                if self._is_current(descriptor):
                    _delete(self._lock_path)
            os.close(descriptor)

    def _acquired(self) -> int:
        while True:
            descriptor = _opened(self._lock_path)
            try:
                _lock(descriptor)
                if self._is_current(descriptor):
                    return descriptor
            except OSError as error:
                os.close(descriptor)
                if error.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
                    raise StoreLocked(self.path, self._owner_pid()) from error
                raise StorageFailed(self.path, "its drive cannot lock files; copy it to another drive") from error
            os.close(descriptor)  # its owner deleted it while we opened it: our lock is on a file that nobody sees

    def _is_current(self, descriptor: int) -> bool:
        if sys.platform == "win32":
            return True
        try:
            return os.path.samestat(os.fstat(descriptor), self._lock_path.stat())
        except (FileNotFoundError, NotADirectoryError):
            return False

    def _owner_pid(self) -> int:
        for _ in range(5):
            try:
                return int(self._lock_path.read_bytes())
            except ValueError:
                time.sleep(_PID_WAIT)
            except OSError:
                break
        return 0


def taken_at(path: Path) -> float:
    """When the lock for a file was taken by whoever has it (seconds since 1970).

    Raises:
        OSError: nobody has it.
    """
    return _lock_path(path).stat().st_mtime


def _lock_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _opened(path: Path) -> int:
    if path.is_symlink():  # no lock file is one: a folder from a stranger would have another file written instead
        path.unlink(missing_ok=True)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | _NOT_ELSEWHERE, 0o666)
    except PermissionError:
        # Somebody else's, in a folder of several people: who may only read it takes the lock on it all the same.
        with suppress(FileNotFoundError):
            return os.open(path, os.O_RDONLY | _NOT_ELSEWHERE)
        raise


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # Left behind it does no harm: what counts is the lock on it. On Windows this happens when another process
        # takes the lock at this very moment.
        return


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
