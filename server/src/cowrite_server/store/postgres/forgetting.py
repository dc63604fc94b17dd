"""How PostgreSQL forgets a room."""

from __future__ import annotations

from contextlib import suppress

import psycopg

from cowrite_server import audit
from cowrite_server.errors import NoSuchRoom
from cowrite_server.store.audit import note
from cowrite_server.store.postgres.database import Connection, configure, reason
from cowrite_server.store.postgres.tables import PostgresTables
from cowrite_server.store.records import ROOM_TABLES
from cowrite_server.store.rewriting import asides


async def forget_room(connection: Connection, name: str, now: int) -> None:
    """Removes a room for good; see `store.Store.forget_room`."""
    async with connection.transaction():
        await connection.execute("SET LOCAL statement_timeout = 0")
        for each in [*await asides(PostgresTables(connection), name), name]:
            await _forget(connection, each, now)
        await connection.execute("UPDATE data SET acts = acts + 1")


async def _forget(connection: Connection, name: str, now: int) -> None:
    # Nobody writes to the room, nor about it, from here on.
    cursor = await connection.execute("SELECT id, epoch FROM rooms WHERE name = %s FOR UPDATE", (name,))
    row = await cursor.fetchone()
    if row is None:
        raise NoSuchRoom(name)
    room, epoch = row
    # Whoever is about to give one of its blobs to another room waits, and then keeps the blob again.
    await connection.execute(
        "SELECT FROM blobs WHERE hash IN (SELECT hash FROM room_blobs WHERE room = %s) ORDER BY hash FOR UPDATE",
        (room,),
    )
    cursor = await connection.execute(
        "SELECT hash FROM room_blobs AS own WHERE room = %(room)s AND NOT EXISTS "
        "(SELECT FROM room_blobs AS other WHERE other.hash = own.hash AND other.room <> %(room)s)",
        {"room": room},
    )
    blobs = [digest for (digest,) in await cursor.fetchall()]
    await connection.execute("UPDATE invites SET creator = NULL WHERE room = %s", (room,))
    for table in ROOM_TABLES:
        await connection.execute(f"DELETE FROM {table} WHERE room = %s", (room,))
    await connection.execute("DELETE FROM blobs WHERE hash = ANY(%s)", (blobs,))
    await connection.execute("DELETE FROM rooms WHERE id = %s", (room,))
    await note(PostgresTables(connection), None, now, None, audit.room_forgotten(name))
    await connection.execute("INSERT INTO forgotten VALUES (%s, %s, %s, %s)", (room, name, epoch, now))


async def wipe(connection: Connection) -> str:
    """Has PostgreSQL clean up its tables; see `store.Store.wipe`."""
    try:
        await connection.execute("SET statement_timeout = 0")
        for table in (*ROOM_TABLES, "blobs", "rooms"):
            await connection.execute(f"VACUUM {table}")
    except psycopg.Error as error:
        return f"PostgreSQL could not clean up ({reason(error)}), and does so by itself later."
    finally:
        with suppress(psycopg.Error):
            await configure(connection)
    return (
        "PostgreSQL overwrites the space that has become free when it needs it, and its own log and replicas hold what "
        "was removed for as long as you keep them."
    )
