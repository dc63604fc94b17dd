"""The SQL of a `.cowrite` file: connecting, and reading and writing rows with their checksums.

Functions over a connection, on whatever thread owns it. They raise sqlite3.Error; the classes that call them turn it
into a StorageError.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cowrite.storage.layout import (
    APPLICATION_ID,
    PAGE_SIZE,
    SCHEMA,
    VERSION,
    BlobRow,
    LogRow,
    Property,
    PropertyRow,
    Row,
    encoded,
    sound_row,
    value_of,
)
from cowrite.storage.placing import companion

_LOCK_WAIT = 2  # seconds that a statement waits for another connection, such as a reader's


def address(path: Path, **options: object) -> str:
    """A file as SQLite's URI, with parameters."""
    place = path.absolute().as_posix()
    # Not Path.as_uri: SQLite takes the server of a Windows share for a foreign host.
    root = "" if place.startswith("/") else "/"
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return f"file://{root}{quote(os.fsencode(place))}?{query}"


def connect(path: Path, *, read_only: bool = False, immutable: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode that runs nothing a foreign file may have put into its schema.

    Args:
        read_only: changes neither the file nor its write-ahead log.
        immutable: takes no lock and looks at no write-ahead log; for files that cannot change.
    """
    options: dict[str, object] = {"mode": "ro" if read_only else "rw"}
    if immutable:
        options["immutable"] = 1
    connection = sqlite3.connect(address(path, **options), uri=True, isolation_level=None, timeout=_LOCK_WAIT)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def connect_to_look(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing and leaves nothing beside the file."""
    # An immutable file is read without the write-ahead log and shared memory, which SQLite would otherwise create and
    # a read-only connection leave behind. Everything is in the file itself where nothing is waiting beside it.
    return connect(path, read_only=True, immutable=not is_waiting(path))


def connect_alone(path: Path) -> sqlite3.Connection:
    """A connection that reads a file without the write-ahead log beside it."""
    return connect(path, read_only=True, immutable=True)


def connect_beside(path: Path) -> sqlite3.Connection:
    """A connection that reads a document which is open: what its owner writes meanwhile is not read half."""
    return connect(path, read_only=True)


def is_waiting(path: Path) -> bool:
    """Whether something of the document is waiting beside its file."""
    return any(_has_content(companion(path, ending)) for ending in ("-wal", "-journal"))


def connect_to_write(path: Path) -> sqlite3.Connection:
    """A connection whose commits last; see `document_file` for the reasons."""
    connection = connect(path)
    try:
        connection.execute("PRAGMA secure_delete = FAST")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")
        connection.execute("PRAGMA synchronous = FULL")
        # A drive without shared memory, such as a network share, answers with the mode that it keeps to instead; a
        # commit lasts in that one too.
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def has_wal(connection: sqlite3.Connection) -> bool:
    """Whether commits go to a write-ahead log."""
    return bool(connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal")


def lay_out(connection: sqlite3.Connection) -> None:
    """Makes an empty database a `.cowrite` file without rows."""
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA encoding = 'UTF-8'")
    with committed(connection):
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        for statement in SCHEMA.values():
            connection.execute(statement)


def put_identity(connection: sqlite3.Connection, now: int) -> None:
    """Makes the document one of its own: a new id, created now, in no room.

    Args:
        now: milliseconds since 1970.
    """
    put_property(connection, Property.DOCUMENT_ID, encoded(secrets.token_hex(16)))
    put_property(connection, Property.CREATED, encoded(now))
    of_the_room = Property.LINK, Property.EPOCH, Property.ACKNOWLEDGED, Property.CALLED
    for name in (*of_the_room, Property.UNSENT, Property.SEEN_MENTIONS, Property.UNSEEN_SINCE):
        if property_row(connection, name):
            put_property(connection, name, None)


def rewrite_identity(connection: sqlite3.Connection) -> None:
    """Has a transaction write the document's identity anew: what is in the write-ahead log says whose it is then."""
    row = property_row(connection, Property.DOCUMENT_ID)
    if row is not None:
        insert(connection, row._replace(revision=row.revision + 1))


@contextmanager
def committed(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A transaction: what is done inside the block is on disk after it, or not done at all when it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back on some errors
            connection.execute("ROLLBACK")
        raise


def insert(connection: sqlite3.Connection, row: Row) -> None:
    """Writes a row; one with the same key gives way."""
    match row:
        case LogRow():
            connection.execute(f"REPLACE INTO {row.kind} VALUES (?, ?, ?, ?)", row.values())
        case BlobRow():
            connection.execute("REPLACE INTO blobs VALUES (?, ?, ?, ?, ?)", row.values())
        case PropertyRow():
            connection.execute(
                "INSERT INTO properties VALUES (?, ?, ?, ?) ON CONFLICT(name) DO UPDATE SET "
                "revision = excluded.revision, value = excluded.value, checksum = excluded.checksum",
                row.values(),
            )


def property_row(connection: sqlite3.Connection, name: str) -> PropertyRow | None:
    """A property as it is stored, or None where it was never set or is damaged."""
    found = connection.execute("SELECT * FROM properties WHERE name = ?", (name,)).fetchone()
    row = sound_row("properties", found) if found else None
    return row if isinstance(row, PropertyRow) else None


def property_value(connection: sqlite3.Connection, name: str) -> Any:
    """A property's value, or None."""
    return value_of(property_row(connection, name))


def all_properties(connection: sqlite3.Connection) -> dict[str, Any]:
    """All properties that have a value that can be read, and are sound."""
    rows = [sound_row("properties", values) for values in connection.execute("SELECT * FROM properties ORDER BY name")]
    found = {row.name: value_of(row) for row in rows if isinstance(row, PropertyRow)}
    return {name: value for name, value in found.items() if value is not None}


def put_property(connection: sqlite3.Connection, name: str, stored: str | bytes | None) -> None:
    """Writes a property; None takes it away and leaves its name, so that a repair does not bring back the old value.

    Args:
        stored: the value as `layout.encoded` gives it.
    """
    row = property_row(connection, name)
    insert(connection, PropertyRow(name, row.revision + 1 if row else 1, stored))
    if row is None and name != Property.NAMES:
        names = property_value(connection, Property.NAMES) or []
        put_property(connection, Property.NAMES, encoded(sorted({*names, name})))


def put_missing(
    connection: sqlite3.Connection, sentences: Sequence[str], original: str | None, since: int | None
) -> None:
    """Notes what a repair could not save, beside what is noted already.

    Args:
        sentences: for people.
        original: name of the file that the damaged document was kept in, in the same folder.
        since: the file has lost its write-ahead log, and what was written since then may have been there alone;
            milliseconds since 1970.
    """
    known = property_value(connection, Property.MISSING) or {"sentences": [], "original": None}
    noted = {
        "sentences": [*known["sentences"], *sentences],
        "original": original or known["original"],
        "since": since or known.get("since"),
    }
    put_property(connection, Property.MISSING, encoded(noted))


def last_seq(connection: sqlite3.Connection) -> int:
    """Number of the newest update that the file has or had."""
    query = "SELECT max(coalesce((SELECT max(seq) FROM updates), 0), coalesce((SELECT max(seq) FROM snapshots), 0))"
    return int(connection.execute(query).fetchone()[0])


def last_snapshot(connection: sqlite3.Connection, *, before: int) -> int:
    """seq of the newest snapshot before update number `before`; 0 where there is none."""
    found = connection.execute("SELECT max(seq) FROM snapshots WHERE seq < ?", (before,)).fetchone()[0]
    return int(found or 0)


def updates_after(connection: sqlite3.Connection, seq: int) -> Iterator[LogRow]:
    """The sound updates after number `seq`, in order."""
    for values in connection.execute("SELECT * FROM updates WHERE seq > ? ORDER BY seq", (seq,)).fetchall():
        row = sound_row("updates", values)
        if isinstance(row, LogRow):
            yield row


def stored_state(connection: sqlite3.Connection) -> tuple[tuple[bytes, ...], int]:
    """The newest sound snapshot and the sound updates after it, and how many rows were passed over as unsound."""
    state: list[bytes] = []
    base = unsound = 0
    for values in connection.execute("SELECT * FROM snapshots ORDER BY seq DESC"):
        row = sound_row("snapshots", values)
        if isinstance(row, LogRow):
            state, base = [row.data], row.seq
            break
        unsound += 1
    for values in connection.execute("SELECT * FROM updates WHERE seq > ? ORDER BY seq", (base,)):
        row = sound_row("updates", values)
        if isinstance(row, LogRow):
            state.append(row.data)
        else:
            unsound += 1
    return tuple(state), unsound


def schema_is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the database has the tables of this layout and nothing else: no views, no triggers."""
    found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    return json.dumps(sorted(found)) == json.dumps(sorted(SCHEMA.items()))


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
