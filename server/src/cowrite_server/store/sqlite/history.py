"""The queries of history in SQLite: moments, compaction, and thinning. Runs on the thread of the connection."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence

from cowrite_server.store.records import Moment, RoomHistory, RoomRecord, RoomSize, Snapshot, split_by
from cowrite_server.store.rooms import gone
from cowrite_server.store.soundness import (
    CHECKS,
    REFERENCES,
    Fault,
    blob_bytes_fault,
    blob_fault,
    keys_in,
    lost_fault,
    number_in,
    rooms_of,
    row_faults,
    size_as_kept,
)
from cowrite_server.store.sqlite.database import failures, transaction
from cowrite_server.store.sqlite.log import read_log
from cowrite_server.store.sqlite.schema import TABLES
from cowrite_server.store.sqlite.tables import at_once
from cowrite_server.store.sqlite.versions import drop_nameless, read_versions, write_moments

_FREED_PAGES = 1000
"""Pages that one `thin` gives back to the system at most, beside those that it frees itself."""

_BLOB_BYTES = """
SELECT id, name, blob_bytes, held FROM (SELECT id, name, blob_bytes,
    (SELECT ifnull(sum(max(length(data), 4096)), 0)
        FROM room_blobs JOIN blobs USING (hash) WHERE room = rooms.id) AS held
    FROM rooms) WHERE blob_bytes IS NOT held ORDER BY name
"""
"""Rooms that count their blobs wrongly."""

_OF_BLOB = "(SELECT group_concat(room) FROM room_blobs WHERE room_blobs.hash = blobs.hash)"
"""The rooms that have a blob."""


_SIZES = """
SELECT name, created,
    (SELECT max(at) FROM (
        SELECT max(time) AS at FROM updates WHERE room = rooms.id
        UNION ALL SELECT max(ended) FROM moments WHERE room = rooms.id)),
    blob_bytes + (SELECT ifnull(sum(length(data)), 0) FROM updates WHERE room = rooms.id)
        + (SELECT ifnull(sum(length(data)), 0) FROM snapshots WHERE room = rooms.id)
        + (SELECT ifnull(sum(length(data)), 0) FROM moments WHERE room = rooms.id)
    FROM rooms ORDER BY name
"""


def read_history(connection: sqlite3.Connection, room: int) -> RoomHistory:
    """What a room's history is made of."""
    with transaction(connection, "DEFERRED"):
        log = read_log(connection, room)
        rows = connection.execute(
            "SELECT room, first, last, begun, ended, data FROM moments WHERE room = ? ORDER BY last", (room,)
        )
        moments = [Moment(*row) for row in rows]
        oldest = connection.execute("SELECT min(seq) FROM updates WHERE room = ?", (room,)).fetchone()[0]
        versions = read_versions(connection, room)
    if oldest is None:
        oldest = 1 if log.snapshot is None else log.snapshot.seq + 1
    fine_from = number_in(f"an entry of the room with the key {room}", oldest)
    return RoomHistory(log.snapshot, moments, log.entries, fine_from, versions)


def compact(connection: sqlite3.Connection, base: int, snapshot: Snapshot, moments: Sequence[Moment]) -> bool:
    """Takes a room's new snapshot and moments; see `store.Store.compact`."""
    room = snapshot.room
    with transaction(connection):
        row = connection.execute("SELECT seq FROM snapshots WHERE room = ?", (room,)).fetchone()
        if (0 if row is None else row[0]) != base or at_once(gone)(connection, (room,)):
            return False
        if split_by(moments, [version.seq for version in read_versions(connection, room)]):
            return False
        connection.execute(
            "INSERT OR REPLACE INTO snapshots (room, seq, time, data) VALUES (?, ?, ?, ?)",
            (room, snapshot.seq, snapshot.time, snapshot.data),
        )
        if moments:
            connection.execute("DELETE FROM moments WHERE room = ? AND last >= ?", (room, moments[0].first))
        write_moments(connection, room, moments)
        drop_nameless(connection, room, snapshot.seq)
    return True


def thin(connection: sqlite3.Connection, room: int, before: int, most: int) -> int:
    """Deletes single entries of old moments; see `store.Store.thin`."""
    with transaction(connection):
        last = connection.execute(
            "SELECT max(last) FROM moments WHERE room = ?1 AND ended < ?2 "
            "AND last <= (SELECT seq FROM snapshots WHERE room = ?1)",
            (room, before),
        ).fetchone()[0]
        first = connection.execute("SELECT min(seq) FROM updates WHERE room = ?", (room,)).fetchone()[0]
        if last is None or first is None:
            return 0
        last = number_in(f"a moment of the room with the key {room}", last)
        first = number_in(f"an entry of the room with the key {room}", first)
        deleted = connection.execute(
            "DELETE FROM updates WHERE room = ? AND seq <= ?", (room, min(last, first + most - 1))
        ).rowcount
    with failures():
        # `execute` would take the first step of this statement only, which frees one page.
        connection.executescript(f"PRAGMA incremental_vacuum({_FREED_PAGES})")
    return deleted


def list_rooms(connection: sqlite3.Connection, before: int | None = None) -> list[RoomRecord]:
    """All rooms, or those with an entry older than a time."""
    oldest = "(SELECT time FROM updates WHERE room = rooms.id ORDER BY seq LIMIT 1)"
    where = "" if before is None else f"WHERE {oldest} < ?"
    with failures():
        rows = connection.execute(
            f"SELECT id, name, epoch FROM rooms {where} ORDER BY name", () if before is None else (before,)
        )
        return [RoomRecord(*row) for row in rows]


def list_sizes(connection: sqlite3.Connection) -> list[RoomSize]:
    """What each room takes; see `store.Store.list_sizes`."""
    with failures():
        return [size_as_kept(*row) for row in connection.execute(_SIZES)]


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
