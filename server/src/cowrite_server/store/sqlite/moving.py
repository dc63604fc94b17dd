"""All that SQLite keeps, read and written as a whole; see `store.moving`. Runs on the thread of the connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from cowrite_server.errors import NotEmpty
from cowrite_server.store.moving import BATCH_BYTES, BATCH_ROWS, TABLES, Batch, Kind, Row, Table, kept, size_of
from cowrite_server.store.sqlite.database import failures


def begin(connection: sqlite3.Connection) -> None:
    """Begins a transaction during which nobody else writes."""
    with failures():
        connection.execute("BEGIN IMMEDIATE")


def begin_taking(connection: sqlite3.Connection, name: str) -> None:
    """The same for a database that is empty.

    Args:
        connection: the database.
        name: what people know it by.

    Raises:
        NotEmpty: it is not.
    """
    begin(connection)
    with failures():
        # An invite may refer to a member that comes after it.
        connection.execute("PRAGMA defer_foreign_keys = ON")
        if any(connection.execute(f"SELECT 1 FROM {table.name} LIMIT 1").fetchone() for table in TABLES):
            raise NotEmpty(name)


def end(connection: sqlite3.Connection, *, keep: bool) -> None:
    """Ends the transaction, if it goes on, and keeps what was written or not."""
    with failures():
        if connection.in_transaction:
            connection.execute("COMMIT" if keep else "ROLLBACK")


def read(connection: sqlite3.Connection, table: Table, without: Collection[int], after: Row | None) -> list[Row]:
    """The rows of a table, but for those of some rooms, from the beginning or after a key, as many as make a batch."""
    key, columns = ", ".join(table.key), ", ".join(table.columns)
    where = "" if after is None else f"AND ({key}) > ({', '.join('?' * len(after))})"
    which = f"WHERE {kept(table, without)} {where}"
    found: list[Row] = []
    size = 0
    with failures():
        cursor = connection.execute(f"SELECT {columns} FROM {table.name} {which} ORDER BY {key}", after or ())
        for values in cursor:
            row = _as_moved(table, values)
            found.append(row)
            size += size_of(row)
            if len(found) == BATCH_ROWS or size >= BATCH_BYTES:
                break
        cursor.close()
    return found


def key_of(table: Table, row: Row) -> Row:
    """The key of a row."""
    places = list(table.columns)
    return tuple(row[places.index(column)] for column in table.key)


def write(connection: sqlite3.Connection, table: Table, batch: Batch) -> None:
    """Writes rows."""
    columns, marks = ", ".join(table.columns), ", ".join("?" * len(table.columns))
    with failures():
        connection.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", batch)


def _as_moved(table: Table, values: Sequence[int | str | bytes | None]) -> Row:
    kinds = table.columns.values()
    return tuple(
        bool(value) if kind is Kind.TRUTH and value is not None else value
        for kind, value in zip(kinds, values, strict=True)
    )
