"""What one client asks about members, invites and acts, and wants done about them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cowrite_server.connections.request_kind import Refused, RequestKind, Work
from cowrite_server.errors import (
    BadName,
    LastOwner,
    NoSuchInvite,
    NoSuchMember,
    NotOwner,
    SaidElsewhere,
    ServerError,
)
from cowrite_server.people.members import Members
from cowrite_server.store.asking import AskedLately, TooManyAsk
from cowrite_server.wire.asking import askers_message
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.members import (
    InviteWish,
    MembersReason,
    audit_message,
    done_message,
    invited_message,
    members_message,
    read_invite,
    read_role,
)
from cowrite_server.wire.names import NAME_UNITS, clean_name
from cowrite_server.wire.protocol import Message, Role
from cowrite_server.wrong_use import BadInvite

_FOR_ALL = frozenset({Message.MEMBERS_GET, Message.RENAME, Message.ASK_TO_WRITE, Message.ASKERS_GET})
"""What not only owners may ask."""


class MemberRequests(RequestKind[MembersReason]):
    """The requests of one client."""

    KINDS = frozenset(
        {
            Message.MEMBERS_GET,
            Message.INVITE,
            Message.WITHDRAW,
            Message.SET_ROLE,
            Message.REMOVE_MEMBER,
            Message.RENAME,
            Message.AUDIT_GET,
            Message.ASK_TO_WRITE,
            Message.ASKERS_GET,
            Message.NOT_NOW,
        }
    )
    REFUSED = Message.MEMBERS_REFUSED
    FAILURE = "The members of the room %s cannot be read or written. %s"

    unreadable = MembersReason.UNREADABLE
    busy = MembersReason.BUSY
    reasons: Mapping[type[ServerError], MembersReason] = {
        NotOwner: MembersReason.NOT_OWNER,
        LastOwner: MembersReason.LAST_OWNER,
        NoSuchMember: MembersReason.NO_SUCH_MEMBER,
        NoSuchInvite: MembersReason.NO_SUCH_INVITE,
        BadInvite: MembersReason.BAD_REQUEST,
        BadName: MembersReason.BAD_REQUEST,
        SaidElsewhere: MembersReason.ELSEWHERE,
        AskedLately: MembersReason.ASKED_LATELY,
        TooManyAsk: MembersReason.TOO_MANY_ASK,
    }

    def take(self, kind: Message, reader: Reader) -> None:
        """Takes a request; see `RequestKind.take`."""
        self._begin(reader.var_uint(), partial(self._as_allowed, kind, self._read(kind, reader)))

    def _read(self, kind: Message, reader: Reader) -> Work:
        match kind:
            case Message.INVITE:
                return partial(self._invite, read_invite(reader))
            case Message.WITHDRAW:
                return partial(self._withdraw, reader.var_uint(), bool(reader.var_uint()))
            case Message.SET_ROLE:
                return partial(self._set_role, reader.var_uint(), read_role(reader))
            case Message.REMOVE_MEMBER:
                return partial(self._remove, reader.var_uint())
            case Message.RENAME:
                return partial(self._rename, reader.var_string())
            case Message.AUDIT_GET:
                return partial(self._list_acts, reader.var_uint())
            case Message.ASK_TO_WRITE:
                return self._ask_to_write
            case Message.ASKERS_GET:
                return self._list_askers
            case Message.NOT_NOW:
                return partial(self._put_off, reader.var_uint())
            case _:
                return self._list

    async def _as_allowed(self, kind: Message, work: Work, request: int) -> bytes | None:
        if kind not in _FOR_ALL and not self._client.role.may_manage:
            raise NotOwner(self._client.id)
        return await work(request)

    async def _list(self, request: int) -> bytes:
        return members_message(request, await self._members.listing(self._room_name, self._client.role.may_manage))

    async def _invite(self, wish: InviteWish, request: int) -> bytes:
        return invited_message(request, await self._members.invite(self._room_name, wish, self._actor))

    async def _withdraw(self, invite: int, keep_members: bool, request: int) -> bytes:
        await self._members.withdraw(self._room_name, [invite], keep_members=keep_members, actor=self._actor)
        return done_message(request)

    async def _set_role(self, member: int, role: Role, request: int) -> bytes:
        await self._members.set_role(self._room_name, member, role, self._actor)
        return done_message(request)

    async def _remove(self, member: int, request: int) -> bytes:
        await self._members.remove(self._room_name, member, self._actor)
        return done_message(request)

    async def _rename(self, text: str, request: int) -> bytes:
        name = clean_name(text)
        if name is None or len(text) > NAME_UNITS:
            raise BadName(text)
        if self._client.id is None:
            raise NoSuchMember(self._room_name, 0)
        own = self._client.admission.own
        if own is not None:
            who = (self._room_name, own)
            if not self._members.renames.may(who):
                raise Refused(MembersReason.BUSY)
            self._members.renames.chose(who)
        await self._members.rename(self._room_name, self._client.id, name)
        return done_message(request)

    async def _list_acts(self, before: int, request: int) -> bytes:
        return audit_message(request, await self._members.acts(self._room_name, before or None))

    async def _ask_to_write(self, request: int) -> bytes:
        if self._client.id is None:
            raise NoSuchMember(self._room_name, 0)
        await self._members.ask_to_write(self._room_name, self._client.id)
        return done_message(request)

    async def _list_askers(self, request: int) -> bytes:
        askers = await self._members.askers(self._room.record)
        if not self._client.role.may_manage:
            askers = [each for each in askers if each.id == self._client.id]
        return askers_message(request, askers)

    async def _put_off(self, member: int, request: int) -> bytes:
        await self._members.not_now(self._room_name, member, self._actor)
        return done_message(request)

    @property
    def _members(self) -> Members:
        return self._services.members

    @property
    def _actor(self) -> int:
        if self._client.id is None:
            raise NotOwner(None)
        return self._client.id
