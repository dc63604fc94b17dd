"""The queries of rooms and their invites in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from cowrite_server.errors import NoSuchInvite, NoSuchRoom
from cowrite_server.protocol import Role
from cowrite_server.store.postgres_database import Connection
from cowrite_server.store.store import Invite, RoomRecord, new_epoch


async def find_room(connection: Connection, name: str) -> RoomRecord | None:
    """The room of this name, or None."""
    cursor = await connection.execute("SELECT id, name, epoch FROM cowrite_server.rooms WHERE name = %s", (name,))
    row = await cursor.fetchone()
    return None if row is None else RoomRecord(*row)


async def ensure_room(connection: Connection, name: str, now: int) -> RoomRecord:
    """The room of this name, made if there is none."""
    found = await find_room(connection, name)
    if found is not None:
        return found
    await connection.execute(
        "INSERT INTO cowrite_server.rooms (name, epoch, created) VALUES (%s, %s, %s) ON CONFLICT (name) DO NOTHING",
        (name, new_epoch(), now),
    )
    return await _room(connection, name)


async def add_invite(connection: Connection, room: int, role: Role, secret: bytes, now: int) -> Invite:
    """Keeps a new invite."""
    cursor = await connection.execute(
        "INSERT INTO cowrite_server.invites (room, role, secret, created) VALUES (%s, %s, %s, %s) "
        "RETURNING id, role, created, withdrawn",
        (room, role.value, secret, now),
    )
    return _invite(*await cursor.fetchall())


async def find_invite(connection: Connection, room: str, secret: bytes) -> tuple[RoomRecord, Invite] | None:
    """The invite with this secret and its room, or None."""
    cursor = await connection.execute(
        "SELECT rooms.id, name, epoch, invites.id, role, invites.created, withdrawn "
        "FROM cowrite_server.invites JOIN cowrite_server.rooms ON rooms.id = room WHERE secret = %s AND name = %s",
        (secret, room),
    )
    row = await cursor.fetchone()
    return None if row is None else (RoomRecord(*row[:3]), _invite(row[3:]))


async def list_invites(connection: Connection, room: str) -> list[Invite]:
    """All invites of a room, oldest first."""
    return await _invites(connection, room, "")


async def withdraw(connection: Connection, room: str, ids: Sequence[int] | None, now: int) -> list[int]:
    """Withdraws invites of a room; gives those that were good until now."""
    async with connection.transaction():
        known = {invite.id: invite for invite in await _invites(connection, room, "FOR UPDATE")}
        for number in ids or ():
            if number not in known:
                raise NoSuchInvite(room, number)
        good = [number for number in (known if ids is None else dict.fromkeys(ids)) if known[number].withdrawn is None]
        if good:
            await connection.execute("UPDATE cowrite_server.invites SET withdrawn = %s WHERE id = ANY(%s)", (now, good))
            await connection.execute("UPDATE cowrite_server.data SET withdrawals = withdrawals + 1")
    return good


async def withdrawn_among(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Those of some invites that are withdrawn."""
    cursor = await connection.execute(
        "SELECT id FROM cowrite_server.invites WHERE id = ANY(%s) AND withdrawn IS NOT NULL", (list(ids),)
    )
    return {row[0] for row in await cursor.fetchall()}


async def withdrawals(connection: Connection) -> int:
    """A number that grows with every withdrawal of invites."""
    cursor = await connection.execute("SELECT withdrawals FROM cowrite_server.data")
    return sum(row[0] for row in await cursor.fetchall())


async def _invites(connection: Connection, room: str, lock: str) -> list[Invite]:
    found = await _room(connection, room)
    cursor = await connection.execute(
        f"SELECT id, role, created, withdrawn FROM cowrite_server.invites WHERE room = %s ORDER BY id {lock}",
        (found.id,),
    )
    return [_invite(row) for row in await cursor.fetchall()]


async def _room(connection: Connection, name: str) -> RoomRecord:
    room = await find_room(connection, name)
    if room is None:
        raise NoSuchRoom(name)
    return room


def _invite(row: tuple[int, str, int, int | None]) -> Invite:
    number, role, created, withdrawn = row
    return Invite(number, Role(role), created, withdrawn)
