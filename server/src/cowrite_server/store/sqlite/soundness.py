"""What is unsound in an SQLite database. Runs on the thread of the connection."""

from __future__ import annotations

import hashlib
import sqlite3

from cowrite_server.store.soundness import (
    CHECKS,
    REFERENCES,
    Fault,
    blob_bytes_fault,
    blob_fault,
    keys_in,
    lost_fault,
    rooms_of,
    row_faults,
)
from cowrite_server.store.sqlite.database import failures
from cowrite_server.store.sqlite.schema import TABLES

_BLOB_BYTES = """
SELECT id, name, blob_bytes, held FROM (SELECT id, name, blob_bytes,
    (SELECT ifnull(sum(max(length(data), 4096)), 0)
        FROM room_blobs JOIN blobs USING (hash) WHERE room = rooms.id) AS held
    FROM rooms) WHERE blob_bytes IS NOT held ORDER BY name
"""
"""Rooms that count their blobs wrongly."""

_OF_BLOB = "(SELECT group_concat(room) FROM room_blobs WHERE room_blobs.hash = blobs.hash)"
"""The rooms that have a blob."""


def _odd_kinds(connection: sqlite3.Connection, table: str) -> list[Fault]:
    """Rows with values of another kind than their columns are for, which SQLite takes as well."""
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    odd = " OR ".join(f"typeof({table}.{name}) NOT IN ('{kind.lower()}', 'null')" for _, name, kind, *_ in columns)
    rows = connection.execute(f"SELECT {rooms_of(table, _OF_BLOB)} FROM {table} WHERE {odd}")
    found = [keys_in(of) for (of,) in rows]
    if not found:
        return []
    rooms = frozenset[int]().union(*found) if all(found) else frozenset[int]()
    return [Fault(f"Rows of the table {table} hold what is never written there: {len(found)}.", rooms)]


def damage(connection: sqlite3.Connection) -> list[Fault]:
    """What is unsound in the database itself, in its blobs, and in rows of people, acts and sealed boxes."""
    with failures():
        found = [
            Fault(f"The database is damaged: {text}.")
            for (text,) in connection.execute("PRAGMA integrity_check")
            if text != "ok"
        ]
        for table, column, parent, key in REFERENCES:
            rows = connection.execute(
                f"SELECT {rooms_of(table, _OF_BLOB)} FROM {table} WHERE {column} IS NOT NULL "
                f"AND NOT EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.{key} = {table}.{column})"
            )
            found += [lost_fault(of, table, parent) for (of,) in rows]
        found += [
            blob_fault(of, digest)
            for of, digest, data in connection.execute(f"SELECT {_OF_BLOB}, hash, data FROM blobs")
            if not isinstance(data, bytes) or hashlib.sha256(data).digest() != digest
        ]
        found += [fault for table in TABLES for fault in _odd_kinds(connection, table)]
        found += [blob_bytes_fault(*row) for row in connection.execute(_BLOB_BYTES)]
        for check in CHECKS:
            asked = f"{rooms_of(check.table, _OF_BLOB)}, {check.columns}"
            found += row_faults(check, connection.execute(f"SELECT {asked} FROM {check.table} WHERE {check.which}"))
    return found
