"""The server's SQLite file: how it is made, opened and brought up to date, and what is refused.

Runs on whatever thread calls it; a connection stays on the thread that opened it. Several processes may have the file
open (`serve` beside `invite` and `backup`); only one of them is a server, see `folder`.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Literal

from cowrite_server.errors import DamagedData, DataFolderUnusable, ForeignData, NewerData, ServerError, StoreFailed
from cowrite_server.folder import give_to_owner, is_read_only, made_folder, obstacle
from cowrite_server.patience import patiently
from cowrite_server.store.sqlite.drafts import draft_of
from cowrite_server.store.sqlite.schema import DATA_VERSION, STEPS, TABLES

APPLICATION_ID = 0x63777376  # "cwsv"
FILE_NAME = "cowrite-server.sqlite3"

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100


def open_database(folder: Path, *, make: bool, busy_seconds: float) -> sqlite3.Connection:
    """Opens the database of a data folder.

    Args:
        folder: the data folder.
        make: whether to make the folder and the database where they are missing.
        busy_seconds: how long a statement waits while another process writes.

    Raises:
        DamagedData: the file is damaged. Nothing was touched.
        DataFolderUnusable: the folder or the file cannot be made or opened.
        ForeignData: the file is another program's. Nothing was touched.
        NewerData: the file is of a newer version. Nothing was touched.
    """
    path = folder / FILE_NAME
    try:
        refuse_folder(path)
        if make:
            with made_folder(folder):
                if not path.exists():
                    _refuse_orphan(path)
                    _make(path)
        elif not path.exists():
            is_file = folder.is_file()
            what = "this is a file; give the folder that it is in" if is_file else "it holds no data of cowrite-server"
            raise DataFolderUnusable(folder, what)
        return open_file(path, busy_seconds)
    except (OSError, sqlite3.Error) as error:
        raise DataFolderUnusable(folder, _obstacle(error, path)) from error


def refuse_folder(path: Path) -> None:
    """Makes sure that the database's name is that of a file, and not of a link to another folder's database.

    The lock of this folder would keep no server off a database that is elsewhere.

    Raises:
        DataFolderUnusable: it is.
    """
    if path.is_symlink():
        raise DataFolderUnusable(
            path.parent, f"{path.name} in it is a link to {path.resolve()}; give that file's folder"
        )
    if path.is_dir():
        raise DataFolderUnusable(path.parent, f"{path.name} in it is a folder; give that another name")
    if path.exists() and not path.is_file():  # as a pipe is, at which one would wait for what never comes
        raise DataFolderUnusable(path.parent, f"{path.name} in it is no file that holds data; give that another name")


def _refuse_orphan(path: Path) -> None:
    """Makes sure that no write-ahead log is left of a database that is gone: SQLite would put it into a new one."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise DataFolderUnusable(
            path.parent,
            f"{log.name} in it belongs to {path.name}, which is gone; put that back, or restore a backup",
        )


def require_writable(connection: sqlite3.Connection, folder: Path) -> None:
    """Makes sure that a database may be written; SQLite opens one that may only be read without a word.

    Raises:
        DataFolderUnusable: it may not.
    """
    try:
        connection.execute("UPDATE rooms SET name = name WHERE FALSE")  # beginning to write would not do
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
            raise DataFolderUnusable(folder, f"{FILE_NAME} in it is read-only for this user") from error
        # Somebody else writes at the moment, or the disk fails, which may pass.


def is_outdated(folder: Path) -> bool:
    """Whether a data folder holds a database of an older version, which opening it would bring up to date."""
    path = folder / FILE_NAME
    try:
        header = _read_header(path) if path.is_file() else b""
    except OSError:
        return False
    ours = header[:16] == _MAGIC and int.from_bytes(header[68:72], "big") == APPLICATION_ID
    return ours and int.from_bytes(header[60:64], "big") < DATA_VERSION


def open_file(path: Path, busy_seconds: float = 5.0) -> sqlite3.Connection:
    """Opens a database file that is there, and brings it up to date.

    Raises:
        DamagedData: it is damaged. Nothing was touched.
        ForeignData: it is another program's. Nothing was touched.
        NewerData: it is of a newer version. Nothing was touched.
        OSError: it cannot be read.
        sqlite3.Error: it cannot be opened.
    """
    _refuse_foreign(path)
    # Transactions are begun and committed by `transaction`, hence no isolation level of Python's own.
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    try:
        _prepare(connection, path)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        connection.close()
        is_damaged = getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        if is_damaged or _is_no_text(error):
            raise DamagedData(path, reason(error)) from error
        raise
    except BaseException:
        connection.close()
        raise
    return connection


class _Failures:
    """See `failures`; a class, because a generator takes as long as many a statement."""

    __slots__ = ()

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, sqlite3.Error | OSError | UnicodeDecodeError):
            raise StoreFailed(reason(error)) from error


_FAILURES = _Failures()


def failures() -> _Failures:
    """Turns SQLite's errors into StoreFailed."""
    return _FAILURES


class _Transaction:
    """See `transaction`."""

    __slots__ = ("_begin", "_connection")

    def __init__(self, connection: sqlite3.Connection, begin: str) -> None:
        self._connection = connection
        self._begin = begin

    def __enter__(self) -> sqlite3.Connection:
        try:
            self._connection.execute(self._begin)
        except BaseException:
            with failures():  # entered only where there is one: it takes as long as the statement
                raise
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is not None:
                raise error
            self._connection.execute("COMMIT")
        except BaseException:
            with failures():
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def transaction(connection: sqlite3.Connection, kind: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE") -> _Transaction:
    """One transaction: committed (and on disk, synchronous=FULL) at the end, or undone as a whole.

    Args:
        connection: the database.
        kind: IMMEDIATE to write, with all others who would write kept waiting from its beginning on; DEFERRED to see
            the database as it is at one moment.

    Raises:
        StoreFailed: the database could not be read or written.
    """
    return _Transaction(connection, f"BEGIN {kind}")


def _refuse_foreign(path: Path) -> None:
    # The header is read without SQLite, because even a look by SQLite can leave files beside the database.
    header = _read_header(path)
    if not header:
        # To SQLite an empty file is an empty database; here it is one that was lost, see `_make`.
        raise DamagedData(path, "it is empty")
    if header[:16] != _MAGIC or int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise ForeignData(path)
    _refuse_newer(path, int.from_bytes(header[60:64], "big"))


def _read_header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEADER_BYTES)


def _refuse_newer(path: Path, version: int) -> None:
    if version > DATA_VERSION:
        raise NewerData(path, version, DATA_VERSION)


def _make(path: Path) -> None:
    """Makes a database under another name first, so that under its own there is never one without content."""
    with draft_of(path) as draft:
        draft.touch(mode=0o600)  # the folder may have been there before, open to others
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            _update_schema(connection)
        give_to_owner(draft)
        with suppress(FileExistsError):  # another process was faster
            try:
                os.link(draft, path)
            except FileExistsError:
                raise
            except OSError:  # a disk without hard links, as those for several systems are
                if not path.exists():
                    patiently(draft.rename, path)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version = _number(connection, "PRAGMA user_version")
    _refuse_newer(path, version)
    if version < DATA_VERSION:
        _update_schema(connection)
        # Without it the file would not become smaller when entries are dropped; where there is no room to rewrite it,
        # it works all the same.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("VACUUM")
    _refuse_damaged(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # On macOS fsync leaves data in the drive's cache, in any order: a power loss in a checkpoint would harm the file.
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    _number(connection, "PRAGMA schema_version")  # a look into the file, which makes those beside it


def _update_schema(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN EXCLUSIVE")
    try:
        version = _number(connection, "PRAGMA user_version")  # another process may have been faster
        for step in STEPS[version:]:
            for statement in step.split(";\n"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {DATA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _refuse_damaged(connection: sqlite3.Connection, path: Path) -> None:
    # A look at both ends of each table finds a file that was cut; `cowrite-server verify` looks at all of it.
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for table, key in TABLES.items():
        if table not in there:
            raise DamagedData(path, f"it has no table {table}")
        for order in ("ASC", "DESC"):
            keys = ", ".join(f"{column} {order}" for column in key)
            connection.execute(f"SELECT * FROM {table} ORDER BY {keys} LIMIT 1").fetchall()


def _number(connection: sqlite3.Connection, question: str) -> int:
    [(number,)] = connection.execute(question)
    return int(number)


def changes_by_others(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection commits; asking costs next to nothing."""
    try:
        return _number(connection, "PRAGMA data_version")
    except BaseException:
        with failures():
            raise


def _obstacle(error: Exception, path: Path) -> str:
    """Why a database cannot be opened, and what to do about it where that is known."""
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of the code is the particular case
    writable = os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)
    if kind in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) and not writable:
        if is_read_only(path.parent):
            return "SQLite writes into it even to read, and its drive is read-only; run the command on a copy of it"
        return (
            "SQLite writes into it even to read, which this user may not; run the command as the server's user, or on "
            "a copy of the folder"
        )
    if kind == sqlite3.SQLITE_IOERR:
        return f"its disk is full or fails ({reason(error)}); make room there if it is full"
    return obstacle(error, path.parent) if isinstance(error, OSError) else reason(error)


def is_full(error: ServerError) -> bool:
    """Whether the database cannot be written because its disk has no space left."""
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)


def reason(error: Exception) -> str:
    """What went wrong, as a part of a sentence, and what to do about it where that is known."""
    if _is_no_text(error):
        return "what stands in it is not text"
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return "its disk is full; make room there"
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.rstrip(".") or type(error).__name__


def _is_no_text(error: Exception) -> bool:
    """Whether Python fails at what stands in a damaged file: SQLite quotes it, or gives it for text."""
    return isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode to UTF-8")
