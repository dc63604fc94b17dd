"""What both ends of the wire agree on about members and invites: the messages, and their encoding.

A client asks with a number of its own choice, the request; the answer carries the same number: MEMBERS, INVITED, AUDIT
or DONE, or else MEMBERS_REFUSED. One connection's requests are answered one after the other, in their order.

This module has no I/O and imports nothing but the standard library and the other messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from cowrite_server.wire.encoding import MalformedMessage, Reader, var_string, var_uint
from cowrite_server.wire.json_messages import RefusalReason, expecting, json_message, whole, whole_or_none
from cowrite_server.wire.names import clean_name
from cowrite_server.wire.protocol import Message, Role

MEMBER_SECRET_UNITS = 32
"""The shortest secret by which a member is known again, in characters."""

ACTS_AT_ONCE = 200
"""Acts in one AUDIT message."""

_WISH_BYTES = 4096
"""The longest wish for an invite: JSON of a few fields. To read a long one takes the time and memory of all others."""


@dataclass(frozen=True, slots=True)
class MemberSummary:
    """One member of a room.

    Attributes:
        id: its number.
        name: what the others see it called; None where it never said.
        role: what it may do.
        invite: number of the invite by which it came; None for one with a token of the identity provider.
        joined: when it came first, in milliseconds since 1970.
        seen: when it was last connected; now, if it is.
        here: whether it is connected.
        removed: when it was removed or its invite withdrawn; None while it may come.
    """

    id: int
    name: str | None
    role: Role
    invite: int | None
    joined: int
    seen: int
    here: bool
    removed: int | None = None


@dataclass(frozen=True, slots=True)
class InviteSummary:
    """One invite of a room.

    Attributes:
        id: its number.
        role: what those who come by it may do at first.
        created: when, in milliseconds since 1970.
        creator: number of the member that made it; None for the host.
        expires: when it stops letting in new members; None for never.
        uses: how many members it lets in; None for any number.
        used: how many it has let in.
        withdrawn: when it was withdrawn; None while it is good.
    """

    id: int
    role: Role
    created: int
    creator: int | None
    expires: int | None
    uses: int | None
    used: int
    withdrawn: int | None


@dataclass(frozen=True, slots=True)
class MemberList:
    """Who is in a room and who may come.

    Attributes:
        members: all members, oldest first; removed ones, too, for owners.
        invites: all invites, oldest first, for owners; empty for others.
    """

    members: tuple[MemberSummary, ...]
    invites: tuple[InviteSummary, ...]


@dataclass(frozen=True, slots=True)
class InviteWish:
    """The invite that an owner asks for.

    Attributes:
        role: what those who come by it may do at first.
        expires: when it stops letting in new members, in milliseconds since 1970; None for never.
        uses: how many members it lets in, at least 1; None for any number.
    """

    role: Role
    expires: int | None = None
    uses: int | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invite. Its secret is told this once; the server keeps a hash of it.

    Attributes:
        invite: the invite.
        secret: what its holder joins with.
    """

    invite: InviteSummary
    secret: str


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of the audit log.

    Attributes:
        id: its number; later ones have larger numbers.
        time: milliseconds since 1970.
        actor: number of the member who did it; None for the host of the server.
        kind: what was done, such as "invited"; see `audit.ActKind`.
        details: on what, and how; names and values depend on the kind.
    """

    id: int
    time: int
    actor: int | None
    kind: str
    details: dict[str, Any]


Numbered = TypeVar("Numbered", MemberSummary, InviteSummary, Act)


class MembersReason(RefusalReason):
    """Why a request was refused."""

    NOT_OWNER = "not-owner"
    """Only owners may do it."""
    LAST_OWNER = "last-owner"
    """Nobody would be left who may manage the room."""
    NO_SUCH_MEMBER = "no-such-member"
    """There is none, it was removed, or who wants a name is no member of its own."""
    NO_SUCH_INVITE = "no-such-invite"
    BAD_REQUEST = "bad-request"
    """A value that cannot be: a moment in the past, no uses, a name too long."""
    ELSEWHERE = "elsewhere"
    """The role or the name comes from the team's identity provider and is changed there."""
    UNREADABLE = "unreadable"
    """The server could not read or write it; asking again later may help."""
    BUSY = "busy"
    """The client has too many requests open."""
    ASKED_LATELY = "asked-lately"
    """The member has asked to write a short while ago."""
    TOO_MANY_ASK = "too-many-ask"
    """So many ask to write that nobody else can."""
    LATER = "later"
    """One that only a server of a later version knows."""


def members_get_message(request: int) -> bytes:
    """A MEMBERS_GET message."""
    return var_uint(Message.MEMBERS_GET) + var_uint(request)


def members_message(request: int, found: MemberList) -> bytes:
    """A MEMBERS message."""
    return json_message(Message.MEMBERS, request, found)


def read_members(reader: Reader) -> tuple[int, MemberList]:
    """The request and the content of a MEMBERS message whose type has been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    request = reader.var_uint()
    with expecting("a list of members"):
        content = json.loads(reader.var_string())
        members = (
            MemberSummary(
                whole(each["id"]),
                _name(each["name"]),
                Role.told(str(each["role"])),
                whole_or_none(each["invite"]),
                whole(each["joined"]),
                whole(each["seen"]),
                bool(each["here"]),
                whole_or_none(each["removed"]),
            )
            for each in content["members"]
        )
        return request, MemberList(_each_once(members), _each_once(_invite(each) for each in content["invites"]))


def invite_message(request: int, wish: InviteWish) -> bytes:
    """An INVITE message."""
    return json_message(Message.INVITE, request, wish)


def read_invite(reader: Reader) -> InviteWish:
    """The wish of an INVITE message whose type and request have been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    if reader.left > _WISH_BYTES:
        raise MalformedMessage("a wish for an invite is too long")
    with expecting("a wish for an invite"):
        content = json.loads(reader.var_string())
        return InviteWish(
            Role(content["role"]), whole_or_none(content.get("expires")), whole_or_none(content.get("uses"))
        )


def invited_message(request: int, invited: Invited) -> bytes:
    """An INVITED message."""
    return json_message(Message.INVITED, request, invited)


def read_invited(reader: Reader) -> tuple[int, Invited]:
    """The request and the content of an INVITED message whose type has been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    request = reader.var_uint()
    with expecting("an invite"):
        content = json.loads(reader.var_string())
        return request, Invited(_invite(content["invite"]), str(content["secret"]))


def withdraw_message(request: int, invite: int, keep_members: bool) -> bytes:
    """A WITHDRAW message; those who came by the invite without a secret of their own are cut off in any case."""
    return var_uint(Message.WITHDRAW) + var_uint(request) + var_uint(invite) + var_uint(int(keep_members))


def set_role_message(request: int, member: int, role: Role) -> bytes:
    """A SET_ROLE message."""
    return var_uint(Message.SET_ROLE) + var_uint(request) + var_uint(member) + var_string(role.value)


def read_role(reader: Reader) -> Role:
    """The role in a SET_ROLE message of which all before it has been read.

    Raises:
        MalformedMessage: there is no such role.
    """
    try:
        return Role(reader.var_string())
    except ValueError as error:
        raise MalformedMessage("there is no such role") from error


def remove_member_message(request: int, member: int) -> bytes:
    """A REMOVE_MEMBER message."""
    return var_uint(Message.REMOVE_MEMBER) + var_uint(request) + var_uint(member)


def rename_message(request: int, name: str) -> bytes:
    """A RENAME message."""
    return var_uint(Message.RENAME) + var_uint(request) + var_string(name)


def done_message(request: int) -> bytes:
    """A DONE message."""
    return var_uint(Message.DONE) + var_uint(request)


def role_message(role: Role) -> bytes:
    """A ROLE message."""
    return var_uint(Message.ROLE) + var_string(role.value)


def members_changed_message() -> bytes:
    """A MEMBERS_CHANGED message."""
    return var_uint(Message.MEMBERS_CHANGED)


def audit_get_message(request: int, before: int = 0) -> bytes:
    """An AUDIT_GET message: asks for the acts before the one of this number, 0 for the latest."""
    return var_uint(Message.AUDIT_GET) + var_uint(request) + var_uint(before)


def audit_message(request: int, acts: Sequence[Act]) -> bytes:
    """An AUDIT message; the acts newest first."""
    return json_message(Message.AUDIT, request, acts)


def read_audit(reader: Reader) -> tuple[int, tuple[Act, ...]]:
    """The request and the content of an AUDIT message whose type has been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    request = reader.var_uint()
    with expecting("an audit log"):
        return request, _each_once(
            Act(
                whole(each["id"]),
                whole(each["time"]),
                whole_or_none(each["actor"]),
                str(each["kind"]),
                dict(each["details"]),
            )
            for each in json.loads(reader.var_string())
        )


def _invite(content: dict[str, Any]) -> InviteSummary:
    return InviteSummary(
        whole(content["id"]),
        Role.told(str(content["role"])),
        whole(content["created"]),
        whole_or_none(content["creator"]),
        whole_or_none(content["expires"]),
        whole_or_none(content["uses"]),
        whole(content["used"]),
        whole_or_none(content["withdrawn"]),
    )


def _each_once(numbered: Iterable[Numbered]) -> tuple[Numbered, ...]:
    """The first of each number: whoever shows them goes by that."""
    found: dict[int, Numbered] = {}
    for each in numbered:
        found.setdefault(each.id, each)
    return tuple(found.values())


def _name(value: Any) -> str | None:
    return None if value is None else clean_name(str(value))
