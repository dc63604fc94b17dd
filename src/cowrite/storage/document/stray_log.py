"""A write-ahead log that does not go with the file that it lies beside.

It stays where cowrite was killed, and something else came into the document's place before it was opened again: another
document, which is called the same, or an earlier or later state of this one, from a backup or another computer. SQLite
cannot tell, and puts what is in the log over what is in the file. Runs on the caller's thread, which holds the lock of
the document's path.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from cowrite.storage.document.containment import brings_more
from cowrite.storage.document.database import (
    committed,
    connect,
    connect_alone,
    insert,
    last_seq,
    property_value,
    put_property,
    stored_state,
)
from cowrite.storage.document.examination import is_sound, wal_has_content
from cowrite.storage.errors import StorageError
from cowrite.storage.layout import BlobRow, LogRow, Property, Row, blob_name, decoded, encoded, sound_row
from cowrite.storage.lock import FileLock
from cowrite.storage.names import name_beside
from cowrite.storage.placing import companion, is_file, move, replace, sync_folder

_PART = 1024 * 1024  # bytes of a log, which may be larger than the memory, that are read at once
_IDENTITY = re.compile(rb'document_id(.{0,8}?)("[0-9a-f]{32}")(.{16})', re.DOTALL)
"""A row with an identity: the property's name, its revision and value, and the checksum of the row."""
_LONGEST = 69  # bytes of such a row

_log = logging.getLogger(__name__)


def is_stray(path: Path) -> bool:
    """Whether the log beside the document at `path` is that of another one; not where either cannot be read.

    Each transaction writes the identity, and that which makes a document another one follows one with the old one. So
    a log that goes with a file names the file's.
    """
    try:
        named = _identities_in(companion(path, "-wal")) if wal_has_content(path) else set()
        if not named:
            return False
        with closing(connect_alone(path)) as alone:
            identity = property_value(alone, Property.DOCUMENT_ID)
        return isinstance(identity, str) and identity not in named
    except (sqlite3.Error, OSError, UnicodeDecodeError):  # the last in SQLite's message; see `errors.failures_of`
        return False


def set_aside(path: Path, now: int) -> None:
    """Keeps the log beside `path` under another name where it is that of another document than the one there.

    Args:
        path: a document's, be there one or not.
        now: milliseconds since 1970.

    Raises:
        OSError: it could not be done.
        StorageFailed: too many of them are kept already.
    """
    if not wal_has_content(path) or (path.exists() and not is_stray(path)):
        return
    kept = companion(name_beside(path, "other", now), "-wal")
    move(companion(path, "-wal"), kept)
    companion(path, "-shm").unlink(missing_ok=True)
    sync_folder(path.parent)
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
        with closing(connect_alone(path)) as alone, closing(connect(path, read_only=True)) as both:
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
    with closing(connect_alone(path)) as alone:
        identity = property_value(alone, Property.DOCUMENT_ID)
    if not isinstance(identity, str):
        return False
    for log in path.parent.glob("*-wal"):
        owner = log.with_name(log.name.removesuffix("-wal"))
        if owner == path or not _is_of(log, identity):
            continue
        with suppress(StorageError), FileLock(owner):
            # Another one may have taken it meanwhile; and where a document is in its place, it may be that one's.
            if _is_of(log, identity) and (not owner.exists() or is_stray(owner)) and _goes_with(path, log):
                companion(owner, "-shm").unlink(missing_ok=True)
                _log.info("%s has its log again, which was called %s", path, log.name)
                return True
    return False


def _is_of(log: Path, identity: str) -> bool:
    """Whether a file is the log of the document with an identity; not where it cannot be read."""
    try:
        return is_file(log) and identity in _identities_in(log)
    except OSError:
        return False


def _goes_with(path: Path, log: Path) -> bool:
    """Puts a log beside the document at `path` if that is sound with it; else it stays where it is."""
    place = companion(path, "-wal")
    replace(log, place)
    goes = False
    try:
        goes = is_sound(path)
    finally:
        if not goes:
            replace(place, log)
    return goes


def _identities_in(log: Path) -> set[str]:
    """The identities that a log names, each proven by its row's checksum.

    Raises:
        OSError: it cannot be read.
    """
    found: set[str] = set()
    end = b""
    with log.open("rb") as file:
        while part := file.read(_PART):
            for match in _IDENTITY.finditer(end + part):
                revision, value, mark = match.groups()
                # SQLite stores the number 1 in no byte.
                number = int.from_bytes(revision, "big") if revision else 1
                if sound_row("properties", (str(Property.DOCUMENT_ID), number, value.decode(), mark)):
                    found.add(decoded(value.decode()))
            end = (end + part)[-_LONGEST:]
    return found


def _keys(connection: sqlite3.Connection) -> set[tuple[str, int, bytes]]:
    """What there is of updates and snapshots, by number and checksum."""
    query = "SELECT 'updates', seq, checksum FROM updates UNION ALL SELECT 'snapshots', seq, checksum FROM snapshots"
    return set(connection.execute(query))


def _rows(connection: sqlite3.Connection, keys: Iterable[tuple[str, int, bytes]]) -> Iterator[LogRow]:
    """The sound ones of some updates and snapshots, by their numbers."""
    for kind, seq, _checksum in sorted(keys, key=lambda key: key[1]):
        row = sound_row(kind, connection.execute(f"SELECT * FROM {kind} WHERE seq = ?", (seq,)).fetchone())
        if isinstance(row, LogRow):
            yield row


def _passed_over(alone: sqlite3.Connection, both: sqlite3.Connection) -> Iterator[Row]:
    """The sound rows that are in the file alone, and those of the log that a snapshot in the file hides and does not
    hold; without updates and snapshots if those say nothing more."""
    there = _keys(both)
    lacking = _keys(alone) - there
    if lacking:
        base = max((seq for kind, seq, _checksum in there if kind == "snapshots"), default=0)
        hidden = {key for key in there if key[1] <= base and key[:2] != ("snapshots", base)}
        rows = [*_rows(alone, lacking), *_rows(both, hidden)]
        if brings_more((row.data for row in rows), stored_state(both)[0]):
            yield from rows
    known = {digest for (digest,) in both.execute("SELECT hash FROM blobs")}
    for (digest,) in alone.execute("SELECT hash FROM blobs").fetchall():
        if digest not in known:
            blob = sound_row("blobs", alone.execute("SELECT * FROM blobs WHERE hash = ?", (digest,)).fetchone())
            if blob is not None:
                yield blob
