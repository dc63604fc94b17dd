"""Which server works on a data folder: a lock that two servers cannot hold at once, and the address of its holder."""

from __future__ import annotations

import errno
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from cowrite_server.errors import DataFolderInUse, DataFolderUnusable

_LOCK_NAME = "server.lock"
_ADDRESS_NAME = "server.json"
OWN_NAMES = (_LOCK_NAME, _ADDRESS_NAME)
"""Names of files in a data folder that a server makes and takes away."""

_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.02
"""`running_server` holds the lock for a moment, which is not to be taken for a server."""


def give_to_owner(path: Path) -> None:
    """Gives a new file to the owner of its folder where root has made it, so that their server can write it.

    Raises:
        OSError: it cannot be given away.
    """
    if sys.platform != "win32" and os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Makes a folder where it is missing, and takes away again what it has made where the block fails and leaves it
    empty.

    Raises:
        OSError: it cannot be made.
    """
    made = _missing(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
    except BaseException:
        _take_away(made)
        raise


def is_read_only(folder: Path) -> bool:
    """Whether nobody may write on the drive of a folder."""
    if sys.platform == "win32":
        return False
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def obstacle(error: OSError, folder: Path) -> str:
    """What keeps a data folder from being used, as a part of a sentence: the file, where it is one in it."""
    if isinstance(error, FileExistsError):
        if folder.is_symlink() and not folder.exists():
            return f"this is a link to {folder.readlink()}, which is not there; mount its drive, or mend the link"
        return "this is a file; choose another name for the folder"
    if isinstance(error, NotADirectoryError):
        above = next((each for each in folder.parents if each.is_file()), folder)
        return f"{above} is a file, and no folder can be in it; choose another place"
    why = error.strerror or str(error)
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else folder
    # Of a folder that is closed itself each file in it would be named.
    if path.parent != folder or not os.access(folder, os.X_OK | os.W_OK):
        return why
    return f"{path.name} in it cannot be used ({why})"


class FolderLock:
    """Held by the one server that works on a data folder; the system releases it when the process ends, however."""

    def __init__(self, folder: Path) -> None:
        """Takes the lock.

        Raises:
            DataFolderInUse: another server holds it.
            DataFolderUnusable: the lock file cannot be written, or files cannot be locked there.
        """
        self._folder = folder
        try:
            self._made = _missing(folder)
        except OSError as error:  # of a name that is too long, or in a folder that is closed, nothing can be said
            raise DataFolderUnusable(folder, obstacle(error, folder)) from error
        self._file = _locked(folder)

    def note_address(self, url: str) -> None:
        """Leaves word for `cowrite-server invite` where the server is reached.

        Raises:
            DataFolderUnusable: it cannot be written.
        """
        note = json.dumps({"pid": os.getpid(), "url": url})
        try:
            (self._folder / _ADDRESS_NAME).write_text(note, encoding="utf-8")
            give_to_owner(self._folder / _ADDRESS_NAME)
        except OSError as error:
            raise DataFolderUnusable(self._folder, obstacle(error, self._folder)) from error

    def release(self) -> None:
        """Lets another server work on the folder."""
        with suppress(OSError):  # as on a disk that fails; without the lock the word is not believed
            (self._folder / _ADDRESS_NAME).unlink(missing_ok=True)
        self._file.close()

    def withdraw(self) -> None:
        """Releases the lock, and takes away the folder that was made for it, if nothing else is in it."""
        if sys.platform == "win32":  # a file that is open cannot be taken away, and who has it open may have it
            self.release()
            self._take_away()
        else:  # while it is held: whoever has opened the file meanwhile sees that it is gone, and makes another
            self._take_away()
            self.release()

    def _take_away(self) -> None:
        if self._made:
            with suppress(OSError):
                (self._folder / _LOCK_NAME).unlink()
                _take_away(self._made)


def running_server(folder: Path) -> str | None:
    """The address of the server that works on a folder at the moment, or None."""
    url = _noted(folder).get("url")
    if not isinstance(url, str):
        return None
    try:
        with (folder / _LOCK_NAME).open("r+b") as file:
            lock_file(file)
    except OSError:
        return url
    return None


def _missing(folder: Path) -> list[Path]:
    """What is to be made so that a folder is there: it and those in which it lies, the innermost first."""
    return [each for each in (folder, *folder.parents) if not each.exists()]


def _take_away(folders: Sequence[Path]) -> None:
    """Removes folders as far as they are empty, the innermost first."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def _locked(folder: Path) -> IO[bytes]:
    """The lock's file, locked and still in its place: a lock on one that was taken away keeps nobody out."""
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE_SECONDS)
        file = _opened(folder)
        try:
            lock_file(file)
            if os.path.samestat(os.fstat(file.fileno()), (folder / _LOCK_NAME).stat()):
                return file
        except OSError as error:
            if error.errno in _NO_LOCKS:
                file.close()
                raise DataFolderUnusable(folder, "its drive cannot lock files; use another") from error
        file.close()
    raise DataFolderInUse(folder, _owner(folder))


def _opened(folder: Path) -> IO[bytes]:
    path = folder / _LOCK_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not path.exists()
        file = path.open("a+b")
        if is_new:
            give_to_owner(path)
    except OSError as error:
        raise DataFolderUnusable(folder, obstacle(error, folder)) from error
    return file


def _owner(folder: Path) -> int | None:
    pid = _noted(folder).get("pid")
    return pid if isinstance(pid, int) else None


def _noted(folder: Path) -> dict[str, object]:
    try:
        note = json.loads((folder / _ADDRESS_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


if sys.platform == "win32":
    import msvcrt

    def lock_file(file: IO[bytes]) -> None:
        """Locks a file for as long as it is open.

        Raises:
            OSError: somebody else has locked it, or files cannot be locked there.
        """
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def lock_file(file: IO[bytes]) -> None:
        """Locks a file for as long as it is open.

        Raises:
            OSError: somebody else has locked it, or files cannot be locked there.
        """
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
