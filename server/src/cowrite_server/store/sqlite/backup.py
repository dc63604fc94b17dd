"""Backups of the SQLite file: a copy while a server works on it, and the way back.

Runs on whatever thread calls it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cowrite_server import audit
from cowrite_server.errors import BackupUnusable, DamagedData, DataFolderUnusable, ForeignData, NewerData, StoreFailed
from cowrite_server.folder import OWN_NAMES, FolderLock, give_to_owner
from cowrite_server.output import FULL
from cowrite_server.patience import patiently
from cowrite_server.store.audit import note
from cowrite_server.store.records import new_epoch
from cowrite_server.store.sqlite import reserve
from cowrite_server.store.sqlite.database import FILE_NAME, open_file, reason, refuse_folder, transaction
from cowrite_server.store.sqlite.drafts import draft_of, remove_stale_drafts
from cowrite_server.store.sqlite.tables import at_once

_INSTRUCTIONS = 1000
"""After so many of SQLite's instructions a backup asks again whether it was given up."""

_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
"""What SQLite says where a disk takes no more: the last two where a person's share of it, or a file's size, is at its
end."""

_MAGIC = b"SQLite format 3\0"
"""How each database of SQLite begins."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        kept: names of the rooms whose history goes on.
        begun: names of the rooms that have a new epoch.
        gone: names of the rooms that the former database has and the backup lacks.
        back: names of the rooms that were forgotten since the backup was made, and are there again.
        aside: where the former database is now; None where there was none.
    """

    kept: tuple[str, ...]
    begun: tuple[str, ...]
    gone: tuple[str, ...]
    back: tuple[str, ...]
    aside: Path | None


def refuse_own_name(folder: Path, path: Path) -> None:
    """Keeps a backup from having a name in a data folder that a server or SQLite overwrites or removes.

    Args:
        folder: the data folder.
        path: of the backup.

    Raises:
        BackupUnusable: it has one.
    """
    is_own = path.name in (*OWN_NAMES, reserve.FILE_NAME) or path.name.startswith(f"{FILE_NAME}-")
    with suppress(OSError):  # of a folder that is missing or closed: no data lies there that could be opened
        if is_own and path.parent.samefile(folder):
            raise BackupUnusable(path, "the server writes a file of this name itself; give it another")


def back_up(connection: sqlite3.Connection, path: Path, given_up: Callable[[], bool]) -> None:
    """Writes a copy of the database as it is at one moment; writers are not kept waiting.

    Args:
        connection: to the database.
        path: where to; nothing is there before the copy is whole.
        given_up: whether nobody waits for it any more; asked again and again, and when the copy is whole.

    Raises:
        BackupUnusable: it cannot be written, a file of this name is there, or it was given up.
    """
    try:
        if path.exists() or path.is_symlink():  # a link may lead to a drive that is not there at the moment
            raise BackupUnusable(path, "there is a file of this name already")
        remove_stale_drafts(path)
        with draft_of(path) as draft:
            draft.touch(mode=0o600, exist_ok=False)
            # Interrupting the connection from elsewhere would do nothing just before the copy begins.
            connection.set_progress_handler(given_up, _INSTRUCTIONS)
            try:
                connection.execute("VACUUM INTO ?", (str(draft),))
            finally:
                connection.set_progress_handler(None, 0)
            _to_disk(draft)
            if given_up():
                raise BackupUnusable(path, "it was given up")
            patiently(draft.rename, path)
        _to_disk(path.parent)
    except UnicodeEncodeError as error:  # to SQLite the name of a copy is text
        raise BackupUnusable(path, "its name is not UTF-8; give it another") from error
    except (OSError, sqlite3.Error) as error:
        raise BackupUnusable(path, "it was given up" if given_up() else reason(error)) from error


def restore(folder: Path, backup: Path, *, keep_epochs: bool, stamp: str, now: int) -> Restored:
    """Puts a backup in the place of a folder's database, which is moved aside.

    A room's history goes on where the folder's database shows that it holds nothing but what the backup has, too.
    Otherwise clients may have what the backup lacks and were told that it is saved; then the room gets a new epoch, so
    that they keep their copies and are asked.

    Args:
        folder: the data folder; made where it is missing.
        backup: the backup.
        keep_epochs: whether all histories go on; clients then send what the backup lacks.
        stamp: goes into the name of the former database.
        now: milliseconds since 1970.

    Raises:
        BackupUnusable: it cannot be read, or is no sound backup. Nothing was changed or made.
        DataFolderInUse: a server works on the folder.
        DataFolderUnusable: the folder cannot be written or is full, the database's name in it is a folder's, or another
            command works on its database.
    """
    lock = FolderLock(folder)
    path = folder / FILE_NAME
    try:
        with _blaming(folder, backup):
            refuse_folder(path)
            _refuse_others(backup)
            _refuse_database(backup)
            remove_stale_drafts(path, keep=backup)
            with draft_of(path) as draft:
                shutil.copyfile(backup, draft)
                draft.chmod(0o600)
                give_to_owner(draft)
                with closing(open_file(draft)) as connection:
                    faults = [text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"]
                    if faults:
                        raise BackupUnusable(backup, faults[0])
                    known, forgotten = _settle(path)
                    with transaction(connection):
                        back = [name for name, epoch in _rooms(connection) if (name, epoch) in forgotten]
                        kept, begun = _choose_epochs(connection, known, keep_epochs, now)
                    connection.execute("PRAGMA journal_mode = DELETE")  # one file again, without others beside it
                _to_disk(draft)
                aside = _move_aside(path, stamp)
                patiently(draft.replace, path)
            _to_disk(folder)
    except BaseException:
        lock.withdraw()
        raise
    lock.release()
    gone = {name for name, _ in known}.difference(kept, begun)
    return Restored(tuple(kept), tuple(begun), tuple(sorted(gone)), tuple(back), aside)


@contextmanager
def _blaming(folder: Path, backup: Path) -> Iterator[None]:
    """Says whether backup or folder is the reason that the one cannot take its place in the other."""
    try:
        yield
    except (DamagedData, StoreFailed) as error:
        _refuse_full(folder, error.__cause__)
        raise BackupUnusable(backup, error.reason) from error
    except ForeignData as error:
        raise BackupUnusable(backup, "it is not a backup of cowrite-server") from error
    except NewerData as error:
        versions = f"data version {error.found}, this one knows {error.known}"
        raise BackupUnusable(
            backup, f"a newer cowrite-server has made it ({versions}); update cowrite-server"
        ) from error
    except (OSError, sqlite3.Error) as error:
        _refuse_full(folder, error)
        raise BackupUnusable(backup, reason(error)) from error


def _refuse_others(backup: Path) -> None:
    """Refuses what is no file or begins as no database does, before it is copied: a device may have no end.

    Raises:
        BackupUnusable: it is such a thing.
        OSError: nothing can be said of it.
    """
    if not (backup.is_file() or backup.is_dir()):
        backup.stat()  # raises where there is nothing
        raise BackupUnusable(backup, "it is a pipe or a device, not a file")
    with backup.open("rb") as file:
        beginning = file.read(len(_MAGIC))
    if beginning and beginning != _MAGIC:
        raise BackupUnusable(backup, "it is not a backup of cowrite-server")


def _refuse_database(backup: Path) -> None:
    """Refuses a file that is a server's database, of which the newest part lies beside it and would be lost.

    Raises:
        BackupUnusable: it is one.
        OSError: nothing can be said of it.
    """
    log = Path(f"{backup}-wal")
    if log.exists() and log.stat().st_size:
        reason = f"what was written last is in {log.name} beside it, so it is not a backup but the database of a server"
        raise BackupUnusable(backup, f"{reason}; make a backup of its folder with `cowrite-server backup`")


def _refuse_full(folder: Path, error: BaseException | None) -> None:
    """Blames the folder, not the backup, for what has no room in it."""
    if getattr(error, "errno", None) in FULL or getattr(error, "sqlite_errorcode", None) in _FULL:
        raise DataFolderUnusable(
            folder, "its disk has no room for the backup beside the former data; make room there"
        ) from error


_Room = tuple[str, str]
"""Name and epoch of a room."""


class _End(NamedTuple):
    """Where the log of a room ends.

    Attributes:
        seq: number of its last entry, 0 for none.
        time: when that was written, in milliseconds since 1970.
    """

    seq: int
    time: int | None


def _settle(path: Path) -> tuple[dict[_Room, _End], set[_Room]]:
    """Puts a former database into one file, and tells how far its rooms have come.

    Returns:
        For each of its rooms where its log ends, and the rooms that were forgotten; nothing where that cannot be known.

    Raises:
        DataFolderUnusable: another command works on it, or there is no room for that.
    """
    if not path.exists():
        return {}, set()
    try:
        with closing(open_file(path)) as connection:
            forgotten = set(connection.execute("SELECT name, epoch FROM forgotten"))
            ends = {room: _end_of(connection, *room) for room in _rooms(connection)}
            # What it keeps in files beside it would be lost to it if this process were killed while they are moved.
            connection.execute("PRAGMA journal_mode = DELETE")
            return ends, forgotten
    except (DamagedData, ForeignData, NewerData, OSError, sqlite3.Error) as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            reason = "another command works on its database; let that one end, and restore again"
            raise DataFolderUnusable(path.parent, reason) from error
        _refuse_full(path.parent, error)  # or rooms would begin anew of which it is known that they go on
        return {}, set()


def _rooms(connection: sqlite3.Connection) -> list[_Room]:
    # Nobody can come to a room whose name is none; `verify` says so.
    return connection.execute("SELECT name, epoch FROM rooms WHERE typeof(name) = 'text' ORDER BY name").fetchall()


def _end_of(connection: sqlite3.Connection, name: str, epoch: str) -> _End:
    [(seq,)] = connection.execute(
        "SELECT max(ifnull((SELECT max(seq) FROM updates WHERE room = id), 0), "
        "ifnull((SELECT seq FROM snapshots WHERE room = id), 0)) FROM rooms WHERE name = ? AND epoch = ?",
        (name, epoch),
    )
    return _End(seq, _time_of(connection, name, seq))


def _time_of(connection: sqlite3.Connection, name: str, seq: int) -> int | None:
    """When an entry was written; None where only what was made of it with later ones is kept."""
    time: int | None
    [(time,)] = connection.execute(
        "SELECT ifnull((SELECT time FROM updates WHERE room = id AND seq = :seq), "
        "(SELECT ended FROM moments WHERE room = id AND last = :seq)) FROM rooms WHERE name = :name",
        {"name": name, "seq": seq},
    )
    return time


def _choose_epochs(
    connection: sqlite3.Connection, known: dict[_Room, _End], keep: bool, now: int
) -> tuple[list[str], list[str]]:
    kept, begun = [], []
    for name, epoch in _rooms(connection):
        former = known.get((name, epoch))
        goes_on = keep or (former is not None and _has(connection, name, former))
        [(room,)] = connection.execute("SELECT id FROM rooms WHERE name = ?", (name,))
        if goes_on:
            kept.append(name)
        else:
            begun.append(name)
            connection.execute("UPDATE rooms SET epoch = ? WHERE id = ?", (new_epoch(), room))
        at_once(note)(connection, room, now, None, audit.room_restored(not goes_on))
    return kept, begun


def _has(connection: sqlite3.Connection, name: str, former: _End) -> bool:
    """Whether a room of a backup has what a former database has of it.

    The numbers alone do not tell: after a backup was restored, and its epochs kept, they are given to other entries.
    """
    return not former.seq or (former.time is not None and former.time == _time_of(connection, name, former.seq))


def _move_aside(path: Path, stamp: str) -> Path | None:
    """Keeps a former database under another name, whole, before anything of it is taken away.

    Its own name stays in use until the new one has it.
    """
    aside = path.with_name(f"{path.name}.{stamp}")
    for suffix in ("-wal", ""):
        file = path.with_name(path.name + suffix)
        if file.exists():
            _keep(file, aside.with_name(aside.name + suffix))
    _to_disk(path.parent)
    # What was left by a database that cannot be opened or is gone must not meet the new one.
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return aside if path.exists() else None


def _keep(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError:  # a disk without hard links
        try:
            shutil.copyfile(file, name)
            give_to_owner(name)
            _to_disk(name)
        except BaseException:
            name.unlink(missing_ok=True)  # which would pass for the former data
            raise


def _to_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
