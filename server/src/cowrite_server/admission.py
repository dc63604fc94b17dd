"""Who is let into which room: reads a client's request and decides on it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from websockets.http11 import Request

from cowrite_server.protocol import ROOM_NAME, Close, Role
from cowrite_server.store.store import RoomRecord, Store, hash_secret


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks for.

    Attributes:
        room: the room's name; not yet known to be one that a room can have.
        secret: the invite's secret, or None.
        epoch: the epoch of the document that the client has, or None.
        origin: the web page that asks, where a browser does.
    """

    room: str
    secret: str | None
    epoch: str | None
    origin: str | None


@dataclass(frozen=True, slots=True)
class Admission:
    """A client that is let in.

    Attributes:
        room: where to.
        role: what it may do.
        invite: id of its invite, or None on a server for anybody.
        name: what the others shall see it called, whatever it calls itself; None where that is left to it.
    """

    room: RoomRecord
    role: Role
    invite: int | None
    name: str | None = None

    @property
    def person(self) -> int | None:
        """By what the server knows the same person on another connection; None where it cannot."""
        return self.invite


def read_wish(request: Request) -> Wish:
    """The wish that stands in a handshake request."""
    parts = urlsplit(request.path)
    query = parse_qs(parts.query)
    secret = next(iter(query.get("key", ())), None)
    for value in request.headers.get_all("Authorization"):
        scheme, _, token = value.partition(" ")
        if scheme.lower() == "bearer":
            secret = token.strip()
    return Wish(
        room=unquote(parts.path.removeprefix("/")),
        secret=secret,
        epoch=next(iter(query.get("epoch", ())), None),
        origin=next(iter(request.headers.get_all("Origin")), None),
    )


async def admit(store: Store, wish: Wish, anybody: bool, now: int) -> Admission | Close:
    """Decides on a wish.

    A room that does not exist is answered like a wrong secret, so that nobody finds out names of rooms by trying.

    Args:
        store: where rooms and invites are.
        wish: what the client asks for.
        anybody: whether everybody may join as an editor and makes rooms by joining them.
        now: milliseconds since 1970.

    Returns:
        The admission, or why there is none.

    Raises:
        StoreFailed: the database could not be read or written.
    """
    if not ROOM_NAME.fullmatch(wish.room):
        return Close.NO_SUCH_ROOM
    if anybody and not _is_local(wish.origin):
        return Close.NOT_INVITED
    found = None if wish.secret is None else await store.find_invite(wish.room, hash_secret(wish.secret))
    if found is not None:
        room, invite = found
        if invite.withdrawn is not None:
            return Close.WITHDRAWN
        admission = Admission(room, invite.role, invite.id)
    elif anybody:
        admission = Admission(await store.ensure_room(wish.room, now), Role.EDITOR, None)
    else:
        return Close.NOT_INVITED
    if wish.epoch is not None and wish.epoch != admission.room.epoch:
        return Close.EPOCH_CHANGED
    return admission


def is_loopback(host: str) -> bool:
    """Whether an address is reached from the same machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_local(origin: str | None) -> bool:
    # Any web page can open a WebSocket to this machine, and a server for anybody asks for no secret.
    if origin is None:
        return True
    try:
        return is_loopback(urlsplit(origin).hostname or "")
    except ValueError:
        return False
