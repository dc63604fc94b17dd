"""Files in their places: a finished one gets there in one step, so that a crash leaves the old one or the new one; and
those of an open document are looked for, since anybody may delete or move them, though not on Windows.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cowrite.storage.names import name_beside
from cowrite_server.patience import patiently

COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite adds to a database's name for the files beside it."""

_LONGEST = max(COMPANIONS, key=len)  # longer than what `storage.lock` adds
TEMPORARY = ".cowrite-{}.tmp"
_HERE = -100  # AT_FDCWD of Linux
_NOTHING_REPLACED = 1  # RENAME_NOREPLACE of Linux


def companion(path: Path, ending: str) -> Path:
    """A file that SQLite keeps beside the database `path`."""
    return path.with_name(path.name + ending)


@contextmanager
def temporary_beside(path: Path) -> Iterator[Path]:
    """The name of a file, not there yet, in the folder of `path`; gone after the block unless it was moved."""
    temporary = path.with_name(TEMPORARY.format(secrets.token_hex(8)))
    try:
        yield temporary
    finally:
        for file in (temporary, *(companion(temporary, ending) for ending in COMPANIONS)):
            with suppress(OSError):  # what is left is hidden and in nobody's way
                file.unlink(missing_ok=True)


def move(source: Path, target: Path) -> None:
    """Gives a file or folder another name; where something has it, what comes of it is the system's.

    Raises:
        OSError: it could not be done.
    """
    patiently(source.rename, target)


def move_to_free(source: Path, target: Path) -> None:
    """Gives a file a name that nothing has.

    Raises:
        FileExistsError: something has it.
        OSError: it could not be done.
    """
    if _moved_by_linux(source, target):
        return
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fspath(target))
    move(source, target)


def replace(source: Path, target: Path) -> None:
    """Gives a file the name of another one, which is gone then.

    Raises:
        OSError: it could not be done.
    """
    patiently(source.replace, target)


def place(finished: Path, path: Path) -> None:
    """Moves a finished file to `path` in the same folder; what was there is replaced. Both last through a power loss.

    Raises:
        OSError: it could not be done, or what is there is not a file, such as a device; `path` is as it was.
    """
    with suppress(FileNotFoundError):
        kind = stat.S_IFMT(path.lstat().st_mode)
        if kind not in (stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR):  # of a folder the system says so itself
            raise OSError(errno.EINVAL, "what is there is not a file")
    _sync(finished)
    try:
        replace(finished, path)
    except PermissionError as error:
        if sys.platform == "win32" and is_file(path):
            # All that Windows says of a file that another program shows, as Word does, is that access is denied.
            why = "another program has it open, or it is write-protected"
            raise PermissionError(errno.EACCES, why, os.fspath(path)) from error
        raise
    sync_folder(path.parent)


def place_document(finished: Path, path: Path) -> None:
    """Does what `place` does to a document without a write-ahead log, which does not meet what SQLite keeps beside the
    one that was there.

    A kill before it is in its place leaves the log of the other one in the folder, where `stray_log.rejoin` finds it.

    Raises:
        OSError: see `place`; what is beside `path`, too, is as it was.
    """
    _sync(finished)  # which may take seconds, and nothing is to be between two names for so long
    with temporary_beside(path) as aside, ExitStack() as stack:
        for ending in COMPANIONS:
            there, kept = companion(path, ending), companion(aside, ending)
            with suppress(FileNotFoundError):
                replace(there, kept)
                stack.callback(replace, kept, there)
        place(finished, path)
        stack.pop_all()


def write_in_place(path: Path, data: bytes) -> None:
    """Writes `path` as `place` does; a link stays one, and the file to which it leads is written.

    Raises:
        OSError: it could not be done, or what is there is not a file, such as a device; `path` is as it was.
    """
    path = Path(os.path.realpath(path))
    with temporary_beside(path) as temporary:
        temporary.write_bytes(data)
        place(temporary, path)


def write_for_oneself(path: Path, data: bytes) -> None:
    """Puts a file in its place that nobody else of this computer may read, and makes its folder where there is none.
    It outlives this process; what makes it outlive a power loss is up to the caller.

    Raises:
        OSError: it could not be done; `path` is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # a file system without permissions keeps nothing from anybody anyway
        path.parent.chmod(0o700)
    with temporary_beside(path) as temporary:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        replace(temporary, path)


def is_file(path: Path) -> bool:
    """Whether there is a file that can be looked at; none where the system refuses, as on a drive that has gone."""
    return os.path.isfile(path)  # noqa: PTH113, Path.is_file raises what the system says, before Python 3.14


def is_same_file(path: Path, other: Path) -> bool:
    """Whether two names lead to one file: links, hard ones too, or another case where that makes no difference."""
    try:
        return os.path.samestat(path.stat(), other.stat())
    except (OSError, ValueError):  # the latter for what no system takes as a name
        return False


def protection(path: Path) -> str:
    """Why a document can be read and not written, or nothing beside it, in words; empty where it can be."""
    folder = path.parent
    if sys.platform != "win32":
        with suppress(OSError, ValueError):  # not every drive tells
            if len(os.fsencode(f"{path.name}{_LONGEST}")) > os.pathconf(folder, "PC_NAME_MAX"):
                return "its name is too long for those of the files that belong beside it; rename it to write in it"
    is_open = os.access(path, os.W_OK)
    # WORKAROUND python/cpython#85843: of the rights on a network share that tells nothing, and on Windows of none.
    has_room = os.access(folder, os.W_OK) and _lets(_make_beside, path)
    if sys.platform == "win32":  # elsewhere closing it would let go of SQLite's own locks
        is_open = is_open and _lets(_open_to_write, path)
    if is_open and has_room:
        return ""
    if sys.platform != "win32":
        with suppress(OSError):
            if os.statvfs(path).f_flag & os.ST_RDONLY:
                return "its disk cannot be written"
    return f"the folder “{folder}” is write-protected" if is_open else "its file is write-protected"


def has_other_names(path: Path) -> bool:
    """Whether a file has other names (hard links) besides this one; not where the system refuses to say."""
    try:
        return path.stat().st_nlink > 1
    except (OSError, ValueError):
        return False


def is_known_file(path: Path) -> bool:
    """Whether there is a file.

    Raises:
        OSError: the system does not say, as of a drive that has gone.
    """
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return False
        raise


def sync_folder(folder: Path) -> None:
    """Makes names that were given or taken in `folder` last, where the system can."""
    if sys.platform == "win32":
        return  # NTFS keeps a journal of its names, and a folder cannot be opened
    with suppress(OSError):  # some network drives cannot; there is nothing else to try
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class Whereabouts:
    """The files of one connection.

    Args:
        path: the document's.
        has_wal: whether it has a write-ahead log.

    Raises:
        OSError: they cannot be looked at.
    """

    def __init__(self, path: Path, *, has_wal: bool) -> None:
        self._path = path
        self._drive = path.parent.stat().st_dev
        files = (path, companion(path, "-wal")) if has_wal else (path,)
        self._held = {file: file.stat() for file in files}
        self._own = list(self._held.values())

    @property
    def gone(self) -> Path | None:
        """The first path that does not lead to its file any more; None where all do."""
        return next((file for file, held in self._held.items() if not _is_one_of(file, [held])), None)

    @property
    def drive_is_away(self) -> bool:
        """Whether the folder is another one, on another drive, and nothing is in the file's place: its own drive was
        mounted there, and what is written now would be hidden once it is there again."""
        try:
            return self._path.parent.stat().st_dev != self._drive and not os.path.lexists(self._path)
        except FileNotFoundError:
            return False

    def are_at(self, path: Path) -> bool:
        """Whether all of them are at another path now."""
        held = zip((path, companion(path, "-wal")), self._held.values(), strict=False)
        return all(_is_one_of(file, [facts]) for file, facts in held)

    def take_over(self) -> None:
        """What is at the document's path is the document as well, though the connection does not hold it."""
        self._own.append(self._path.stat())

    def set_other_aside(self, now: int, *, is_overwritten: bool = False) -> str:
        """Keeps another document that is at the path now, with its log.

        Args:
            now: milliseconds since 1970.
            is_overwritten: the other one is in the very file of this one.

        Returns:
            A sentence that says so; empty where there is none.
        """
        if not self._path.exists() or (_is_one_of(self._path, self._own) and not is_overwritten):
            return ""
        kept = name_beside(self._path, "other", now)
        move(self._path, kept)
        for ending in ("-wal", "-journal"):
            log = companion(self._path, ending)
            if log.exists() and not _is_one_of(log, self._own):
                move(log, companion(kept, ending))
        return f" What was found there is kept as “{kept.name}”."


def _is_one_of(path: Path, files: list[os.stat_result]) -> bool:
    """Whether a path leads to one of these files."""
    try:
        there = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return any(os.path.samestat(there, file) for file in files)


def _lets(act: Callable[[Path], None], path: Path) -> bool:
    """Whether the system gives the right to do something with a file; what else is in the way is found later."""
    with suppress(OSError):
        try:
            patiently(act, path)
        except PermissionError:
            return False
    return True


def _open_to_write(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR))


def _make_beside(path: Path) -> None:
    with temporary_beside(path) as temporary:
        temporary.touch()


def _sync(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _moved_by_linux(source: Path, target: Path) -> bool:
    """Has Linux look for the name and give it in one step; says whether it knows how to, which not every drive does.

    Raises:
        OSError: it could not be done.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_HERE, os.fsencode(source), _HERE, os.fsencode(target), _NOTHING_REPLACED) == 0:
        return True
    reason = ctypes.get_errno()
    if reason in (errno.EINVAL, errno.ENOSYS):
        return False
    raise OSError(reason, os.strerror(reason), os.fspath(target))
