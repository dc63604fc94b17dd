"""Writing a consistent copy of an open database to another place. Runs on the connection's thread."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cowrite.storage.database import address, committed, connect, property_row, put_identity, put_property
from cowrite.storage.errors import failures_of
from cowrite.storage.layout import Property, encoded
from cowrite.storage.lock import FileLock
from cowrite.storage.placing import COMPANIONS, companion, place, temporary_beside


def replace_with_copy(
    source: sqlite3.Connection, path: Path, *, same_document: bool, now: int, title: str | None = None
) -> None:
    """Copies what `source` is connected to into the file `path`, which is replaced where it is there.

    Args:
        same_document: whether the copy keeps the document's identity and its room.
        now: milliseconds since 1970.
        title: the copy's title; the same one where it is None.

    Raises:
        StoreLocked: a document at `path` is open.
        DiskFull, StorageFailed: what was at `path` is as it was.
    """
    lock = FileLock(path)
    try:
        write_copy(source, path, same_document=same_document, now=now, title=title)
    finally:
        lock.release()


def write_copy(
    source: sqlite3.Connection, path: Path, *, same_document: bool, now: int, title: str | None = None
) -> None:
    """Does what `replace_with_copy` does, for who has the lock of `path` already.

    Raises:
        DiskFull, StorageFailed: what was at `path` is as it was.
    """
    with failures_of(path), temporary_beside(path) as temporary:
        source.execute("VACUUM INTO ?", (address(temporary, mode="rwc"),))
        _settle(temporary, same_document=same_document, now=now, title=title)
        for ending in COMPANIONS:  # of a document there that was not closed: they must not meet the new file
            companion(path, ending).unlink(missing_ok=True)
        place(temporary, path)


def _settle(path: Path, *, same_document: bool, now: int, title: str | None) -> None:
    connection = connect(path)
    try:
        connection.execute("PRAGMA secure_delete = ON")  # nothing of the room's link stays in a copy given away
        with committed(connection):
            if property_row(connection, Property.WRITING):
                put_property(connection, Property.WRITING, None)
            if not same_document:
                put_identity(connection, now)
            if title is not None:
                put_property(connection, Property.TITLE, encoded(title))
    finally:
        connection.close()
