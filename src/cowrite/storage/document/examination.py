"""Is this file a cowrite document, and is everything in it sound? Looks only: changes nothing.

Runs on the caller's thread, which holds the file's lock.
"""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

from cowrite.storage.document.carving import Pages, carved_rows
from cowrite.storage.document.database import connect, connect_to_look, last_seq, property_value, schema_is_ours
from cowrite.storage.document.wal_report import wal_report
from cowrite.storage.errors import DocumentTooNew, NotADocument, NotThere, sqlite_code
from cowrite.storage.layout import APPLICATION_ID, PAGE_SIZE, SCHEMA, VERSION, Property, blob_digest, sound_row
from cowrite.storage.placing import COMPANIONS, companion, has_other_names, is_known_file, is_same_file

_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 100  # bytes
_SEARCHED = 64 * 1024 * 1024  # bytes of an unknown file that are searched for rows of ours
_DISK_TROUBLE = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL),
        *(sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY),
    }
)
"""Errors that say nothing about the file's content."""


def expect_file(path: Path) -> None:
    """Does nothing where there is a file.

    Raises:
        NotThere: there is nothing.
        NotADocument: it is a folder or a pipe, say, or what SQLite keeps beside a document, whose words are in it.
        OSError: the system does not say, as of a drive that has gone.
    """
    if not is_known_file(path):
        raise NotADocument(path) if path.exists() else NotThere(path)
    if any(path.name.endswith(ending) and is_known_file(_without(path, ending)) for ending in COMPANIONS):
        raise NotADocument(path)


def _without(path: Path, ending: str) -> Path:
    return path.with_name(path.name.removesuffix(ending) or path.name)


def is_sound(path: Path) -> bool:
    """Whether the document at `path` needs no repair.

    Raises:
        NotADocument: it is no cowrite document, or nothing shows that it ever was one.
        DocumentTooNew: it is of a later version, as its header says, and has no row of this one.
        OSError, sqlite3.Error: it cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
    if not _header_is_ours(header):
        version = _version(header)
        if not _has_rows(path) and not _is_a_remnant(path, header):
            raise DocumentTooNew(path, version) if version > VERSION else NotADocument(path)
        return False
    return not wal_report(path).is_damaged and _content_is_sound(path)


def has_lost_its_wal(path: Path) -> bool:
    """Whether the file was being written and its write-ahead log is not beside it; asked of a sound file.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    if wal_has_content(path):
        return False
    with closing(connect_to_look(path)) as connection:
        return property_value(connection, Property.WRITING) is not None


def wal_has_content(path: Path) -> bool:
    """Whether there is anything in a write-ahead log beside the file."""
    wal = companion(path, "-wal")
    return wal.exists() and wal.stat().st_size > 0


def is_in_use_by_another_name(path: Path) -> bool:
    """Whether a file with several names (hard links) is open, or was not closed, by another one than this.

    Raises:
        OSError: it cannot be looked at.
    """
    if not has_other_names(path) or wal_has_content(path):
        return False
    try:
        if has_lost_its_wal(path) and any(map(wal_has_content, _other_names(path))):
            return True
        with closing(connect(path)) as connection:
            # Who has it open by whatever name holds SQLite's lock on the file, and only who is alone may change this.
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        if sqlite_code(error) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return False  # it is damaged, and a repair leaves the other name alone
        for ending in COMPANIONS:  # of the look at it, and empty
            companion(path, ending).unlink(missing_ok=True)
        return True
    return False


def _other_names(path: Path) -> list[Path]:
    """The other names of a file in its folder; others may be anywhere, and nobody knows where."""
    return [other for other in path.parent.iterdir() if other != path and is_same_file(other, path)]


def _header_is_ours(header: bytes) -> bool:
    if len(header) < _HEADER_SIZE or not header.startswith(_MAGIC):
        return False
    return struct.unpack_from(">I", header, 68)[0] == APPLICATION_ID and _version(header) == VERSION


def _version(header: bytes) -> int:
    """The layout's version in the header of one of our files, else 0."""
    if len(header) < _HEADER_SIZE or struct.unpack_from(">I", header, 68)[0] != APPLICATION_ID:
        return 0
    return int(struct.unpack_from(">I", header, 60)[0])


def _has_rows(path: Path) -> bool:
    with Pages(path) as pages:
        return any(True for _ in carved_rows(pages, limit=_SEARCHED // PAGE_SIZE))


def _is_a_remnant(path: Path, header: bytes) -> bool:
    """Whether this could be what truncation left of a database's first bytes, or what a disk gives for a lost file."""
    if len(header) < _HEADER_SIZE:
        return _MAGIC.startswith(header[: len(_MAGIC)])
    with path.open("rb") as file:
        return not any(block.strip(b"\0") for block in iter(lambda: file.read(1 << 20), b""))


def _content_is_sound(path: Path) -> bool:
    # Read-only, because a last connection that may write would fold a write-ahead log into a file that may turn out
    # to be damaged, before the original could be kept.
    try:
        with closing(connect_to_look(path)) as connection:
            return _rows_are_sound(connection)
    except UnicodeDecodeError:  # in SQLite's message about damaged text; see `errors.failures_of`
        return False
    except sqlite3.Error as error:
        if sqlite_code(error) in _DISK_TROUBLE:
            raise
        return False


def _rows_are_sound(connection: sqlite3.Connection) -> bool:
    # Unlike quick_check, this compares the indexes, by which rows are found, with the rows; they are small.
    if not schema_is_ours(connection) or connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        return False
    for table in SCHEMA:
        for values in connection.execute(f"SELECT * FROM {table}"):
            if sound_row(table, values) is None:
                return False
    base = connection.execute("SELECT coalesce(max(seq), 0) FROM snapshots").fetchone()[0]
    (count,) = connection.execute("SELECT count(*) FROM updates WHERE seq > ?", (base,)).fetchone()
    last = property_value(connection, Property.LAST_UPDATE)
    if last != last_seq(connection) or count != last - base or not property_value(connection, Property.DOCUMENT_ID):
        return False
    images = property_value(connection, Property.IMAGES)
    stored = {digest for (digest,) in connection.execute("SELECT hash FROM blobs")}
    return images is not None and {blob_digest(name) for name in images} == stored
