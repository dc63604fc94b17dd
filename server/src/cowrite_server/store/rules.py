"""The rules of membership: who is let in, and who may do something about others.

Without I/O: whoever keeps members asks these with what it has found, inside the transaction that writes what follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, auto

from cowrite_server import audit
from cowrite_server.audit import Deed
from cowrite_server.errors import NoSuchMember, NotOwner, SaidElsewhere
from cowrite_server.store.member_records import Arrival, Invite, Known, MemberRecord
from cowrite_server.wire.protocol import Close, Role


class Entrance(Enum):
    """How somebody comes in."""

    KNOWN = auto()
    """As the member that it is."""
    NEW = auto()
    """As a new member, which counts one use of the invite."""
    AGAIN = auto()
    """As the member that it was, with another role: that of an invite, which counts one use, or that of its token."""


def entrance(arrival: Arrival, known: Known, now: int) -> Entrance | Close:
    """How somebody is let in, or why not.

    A member with a secret of its own is let in whatever became of its invite. An invite decides anew unless somebody
    has given the member its role, or removed it, since it was made: it brings back who was removed, and gives more,
    never less. A token decides each time, but does not bring back who was removed. A room that has all the members
    that it may have takes in no further one.

    Args:
        arrival: who asks.
        known: what is known of them.
        now: milliseconds since 1970.
    """
    if arrival.role is None:
        found = _entrance(known.member, known.invite, now)
    else:
        found = _entrance_by_token(known.member, arrival.role)
    if isinstance(found, Close):
        return found
    if arrival.epoch not in (None, known.room.epoch):
        return Close.EPOCH_CHANGED
    is_full = arrival.most is not None and known.count >= arrival.most
    return Close.MEMBERS_FULL if is_full and known.is_no_member else found


def changes(arrival: Arrival, known: Known, how: Entrance) -> bool:
    """Whether letting somebody in makes a member or changes one."""
    member = known.member
    if how is not Entrance.KNOWN or member is None:
        return True
    return member.own and arrival.name not in (None, member.chosen)


def deed_of(known: Known, number: int, role: Role, name: str | None) -> Deed:
    """What is noted of somebody who became a member, or one again with another role.

    Args:
        known: what was known of them before.
        number: the number of the member.
        role: what it may do now.
        name: what the others see it called, where it got a name by this.
    """
    member, invite = known.member, known.invite
    if member is not None and invite is None:
        return audit.role_changed_by_token(number, member.role, role)
    return audit.joined(None if invite is None else invite.id, role, name)


def has_owner(members: Iterable[MemberRecord], invites: Iterable[Invite], now: int) -> bool:
    """Whether anybody is left who may manage a room and can come in."""
    closed = {invite.id for invite in invites if invite.refusal(now) is not None}
    return any(
        member.role.may_manage and member.removed is None and (member.own or member.invite not in closed)
        for member in members
    )


def require_owner(members: Iterable[MemberRecord], actor: int | None) -> None:
    """Lets the host act, and the owners among a room's members.

    Args:
        members: all members of the room.
        actor: number of the member who acts; None for the host.

    Raises:
        NotOwner: it is neither.
    """
    if actor is not None and not any(each.id == actor and each.manages for each in members):
        raise NotOwner(actor)


def find_member(room: str, members: Sequence[MemberRecord], number: int) -> MemberRecord:
    """The member of this number.

    Args:
        room: the room's name.
        members: all its members.
        number: which one.

    Raises:
        NoSuchMember: there is none, or it was removed.
    """
    for member in members:
        if member.id == number:
            if member.removed is not None:
                raise NoSuchMember(room, number, removed=True)
            return member
    raise NoSuchMember(room, number)


def require_own_word(room: str, member: MemberRecord) -> None:
    """Lets role and name of a member be changed here.

    Args:
        room: the room's name.
        member: whose.

    Raises:
        SaidElsewhere: the team's identity provider says what they are.
    """
    if member.invite is None:
        raise SaidElsewhere(room, member.id)


def _entrance(member: MemberRecord | None, invite: Invite | None, now: int) -> Entrance | Close:
    refusal = Close.NOT_INVITED if invite is None else invite.refusal(now)
    if member is not None and not member.own:
        return refusal or (Entrance.KNOWN if member.removed is None else Close.WITHDRAWN)
    if invite is not None and invite.used_up:
        refusal = refusal or Close.USED_UP
    if member is None:
        return refusal or Entrance.NEW
    if invite is not None and refusal is None and _decides_anew(invite, member):
        return Entrance.AGAIN
    return Entrance.KNOWN if member.removed is None else Close.WITHDRAWN


def _entrance_by_token(member: MemberRecord | None, role: Role) -> Entrance | Close:
    if member is None:
        return Entrance.NEW
    if member.removed is not None:
        return Close.WITHDRAWN
    return Entrance.KNOWN if member.role is role else Entrance.AGAIN


def _decides_anew(invite: Invite, member: MemberRecord) -> bool:
    newer = invite.created > member.decided
    return newer and (member.removed is not None or _is_above(invite.role, member.role))


def _is_above(role: Role, other: Role) -> bool:
    order = list(Role)
    return order.index(role) < order.index(other)
