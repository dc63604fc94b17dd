"""The queries of rooms in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable

from cowrite_server.errors import NoSuchRoom, RoomForgotten
from cowrite_server.store.postgres.database import Connection
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


async def ensure_room(connection: Connection, name: str, now: int, *, anew: bool = False) -> RoomRecord:
    """The room of this name, made if there is none; see `store.Store.ensure_room`."""
    found = await find_room(connection, name)
    if found is not None:
        return found
    await connection.execute(
        "INSERT INTO cowrite_server.rooms (name, epoch, created) SELECT %(name)s, %(epoch)s, %(now)s "
        "WHERE %(anew)s OR NOT EXISTS (SELECT FROM cowrite_server.forgotten WHERE name = %(name)s) "
        "ON CONFLICT (name) DO NOTHING",
        {"name": name, "epoch": new_epoch(), "now": now, "anew": anew},
    )
    made = await find_room(connection, name)
    if made is None:
        raise RoomForgotten(name)
    return made


async def lock_room(connection: Connection, room: int) -> None:
    """Keeps others who change the same room's people waiting until the transaction ends."""
    await connection.execute("SELECT FROM cowrite_server.rooms WHERE id = %s FOR NO KEY UPDATE", (room,))


async def was_forgotten(connection: Connection, name: str, epoch: str | None = None) -> bool:
    """Whether a room of this name, and of this epoch where one is given, was forgotten."""
    cursor = await connection.execute(
        "SELECT FROM cowrite_server.forgotten WHERE name = %s AND epoch = coalesce(%s, epoch) LIMIT 1", (name, epoch)
    )
    return await cursor.fetchone() is not None


async def gone(connection: Connection, rooms: Iterable[int]) -> set[int]:
    """Those of some rooms that were forgotten."""
    cursor = await connection.execute("SELECT room FROM cowrite_server.forgotten WHERE room = ANY(%s)", (list(rooms),))
    return {room for (room,) in await cursor.fetchall()}
