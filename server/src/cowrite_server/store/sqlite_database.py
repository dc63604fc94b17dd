"""The server's SQLite file: its schema, how it is opened, and what it refuses to open.

Runs on whatever thread calls it; a connection stays on the thread that opened it. Several processes may have the file
open (`serve` beside `invite` and `revoke`); only one of them is a server, see `folder`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from cowrite_server.errors import DataFolderUnusable, ForeignData, NewerData, StoreFailed

APPLICATION_ID = 0x63777376  # "cwsv"
DATA_VERSION = 1
FILE_NAME = "cowrite-server.sqlite3"

_SCHEMA = """
CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    epoch TEXT NOT NULL,          -- changes when the document is rebuilt from anything but its own log
    created INTEGER NOT NULL      -- this and all other times: milliseconds since 1970
);
CREATE TABLE invites (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL REFERENCES rooms,
    role TEXT NOT NULL,
    secret BLOB NOT NULL UNIQUE,  -- SHA-256; the secret itself is never stored
    created INTEGER NOT NULL,
    withdrawn INTEGER             -- when, or NULL while the invite is good
);
CREATE TABLE updates (
    room INTEGER NOT NULL REFERENCES rooms,
    seq INTEGER NOT NULL,         -- from 1 in each room, without gaps
    time INTEGER NOT NULL,
    member INTEGER REFERENCES invites,
    data BLOB NOT NULL,
    PRIMARY KEY (room, seq)
);
CREATE TABLE snapshots (
    room INTEGER PRIMARY KEY REFERENCES rooms,
    seq INTEGER NOT NULL,         -- the snapshot contains every update up to this one
    time INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE TABLE blobs (
    hash BLOB PRIMARY KEY,        -- SHA-256 of the data
    media_type TEXT NOT NULL,
    data BLOB NOT NULL
);
CREATE TABLE room_blobs (
    room INTEGER NOT NULL REFERENCES rooms,
    hash BLOB NOT NULL REFERENCES blobs,
    PRIMARY KEY (room, hash)
) WITHOUT ROWID;
"""

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100


def open_database(folder: Path, *, make: bool = True, busy_seconds: float = 5.0) -> sqlite3.Connection:
    """Opens the database of a data folder.

    Args:
        folder: the data folder.
        make: whether to make the folder and the database where they are missing.
        busy_seconds: how long a statement waits while another process writes.

    Raises:
        DataFolderUnusable: the folder or the file cannot be made or opened.
        ForeignData: the file is another program's. Nothing was touched.
        NewerData: the file is of a newer version. Nothing was touched.
    """
    path = folder / FILE_NAME
    try:
        if make:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif not path.exists():
            raise DataFolderUnusable(folder, "it holds no data of cowrite-server")
        _refuse_foreign(path)
        # Transactions are begun and committed by `transaction`, hence no isolation level of Python's own.
        connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise DataFolderUnusable(folder, _reason(error)) from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise DataFolderUnusable(folder, _reason(error)) from error
    except NewerData:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(
    connection: sqlite3.Connection, kind: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE"
) -> Iterator[sqlite3.Connection]:
    """One transaction: committed (and on disk, synchronous=FULL) at the end, or undone as a whole.

    Args:
        connection: the database.
        kind: IMMEDIATE to write, with all others who would write kept waiting from its beginning on; DEFERRED to see
            the database as it is at one moment.

    Raises:
        StoreFailed: the database could not be read or written.
    """
    with failures():
        connection.execute(f"BEGIN {kind}")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def failures() -> Iterator[None]:
    """Turns SQLite's errors into StoreFailed."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreFailed(_reason(error)) from error


def _refuse_foreign(path: Path) -> None:
    # The header is read without SQLite, because even a look by SQLite can leave files beside the database.
    if not path.exists():
        return
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header:
        return
    if header[:16] != _MAGIC or int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise ForeignData(path)
    _refuse_newer(path, int.from_bytes(header[60:64], "big"))


def _refuse_newer(path: Path, version: int) -> None:
    if version > DATA_VERSION:
        raise NewerData(path, version, DATA_VERSION)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version = _number(connection, "PRAGMA user_version")
    _refuse_newer(path, version)
    if version == 0:
        _create(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _create(connection: sqlite3.Connection) -> None:
    # Before the switch to WAL, so that the file's own header tells from the first moment whose file this is.
    connection.execute("BEGIN EXCLUSIVE")
    try:
        if _number(connection, "PRAGMA user_version") == 0:  # another process may have been faster
            for statement in _SCHEMA.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {DATA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _number(connection: sqlite3.Connection, question: str) -> int:
    with closing(connection.execute(question)) as cursor:
        return int(cursor.fetchone()[0])


def changes_by_others(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection commits; asking costs next to nothing."""
    with failures():
        return _number(connection, "PRAGMA data_version")


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.rstrip(".") or type(error).__name__
