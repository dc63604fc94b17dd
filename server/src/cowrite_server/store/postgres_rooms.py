"""The queries of rooms in PostgreSQL."""

from __future__ import annotations

from cowrite_server.errors import NoSuchRoom
from cowrite_server.store.postgres_database import Connection
from cowrite_server.store.records import RoomRecord, new_epoch


async def find_room(connection: Connection, name: str) -> RoomRecord | None:
    """The room of this name, or None."""
    cursor = await connection.execute("SELECT id, name, epoch FROM cowrite_server.rooms WHERE name = %s", (name,))
    row = await cursor.fetchone()
    return None if row is None else RoomRecord(*row)


async def existing_room(connection: Connection, name: str) -> RoomRecord:
    """The room of this name.

    Raises:
        NoSuchRoom: there is none.
    """
    room = await find_room(connection, name)
    if room is None:
        raise NoSuchRoom(name)
    return room


async def ensure_room(connection: Connection, name: str, now: int) -> RoomRecord:
    """The room of this name, made if there is none."""
    found = await find_room(connection, name)
    if found is not None:
        return found
    await connection.execute(
        "INSERT INTO cowrite_server.rooms (name, epoch, created) VALUES (%s, %s, %s) ON CONFLICT (name) DO NOTHING",
        (name, new_epoch(), now),
    )
    return await existing_room(connection, name)


async def lock_room(connection: Connection, room: int) -> None:
    """Keeps others who change the same room's people waiting until the transaction ends."""
    await connection.execute("SELECT FROM cowrite_server.rooms WHERE id = %s FOR NO KEY UPDATE", (room,))
