"""Invites: the secrets that let people into a room, and the links that carry them.

A secret is 256 random bits. The store keeps its hash only, so nobody can find it out later.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from cowrite_server.hosts import is_host
from cowrite_server.store.member_records import Invite
from cowrite_server.store.records import hash_secret
from cowrite_server.store.store import Store
from cowrite_server.wire.encoding import MAX_VAR_UINT
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import ROOM_NAME
from cowrite_server.wrong_use import BadAddress, BadInvite, BadRoomName

_WILDCARDS = frozenset({"0.0.0.0", "::", ""})

_LAST_TIME = 253_402_300_799_999
"""The end of the year 9999: what comes after it can be neither written nor read as a date."""


async def make_invite(
    store: Store, room: str, wish: InviteWish, now: int, actor: int | None = None
) -> tuple[Invite, str]:
    """Makes an invite, and the room if need be; gives it and its secret.

    Args:
        store: where to.
        room: the room's name.
        wish: what the invite is to be good for.
        now: milliseconds since 1970.
        actor: number of the owner who makes it; None for the host.

    Raises:
        BadInvite: such an invite would let in nobody.
        BadRoomName: no room can have this name.
        NotOwner: the actor may not.
        RoomForgotten: the host has removed the room meanwhile.
        StoreFailed: the database could not be written.
    """
    if not ROOM_NAME.fullmatch(room):
        raise BadRoomName(room)
    if wish.expires is not None and not now < wish.expires <= _LAST_TIME:
        raise BadInvite("it has to expire at a time to come, in the year 9999 at the latest")
    if wish.uses is not None and not 0 < wish.uses <= MAX_VAR_UINT:
        raise BadInvite("it has to be good for one member at least")
    secret = secrets.token_urlsafe(32)
    record = await store.ensure_room(room, now, anew=actor is None)
    made = await store.add_invite(record.id, wish, hash_secret(secret), now, actor)
    return made, secret


def link(url: str, room: str, secret: str) -> str:
    """The link that opens a room in cowrite.

    Args:
        url: address of the server, ws://HOST:PORT or wss://HOST:PORT.
        room: name of the room.
        secret: the invite's secret. It stands behind the #, which browsers and mail scanners do not send on.

    Raises:
        BadAddress: `url` is no such address, or has more than a link can carry.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress(url) from error
    if "@" in parts.netloc:
        raise BadAddress(f"{parts.scheme}://…@{parts.netloc.rpartition('@')[2]}", "a link has no place for a password")
    schemes = {"ws": "cowrite", "wss": "cowrites"}
    beyond = parts.path.removesuffix("/") or parts.query or parts.fragment
    name = parts.hostname or ""
    if parts.scheme not in schemes or not is_host(name) or port == 0 or beyond:
        raise BadAddress(url)
    host = f"[{name}]" if ":" in name else name
    place = host if port is None else f"{host}:{port}"
    return f"{schemes[parts.scheme]}://{place}/{room}#{secret}"


def address(host: str, port: int, *, tls: bool, names: Sequence[str] = ()) -> str:
    """The URL under which others reach a server that listens on `host`.

    Args:
        host: where it listens; for every interface the machine's name is taken.
        port: likewise.
        tls: whether it speaks TLS.
        names: those of its certificate; one of them has to be in the URL, or no client would connect.
    """
    name = socket.gethostname() if host in _WILDCARDS else host
    if names and name not in names:
        name = names[0]
    name = f"[{name}]" if ":" in name else name
    return f"{'wss' if tls else 'ws'}://{name}:{port}"
