"""The queries of rooms and their invites in SQLite. Runs on the thread of the connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from cowrite_server.errors import NoSuchInvite, NoSuchRoom
from cowrite_server.protocol import Role
from cowrite_server.store.sqlite_database import failures, transaction
from cowrite_server.store.store import Invite, RoomRecord, new_epoch


def find_room(connection: sqlite3.Connection, name: str) -> RoomRecord | None:
    """The room of this name, or None."""
    with failures():
        row = connection.execute("SELECT id, name, epoch FROM rooms WHERE name = ?", (name,)).fetchone()
    return None if row is None else RoomRecord(*row)


def ensure_room(connection: sqlite3.Connection, name: str, now: int) -> RoomRecord:
    """The room of this name, made if there is none."""
    found = find_room(connection, name)
    if found is not None:
        return found
    with transaction(connection):
        connection.execute(
            "INSERT INTO rooms (name, epoch, created) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
            (name, new_epoch(), now),
        )
        return _room(connection, name)


def add_invite(connection: sqlite3.Connection, room: int, role: Role, secret: bytes, now: int) -> Invite:
    """Keeps a new invite."""
    with transaction(connection):
        cursor = connection.execute(
            "INSERT INTO invites (room, role, secret, created) VALUES (?, ?, ?, ?)", (room, role.value, secret, now)
        )
    assert cursor.lastrowid is not None
    return Invite(cursor.lastrowid, role, now, None)


def find_invite(connection: sqlite3.Connection, room: str, secret: bytes) -> tuple[RoomRecord, Invite] | None:
    """The invite with this secret and its room, or None."""
    with failures():
        row = connection.execute(
            "SELECT rooms.id, name, epoch, invites.id, role, invites.created, withdrawn "
            "FROM invites JOIN rooms ON rooms.id = room WHERE secret = ? AND name = ?",
            (secret, room),
        ).fetchone()
    return None if row is None else (RoomRecord(*row[:3]), _invite(row[3:]))


def list_invites(connection: sqlite3.Connection, room: str) -> list[Invite]:
    """All invites of a room, oldest first."""
    with failures():
        rows = connection.execute(
            "SELECT id, role, created, withdrawn FROM invites WHERE room = ? ORDER BY id", (_room(connection, room).id,)
        )
        return [_invite(row) for row in rows]


def withdraw(connection: sqlite3.Connection, room: str, ids: Sequence[int] | None, now: int) -> list[int]:
    """Withdraws invites of a room; gives those that were good until now."""
    with transaction(connection):
        known = {invite.id: invite for invite in list_invites(connection, room)}
        for number in ids or ():
            if number not in known:
                raise NoSuchInvite(room, number)
        good = [number for number in (known if ids is None else dict.fromkeys(ids)) if known[number].withdrawn is None]
        connection.executemany("UPDATE invites SET withdrawn = ? WHERE id = ?", [(now, number) for number in good])
    return good


def withdrawn_among(connection: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    """Those of some invites that are withdrawn."""
    look = "SELECT 1 FROM invites WHERE id = ? AND withdrawn IS NOT NULL"
    with failures():
        return {number for number in ids if connection.execute(look, (number,)).fetchone() is not None}


def _room(connection: sqlite3.Connection, name: str) -> RoomRecord:
    room = find_room(connection, name)
    if room is None:
        raise NoSuchRoom(name)
    return room


def _invite(row: tuple[int, str, int, int | None]) -> Invite:
    number, role, created, withdrawn = row
    return Invite(number, Role(role), created, withdrawn)
