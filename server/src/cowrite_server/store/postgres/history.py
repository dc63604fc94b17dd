"""The queries of history in PostgreSQL: moments, compaction, thinning, and what is unsound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from cowrite_server.store.postgres.database import Connection, reason
from cowrite_server.store.postgres.log import read_room
from cowrite_server.store.postgres.schema import TABLES
from cowrite_server.store.postgres.versions import drop_nameless, lock_moments, read_versions, write_moments
from cowrite_server.store.records import Moment, RoomHistory, RoomRecord, RoomSize, Snapshot, split_by
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

_NUMBERS = (
    "SELECT id, name, last, held FROM (SELECT id, name, last, greatest(0, "
    "(SELECT max(seq) FROM cowrite_server.updates WHERE room = id), "
    "(SELECT seq FROM cowrite_server.snapshots WHERE room = id)) AS held FROM cowrite_server.rooms) AS rooms "
    "WHERE last <> held ORDER BY name"
)
"""Rooms whose last number is not that of their last entry, thinned or not."""

_BLOB_BYTES = """
SELECT id, name, blob_bytes, held::bigint FROM (SELECT id, name, blob_bytes,
    (SELECT coalesce(sum(greatest(octet_length(data), 4096)), 0)
        FROM cowrite_server.room_blobs JOIN cowrite_server.blobs USING (hash) WHERE room = rooms.id) AS held
    FROM cowrite_server.rooms) AS rooms WHERE blob_bytes <> held ORDER BY name
"""
"""Rooms that count their blobs wrongly."""

_OF_BLOB = "(SELECT string_agg(room::text, ',') FROM cowrite_server.room_blobs AS held WHERE held.hash = blobs.hash)"
"""The rooms that have a blob."""

_SIZES = """
SELECT name, created, greatest(
        (SELECT max(time) FROM cowrite_server.updates WHERE room = rooms.id),
        (SELECT max(ended) FROM cowrite_server.moments WHERE room = rooms.id)),
    blob_bytes + (SELECT coalesce(sum(octet_length(data)), 0) FROM cowrite_server.updates WHERE room = rooms.id)
        + (SELECT coalesce(sum(octet_length(data)), 0) FROM cowrite_server.snapshots WHERE room = rooms.id)
        + (SELECT coalesce(sum(octet_length(data)), 0) FROM cowrite_server.moments WHERE room = rooms.id)
    FROM cowrite_server.rooms ORDER BY name COLLATE "C"
"""


async def take_turn_to_restore(connection: Connection, room: int) -> None:
    """Waits until nobody else has a room's turn to restore; it is had for as long as there is the connection."""
    await connection.execute("SET lock_timeout = 0")  # a statement's own time is what it may take
    await connection.execute("SELECT pg_advisory_lock(hashtextextended('cowrite restoring', %s::bigint))", (room,))


async def read_history(connection: Connection, room: int) -> RoomHistory:
    """What a room's history is made of."""
    async with connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        log = await read_room(connection, room)
        cursor = await connection.cursor(binary=True).execute(
            "SELECT room, first, last, begun, ended, data FROM cowrite_server.moments WHERE room = %s ORDER BY last",
            (room,),
        )
        moments = [Moment(*row) for row in await cursor.fetchall()]
        oldest = await _one(connection, "SELECT min(seq) FROM cowrite_server.updates WHERE room = %s", room)
        versions = await read_versions(connection, room)
    after = 1 if log.snapshot is None else log.snapshot.seq + 1
    return RoomHistory(log.snapshot, moments, log.entries, after if oldest is None else oldest, versions)


async def compact(connection: Connection, base: int, snapshot: Snapshot, moments: Sequence[Moment]) -> bool:
    """Takes a room's new snapshot and moments; see `store.Store.compact`."""
    room = snapshot.room
    async with connection.transaction():
        await lock_moments(connection, room)
        if split_by(moments, [version.seq for version in await read_versions(connection, room)]):
            return False
        # Whoever comes second waits for the row, and then finds another number in it.
        done = await connection.execute(
            "INSERT INTO cowrite_server.snapshots AS old (room, seq, time, data) "
            "SELECT %(room)s, %(seq)s, %(time)s, %(data)b "
            "WHERE NOT EXISTS (SELECT FROM cowrite_server.forgotten WHERE room = %(room)s) "
            "AND (%(base)s = 0 OR EXISTS (SELECT FROM cowrite_server.snapshots WHERE room = %(room)s)) "
            "ON CONFLICT (room) DO UPDATE SET seq = excluded.seq, time = excluded.time, data = excluded.data "
            "WHERE old.seq = %(base)s",
            {"room": room, "seq": snapshot.seq, "time": snapshot.time, "data": snapshot.data, "base": base},
        )
        if done.rowcount == 0:
            return False
        if moments:
            await connection.execute(
                "DELETE FROM cowrite_server.moments WHERE room = %s AND last >= %s", (room, moments[0].first)
            )
            await write_moments(connection, room, moments)
        await drop_nameless(connection, room, snapshot.seq)
    return True


async def thin(connection: Connection, room: int, before: int, most: int) -> int:
    """Deletes single entries of old moments; see `store.Store.thin`."""
    async with connection.transaction():
        # Of several nodes that do this at one time each deletes what is left by the others. No commit waits for it.
        held = await _one(
            connection, "SELECT seq FROM cowrite_server.snapshots WHERE room = %s FOR NO KEY UPDATE", room
        )
        last = await _one(
            connection,
            "SELECT max(last) FROM cowrite_server.moments WHERE room = %s AND ended < %s AND last <= %s",
            *(room, before, held),
        )
        first = await _one(connection, "SELECT min(seq) FROM cowrite_server.updates WHERE room = %s", room)
        if held is None or last is None or first is None:
            return 0
        done = await connection.execute(
            "DELETE FROM cowrite_server.updates WHERE room = %s AND seq <= %s", (room, min(last, first + most - 1))
        )
    return done.rowcount


async def list_rooms(connection: Connection, before: int | None = None) -> list[RoomRecord]:
    """All rooms, or those with an entry older than a time."""
    oldest = "(SELECT time FROM cowrite_server.updates WHERE room = rooms.id ORDER BY seq LIMIT 1)"
    where = "" if before is None else f"WHERE {oldest} < %s"
    cursor = await connection.execute(
        f'SELECT id, name, epoch FROM cowrite_server.rooms {where} ORDER BY name COLLATE "C"',
        () if before is None else (before,),
    )
    return [RoomRecord(*row) for row in await cursor.fetchall()]


async def list_sizes(connection: Connection) -> list[RoomSize]:
    """What each room takes; see `store.Store.list_sizes`."""
    cursor = await connection.execute(_SIZES)
    return [RoomSize(*row) for row in await cursor.fetchall()]


async def damage(connection: Connection) -> list[Fault]:
    """What is unsound in the database itself, in its blobs, and in rows of people, acts and sealed boxes."""
    found: list[Fault] = []
    for table, whole in TABLES.items():
        await _look(connection, f"SELECT count({whole}) FROM cowrite_server.{table}", found)
    for table, column, parent, key in REFERENCES:
        lost = await _look(
            connection,
            f"SELECT {rooms_of(table, _OF_BLOB)} FROM cowrite_server.{table} WHERE {column} IS NOT NULL AND NOT EXISTS "
            f"(SELECT FROM cowrite_server.{parent} AS parent WHERE parent.{key} = {table}.{column})",
            found,
        )
        found += [lost_fault(of, table, parent) for (of,) in lost]
    found += [
        Fault(f"The room {name} has given the numbers up to {last}, but holds entries up to {held}.", keys_in(room))
        for room, name, last, held in await _look(connection, _NUMBERS, found)
    ]
    question = f"SELECT {_OF_BLOB}, hash FROM cowrite_server.blobs WHERE sha256(data) <> hash"
    found += [blob_fault(*row) for row in await _look(connection, question, found)]
    found += [blob_bytes_fault(*row) for row in await _look(connection, _BLOB_BYTES, found)]
    for check in CHECKS:
        asked = f"{rooms_of(check.table, _OF_BLOB)}, {check.columns}"
        question = f"SELECT {asked} FROM cowrite_server.{check.table} WHERE {check.which}"
        found += row_faults(check, await _look(connection, question, found))
    return found


async def _look(connection: Connection, question: str, found: list[Fault]) -> list[tuple[Any, ...]]:
    """The rows of a question that may take long; where the database cannot read them, says so in `found`."""
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL statement_timeout = 0")
            return await (await connection.execute(question)).fetchall()
    except (psycopg.InternalError, psycopg.errors.UndefinedTable) as error:
        fault = Fault(f"The database is damaged: {reason(error)}.")
        if fault not in found:  # as another question has said
            found.append(fault)
        return []


async def _one(connection: Connection, question: str, *values: int | None) -> int | None:
    row = await (await connection.execute(question, values)).fetchone()
    return None if row is None else row[0]
