"""Invites: the secrets that let people into a room, and the links that carry them.

A secret is 256 random bits. The database keeps its SHA-256 only; a slow hash would add nothing, because there is
nothing to guess.
"""

from __future__ import annotations

import hashlib
import secrets
import socket
import sqlite3
from dataclasses import dataclass
from urllib.parse import urlsplit

from cowrite_server.database import failures, transaction
from cowrite_server.errors import BadAddress, BadRoomName, NoSuchInvite, NoSuchRoom
from cowrite_server.protocol import ROOM_NAME, Role

_WILDCARDS = frozenset({"0.0.0.0", "::", ""})


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """A room as the database knows it.

    Attributes:
        id: its key in the database.
        name: its name in URLs.
        epoch: identity of its history.
    """

    id: int
    name: str
    epoch: str


@dataclass(frozen=True, slots=True)
class Invite:
    """A link that was handed out.

    Attributes:
        id: short number by which people name it.
        role: what its holder may do.
        created: when, in milliseconds since 1970.
        withdrawn: when, or None while it is good.
    """

    id: int
    role: Role
    created: int
    withdrawn: int | None


def new_secret() -> str:
    """A secret that fits into a URL."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def link(url: str, room: str, secret: str) -> str:
    """The link that opens a room in cowrite.

    Args:
        url: address of the server, ws://HOST:PORT or wss://HOST:PORT.
        room: name of the room.
        secret: the invite's secret. It stands behind the #, which browsers and mail scanners do not send on.

    Raises:
        BadAddress: `url` is no such address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress(url) from error
    schemes = {"ws": "cowrite", "wss": "cowrites"}
    beyond = parts.path.removesuffix("/") or parts.query or parts.fragment
    if parts.scheme not in schemes or not parts.hostname or beyond:
        raise BadAddress(url)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = host if port is None else f"{host}:{port}"
    return f"{schemes[parts.scheme]}://{place}/{room}#{secret}"


def address(host: str, port: int, tls: bool) -> str:
    """The URL under which others reach a server that listens on `host`."""
    name = socket.gethostname() if host in _WILDCARDS else host
    name = f"[{name}]" if ":" in name else name
    return f"{'wss' if tls else 'ws'}://{name}:{port}"


def ensure_room(connection: sqlite3.Connection, name: str, now: int) -> RoomRecord:
    """The room of this name, made if there is none.

    Args:
        connection: the database.
        name: the room's name.
        now: milliseconds since 1970.

    Raises:
        BadRoomName: no room can have this name.
        StoreFailed: the database could not be written.
    """
    if not ROOM_NAME.fullmatch(name):
        raise BadRoomName(name)
    found = find_room(connection, name)
    if found is not None:
        return found
    with transaction(connection):
        connection.execute(
            "INSERT INTO rooms (name, epoch, created) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
            (name, secrets.token_hex(16), now),
        )
    made = find_room(connection, name)
    if made is None:
        raise NoSuchRoom(name)
    return made


def find_room(connection: sqlite3.Connection, name: str) -> RoomRecord | None:
    """The room of this name, or None."""
    with failures():
        row = connection.execute("SELECT id, name, epoch FROM rooms WHERE name = ?", (name,)).fetchone()
    return None if row is None else RoomRecord(*row)


def create_invite(connection: sqlite3.Connection, room: RoomRecord, role: Role, now: int) -> tuple[Invite, str]:
    """A new invite and its secret, which nobody can find out later.

    Raises:
        StoreFailed: the database could not be written.
    """
    secret = new_secret()
    with transaction(connection):
        cursor = connection.execute(
            "INSERT INTO invites (room, role, secret, created) VALUES (?, ?, ?, ?)",
            (room.id, role.value, hash_secret(secret), now),
        )
    assert cursor.lastrowid is not None
    return Invite(cursor.lastrowid, role, now, None), secret


def find_invite(connection: sqlite3.Connection, room: RoomRecord, secret: str) -> Invite | None:
    """The invite of a room with this secret, withdrawn ones included; None if there is none."""
    with failures():
        row = connection.execute(
            "SELECT id, role, created, withdrawn FROM invites WHERE room = ? AND secret = ?",
            (room.id, hash_secret(secret)),
        ).fetchone()
    return None if row is None else Invite(row[0], Role(row[1]), row[2], row[3])


def list_invites(connection: sqlite3.Connection, name: str) -> list[Invite]:
    """All invites of a room, oldest first.

    Raises:
        NoSuchRoom: there is no such room.
    """
    room = find_room(connection, name)
    if room is None:
        raise NoSuchRoom(name)
    with failures():
        rows = connection.execute(
            "SELECT id, role, created, withdrawn FROM invites WHERE room = ? ORDER BY id", (room.id,)
        ).fetchall()
    return [Invite(number, Role(role), created, withdrawn) for number, role, created, withdrawn in rows]


def withdraw(connection: sqlite3.Connection, name: str, ids: list[int] | None, now: int) -> list[int]:
    """Withdraws invites of a room; those withdrawn before stay so.

    Args:
        connection: the database.
        name: the room's name.
        ids: which invites, or None for all of the room.
        now: milliseconds since 1970.

    Returns:
        Ids of the invites that were good until now.

    Raises:
        NoSuchRoom: there is no such room.
        NoSuchInvite: the room has no invite of one of the ids; then none is withdrawn.
        StoreFailed: the database could not be written.
    """
    known = {invite.id: invite for invite in list_invites(connection, name)}
    for number in ids or ():
        if number not in known:
            raise NoSuchInvite(name, number)
    good = [number for number in (known if ids is None else dict.fromkeys(ids)) if known[number].withdrawn is None]
    if good:
        with transaction(connection):
            connection.executemany("UPDATE invites SET withdrawn = ? WHERE id = ?", [(now, number) for number in good])
    return good


def withdrawn_among(connection: sqlite3.Connection, ids: list[int]) -> set[int]:
    """Those of some invites that are withdrawn."""
    with failures():
        return {
            number
            for number in ids
            if connection.execute("SELECT withdrawn FROM invites WHERE id = ?", (number,)).fetchone()[0] is not None
        }
