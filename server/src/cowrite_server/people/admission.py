"""Who is let into which room: reads a client's request and decides on it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from websockets.http11 import Request

from cowrite_server.addresses import without_port
from cowrite_server.errors import RoomForgotten, StoreFailed, TokenRefused
from cowrite_server.hosts import is_loopback
from cowrite_server.people.renames import Renames
from cowrite_server.people.tokens import Tokens
from cowrite_server.settings.settings import Settings
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.records import RoomRecord, hash_secret
from cowrite_server.store.rewriting import is_kept
from cowrite_server.store.store import Store
from cowrite_server.wire.members import MEMBER_SECRET_UNITS
from cowrite_server.wire.names import clean_name
from cowrite_server.wire.protocol import ROOM_NAME, Close, Role

_logger = logging.getLogger(__name__)

_NOT_THAT_ROOM = (Close.NOT_INVITED, Close.EPOCH_CHANGED)

_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks for.

    Attributes:
        room: the room's name; not yet known to be one that a room can have.
        secret: the invite's secret, or None.
        epoch: the epoch of the document that the client has, or None.
        origin: the web page that asks, where a browser does.
        host: the server's address, as the client has it.
        forwarded: the addresses that proxies say the request came from, the last one by the last proxy.
        member: a secret of the client's own, by which it is known again, or None.
        name: what it wants to be called, or None.
    """

    room: str
    secret: str | None
    epoch: str | None
    origin: str | None
    host: str | None = None
    forwarded: tuple[str, ...] = ()
    member: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """A client that is let in.

    Attributes:
        room: where to.
        role: what it may do.
        member: number of the member that it is, or None on a server for anybody. By it the server knows the same
            person on another connection.
        name: what the others shall see it called, whatever it calls itself; None where that is left to it.
        expires: when it has to go, in milliseconds since 1970; None for never.
        act: number of the room's latest act when it was let in, 0 for none.
        news: whether the room has a new member by this, or one with another name or role.
        author: by what the server knows again what the client seals; None where it is not told from others.
        own: hash of the secret of its own by which the member is known; None where it has none, or is named by a token.
    """

    room: RoomRecord
    role: Role
    member: int | None
    name: str | None = None
    expires: int | None = None
    act: int = 0
    news: bool = False
    author: str | None = None
    own: bytes | None = None


def author_of(member: int) -> str:
    """By what the server knows again what a member with a secret of its own, or a token, seals."""
    return f"member:{member}"


def read_wish(request: Request) -> Wish:
    """The wish that stands in a handshake request."""
    try:
        parts = urlsplit(request.path)
    except ValueError:  # it looks like an address with a bracket too many
        parts = SplitResult("", "", "", "", "")
    query = parse_qs(parts.query)
    secret = next(iter(query.get("key", ())), None)
    name = next(iter(query.get("name", ())), None)
    for value in request.headers.get_all("Cowrite-Name"):
        name = unquote(value)
    for value in request.headers.get_all("Authorization"):
        scheme, _, token = value.partition(" ")
        if scheme.lower() == "bearer":
            secret = token.strip()
    return Wish(
        room=unquote(parts.path.removeprefix("/")),
        secret=secret,
        epoch=next(iter(query.get("epoch", ())), None),
        origin=next(iter(request.headers.get_all("Origin")), None),
        host=next(iter(request.headers.get_all("Host")), None),
        forwarded=tuple(
            without_port(part.strip())
            for value in request.headers.get_all("X-Forwarded-For")
            for part in value.split(",")
        ),
        member=next(iter([*request.headers.get_all("Cowrite-Member"), *query.get("member", ())]), None),
        name=name,
    )


class Admissions:
    """Decides for one server who is let in."""

    def __init__(
        self, store: Store, settings: Settings, tokens: Tokens | None, renames: Renames, now: Callable[[], int]
    ) -> None:
        """Nobody has come yet.

        Args:
            store: where rooms, invites and members are.
            settings: the server's.
            tokens: checks those of the team's identity provider; None where there is none.
            renames: who has chosen another name lately; one that did so too often keeps the name that it has.
            now: gives milliseconds since 1970.
        """
        self._store = store
        self._anybody = settings.anybody
        self._most_members = settings.limits.room_members
        self._tokens = tokens
        self._renames = renames
        self._now = now

    async def decide(self, wish: Wish) -> Admission | Close:
        """Decides on a wish.

        A room that does not exist is answered like a wrong secret, so that nobody finds out names of rooms by trying.

        Returns:
            The admission, or why there is none.

        Raises:
            StoreFailed: the database could not be read or written.
        """
        if not ROOM_NAME.fullmatch(wish.room):
            return Close.NO_SUCH_ROOM
        if wish.member is not None and len(wish.member) < MEMBER_SECRET_UNITS:
            return Close.MALFORMED  # a guess might find it
        try:
            if self._tokens is not None and wish.secret is not None and self._tokens.is_token(wish.secret):
                found = await self._admit_by_token(wish, wish.secret, self._tokens)
            else:
                found = await self._admit(wish)
        except RoomForgotten:
            return Close.FORGOTTEN
        # Who has the room's epoch has been there; nobody else finds out by trying.
        is_elsewhere = found in _NOT_THAT_ROOM and wish.epoch is not None
        if is_elsewhere and await self._store.was_forgotten(wish.room, wish.epoch):
            return Close.FORGOTTEN
        return found

    async def _admit(self, wish: Wish) -> Admission | Close:
        """Decides on a wish that comes with the secret of an invite, or with none.

        Raises:
            RoomForgotten: the room was, and would have to be made.
        """
        now, arrival = self._now(), _arrival(wish, self._most_members)
        who = None if arrival.name is None or arrival.member is None else (wish.room, arrival.member)
        if who is not None and not self._renames.may(who):
            arrival, who = replace(arrival, name=None), None
        joined = await self._join(arrival, now)
        if isinstance(joined, Joined):
            member = joined.member
            if who is not None and joined.news and member.joined < now:
                self._renames.chose(who)
            author = author_of(member.id) if member.own else None
            return _admission(joined, joined.expires, author, arrival.member)
        if joined is not Close.NOT_INVITED or not self._anybody or is_kept(wish.room):
            return joined
        room = await self._store.ensure_room(wish.room, now)
        if wish.epoch not in (None, room.epoch):
            return Close.EPOCH_CHANGED
        author = None if wish.member is None else f"secret:{hash_secret(wish.member).hex()}"
        return Admission(room, Role.EDITOR, None, author=author)

    async def _join(self, arrival: Arrival, now: int) -> Joined | Close:
        """Lets somebody in by an invite; where that cannot be written, as the member that it is already, if it is one.

        Raises:
            StoreFailed: it could not be written, and there is no such member; or nothing can be read.
        """
        try:
            return await self._store.join(arrival, now)
        except StoreFailed:
            if arrival.member is None:
                raise
            joined = await self._store.join(replace(arrival, invite=None, name=None), now)  # which writes nothing
            if isinstance(joined, Close):
                raise
            return joined

    async def _admit_by_token(self, wish: Wish, token: str, tokens: Tokens) -> Admission | Close:
        try:
            claim = tokens.read(token, wish.room)
        except TokenRefused as error:
            _logger.info("%s", error)
            return Close.EXPIRED if error.expired else Close.NOT_INVITED
        if is_kept(wish.room):  # its members are elsewhere, and with them who was removed
            _logger.info("%s", TokenRefused("the room keeps what another one was, and takes invites alone"))
            return Close.NOT_INVITED
        now = self._now()
        if claim.role.may_edit:
            await self._store.ensure_room(wish.room, now)
        name = None if claim.name is None else clean_name(claim.name)
        # Nobody can choose a secret whose hash is that of such a person: secrets are hashed as UTF-8, which has no
        # 0xFF. JSON can name halves of a character.
        person = hashlib.sha256(b"\xff" + claim.person.encode(errors="surrogatepass")).digest()
        arrival = Arrival(wish.room, None, person, name, wish.epoch, claim.role, self._most_members)
        joined = await self._store.join(arrival, now)
        if joined is Close.NOT_INVITED:
            _logger.info("%s", TokenRefused(f"there is no such room, and whoever comes as {claim.role} makes none"))
        if isinstance(joined, Close):
            return joined
        return _admission(joined, claim.expires, author_of(joined.member.id))


def _admission(joined: Joined, expires: int | None, author: str | None, own: bytes | None = None) -> Admission:
    member = joined.member
    return Admission(joined.room, member.role, member.id, member.name, expires, joined.act, joined.news, author, own)


def _arrival(wish: Wish, most: int | None) -> Arrival:
    return Arrival(
        wish.room,
        None if wish.secret is None else hash_secret(wish.secret),
        None if wish.member is None else hash_secret(wish.member),
        None if wish.name is None or wish.member is None else clean_name(wish.name),
        wish.epoch,
        most=most,
    )


def origin_allowed(wish: Wish, settings: Settings) -> bool:
    """Whether the web page that asks may; programs that are no browsers name none, and may.

    Any web page can open a WebSocket to any server that its visitor reaches, so pages of strangers are kept out.
    Allowed are those in the settings, those that came from this very server's address, and on a server for this
    machine only those of this machine.
    """
    if wish.origin is None or "*" in settings.allow_origin:
        return True
    origin = _plain_origin(wish.origin)
    if origin in map(_plain_origin, settings.allow_origin):
        return True
    try:
        parts = urlsplit(origin)
        if is_loopback(settings.host) and is_loopback(parts.hostname or ""):
            return True
    except ValueError:
        return False
    # A name of a stranger can be made to lead to this machine, and then page and server have the same address; where
    # there are no secrets that a stranger would have to know, it proves nothing.
    return not settings.anybody and wish.host is not None and parts.netloc == wish.host.lower()


def _plain_origin(origin: str) -> str:
    """An origin as browsers give it: in small letters, without the port that its scheme has anyway (RFC 6454, 6.2)."""
    origin = origin.lower().rstrip("/")
    port = _PORTS.get(origin.partition("://")[0])
    return origin if port is None else origin.removesuffix(port)
