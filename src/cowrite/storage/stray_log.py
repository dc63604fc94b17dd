"""A write-ahead log that does not go with the file that it lies beside.

It stays where cowrite was killed, and something else came into the document's place before it was opened again: another
document, which is called the same, or an earlier or later state of this one, from a backup or another computer. SQLite
cannot tell, and puts what is in the log over what is in the file. Runs on the caller's thread, which holds the lock of
the document's path.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from cowrite.storage.database import committed, connect, insert, last_seq, property_value, put_property
from cowrite.storage.errors import StorageError
from cowrite.storage.examination import is_sound, wal_has_content, wal_report
from cowrite.storage.layout import BlobRow, LogRow, Property, Row, blob_name, encoded, sound_row
from cowrite.storage.lock import FileLock
from cowrite.storage.names import name_beside
from cowrite.storage.placing import companion

_log = logging.getLogger(__name__)


def is_stray(path: Path) -> bool:
    """Whether the log beside the document at `path` is that of another one; not where either cannot be read.

    A document that has just become another one (`DocumentFile.become_another`) has its old identity in the file and its
    new one in the log, and there all that was in the file.
    """
    if not wal_has_content(path):
        return False
    try:
        with closing(_alone(path)) as alone:
            identity = property_value(alone, Property.DOCUMENT_ID)
        log = companion(path, "-wal").read_bytes()
        # SQLite makes the shared memory beside a log anew, which tells where one is cut: it is not to see one that is.
        is_ours = not isinstance(identity, str) or identity.encode() in log or Property.DOCUMENT_ID.encode() not in log
        if is_ours or wal_report(path).is_damaged:
            return False
        with closing(_alone(path)) as alone, closing(connect(path, read_only=True)) as both:
            return property_value(both, Property.DOCUMENT_ID) != identity and not _keys(alone) <= _keys(both)
    except (sqlite3.Error, UnicodeDecodeError):  # the latter in SQLite's message; see `errors.failures_of`
        return False


def set_aside(path: Path, now: int) -> None:
    """Keeps the log beside `path` under another name.

    Args:
        path: a document's, be there one or not.
        now: milliseconds since 1970.

    Raises:
        OSError: it could not be done.
    """
    kept = companion(name_beside(path, "other", now), "-wal")
    companion(path, "-wal").rename(kept)
    companion(path, "-shm").unlink(missing_ok=True)
    _log.info("the log of another document beside %s is kept as %s", path, kept.name)


def bring_together(path: Path) -> None:
    """Brings what is in the file, and would be gone with the log, into the document that both give.

    Both are states of one document, so what is in either is in it then; to have it twice does nothing.

    Args:
        path: a document that is sound with its log.

    Raises:
        sqlite3.Error: it could not be done.
    """
    if not wal_has_content(path):
        return
    try:
        with closing(_alone(path)) as alone, closing(connect(path, read_only=True)) as both:
            rows = list(_passed_over(alone, both))
    except (sqlite3.Error, UnicodeDecodeError):  # a crash has cut short what brings the log into the file
        return
    if not rows:
        return
    with closing(connect(path)) as connection, committed(connection):
        last = last_seq(connection)
        images = property_value(connection, Property.IMAGES) or {}
        for row in rows:
            if isinstance(row, LogRow):
                last += 1
                insert(connection, LogRow("updates", last, row.time, row.data))
            elif isinstance(row, BlobRow):
                insert(connection, row)
                images[blob_name(row.hash)] = [row.media_type, len(row.data), row.time]
        put_property(connection, Property.LAST_UPDATE, encoded(last))
        put_property(connection, Property.IMAGES, encoded(images))
    _log.info("the file %s and the log beside it were of two states; the document has both", path)


def rejoin(path: Path) -> bool:
    """Puts the log beside the document at `path` that stayed where its file was called otherwise.

    Args:
        path: a document that is sound and has lost its log.

    Returns:
        Whether there is one in the folder, and the document is sound with it.

    Raises:
        OSError, sqlite3.Error: it could not be looked for.
    """
    with closing(_alone(path)) as alone:
        identity = property_value(alone, Property.DOCUMENT_ID)
    ending = companion(path, "-wal").name.removeprefix(path.stem)
    for log in path.parent.glob(f"*{ending}") if isinstance(identity, str) else ():
        owner = log.with_name(log.name.removesuffix("-wal"))
        if owner.exists() or identity.encode() not in log.read_bytes():
            continue
        try:
            lock = FileLock(owner)
        except StorageError:  # it was renamed while it is open, and goes on in its place
            continue
        try:
            log.replace(companion(path, "-wal"))
            if is_sound(path):
                companion(owner, "-shm").unlink(missing_ok=True)
                _log.info("%s has its log again, which was called %s", path, log.name)
                return True
            companion(path, "-wal").replace(log)
        finally:
            lock.release()
    return False


def _alone(path: Path) -> sqlite3.Connection:
    """The file without its log."""
    return connect(path, read_only=True, immutable=True)


def _keys(connection: sqlite3.Connection) -> set[tuple[str, int, bytes]]:
    """What there is of updates and snapshots, by number and checksum."""
    query = "SELECT 'updates', seq, checksum FROM updates UNION ALL SELECT 'snapshots', seq, checksum FROM snapshots"
    return set(connection.execute(query))


def _passed_over(alone: sqlite3.Connection, both: sqlite3.Connection) -> Iterator[Row]:
    """The sound rows that are in the file alone; none where all that is lacking is what a snapshot holds."""
    there = _keys(both)
    numbers = {(kind, seq) for kind, seq, _checksum in there}
    held = max((seq for kind, seq, _checksum in there if kind == "snapshots"), default=0)
    lacking = _keys(alone) - there
    is_other = any(kind == "snapshots" or seq > held or (kind, seq) in numbers for kind, seq, _checksum in lacking)
    for kind, seq, _checksum in sorted(lacking, key=lambda key: key[1]) if is_other else ():
        row = sound_row(kind, alone.execute(f"SELECT * FROM {kind} WHERE seq = ?", (seq,)).fetchone())
        if row is not None:
            yield row
    known = {digest for (digest,) in both.execute("SELECT hash FROM blobs")}
    for (digest,) in alone.execute("SELECT hash FROM blobs").fetchall():
        if digest not in known:
            row = sound_row("blobs", alone.execute("SELECT * FROM blobs WHERE hash = ?", (digest,)).fetchone())
            if row is not None:
                yield row
