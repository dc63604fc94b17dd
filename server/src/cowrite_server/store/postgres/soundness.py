"""What is unsound in a PostgreSQL database.

Tables are named with their schema, as whoever looks for one that is lost has to name it.
"""

from __future__ import annotations

from typing import Any

import psycopg

from cowrite_server.store.postgres.database import Connection, reason
from cowrite_server.store.postgres.schema import TABLES
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
