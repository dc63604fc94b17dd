"""What a store keeps of members and their invites, as records, and of somebody who asks to be let in.

Times are milliseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cowrite_server.errors import DamagedRow
from cowrite_server.store.records import RoomRecord
from cowrite_server.wire.protocol import Close, Role

NOBODY_DECIDED = 0
"""When a role was decided that a member has by an invite or a token alone: before all that anybody decides."""

LEASE = 60_000
"""For so many milliseconds a member counts as connected, where no node has said otherwise."""


@dataclass(frozen=True, slots=True)
class Invite:
    """A link that was handed out.

    Attributes:
        id: short number by which people name it.
        role: what its holder may do at first.
        created: when it was made.
        withdrawn: when, or None while it is good.
        creator: number of the member that made it; None for the host.
        expires: when it stops letting in new members, and those without a secret of their own; None for never.
        uses: how many members it lets in; None for any number.
        used: how many it has let in.
    """

    id: int
    role: Role
    created: int
    withdrawn: int | None = None
    creator: int | None = None
    expires: int | None = None
    uses: int | None = None
    used: int = 0

    @property
    def used_up(self) -> bool:
        """Whether it has let in as many members as it was made for."""
        return self.uses is not None and self.used >= self.uses

    def refusal(self, now: int) -> Close | None:
        """Why it opens the room to nobody at this time; None while it opens it, be it only to those who have come."""
        if self.withdrawn is not None:
            return Close.WITHDRAWN
        return Close.EXPIRED if self.expires is not None and self.expires <= now else None


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A member as the store knows it.

    Attributes:
        id: its number; the log names it as the author of updates.
        role: what it may do.
        own: whether it has a secret of its own; otherwise it is all who came by its invite without one.
        chosen: the name that it gave, or None.
        name: what the others see it called: the chosen name, told apart from those of others in the room.
        invite: number of the invite by which it came last; None for one that the team's identity provider names.
        joined: when it came first.
        seen: when it was last connected; a time to come while it is.
        decided: when somebody gave it another role, or removed it, last; `NOBODY_DECIDED` where nobody has.
        removed: when it was removed; None while it may come.
    """

    id: int
    role: Role
    own: bool
    chosen: str | None
    name: str | None
    invite: int | None
    joined: int
    seen: int
    decided: int
    removed: int | None

    def is_here(self, now: int) -> bool:
        """Whether it counts as connected at a time."""
        # No node says further ahead than a lease, and its clock may be as much ahead; else the clock was set back.
        return now < self.seen <= now + 2 * LEASE

    @property
    def manages(self) -> bool:
        """Whether it may decide who else may do what."""
        return self.role.may_manage and self.removed is None

    def goes_with(self, invite: int, keep: bool) -> bool:
        """Whether it is removed when an invite is withdrawn.

        Args:
            invite: the invite's number.
            keep: whether those stay who have a secret of their own.
        """
        return self.invite == invite and self.removed is None and not (keep and self.own)


@dataclass(frozen=True, slots=True)
class AskRecord:
    """A member who asks to write, and since when."""

    member: MemberRecord
    asked: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who asks to be let in.

    Attributes:
        room: the room's name.
        invite: hash of the secret of an invite, or None.
        member: hash of a secret of its own, or None.
        name: what it wants to be called, as `names.clean_name` gives it; None leaves that as it is.
        epoch: the epoch of the document that it has, or None.
        role: what the team's identity provider says that it may do; None for one that comes by an invite.
        most: how many members the room may have with it, where it is none of them; None for any number.
    """

    room: str
    invite: bytes | None
    member: bytes | None = None
    name: str | None = None
    epoch: str | None = None
    role: Role | None = None
    most: int | None = None

    @property
    def secret(self) -> bytes | None:
        """The hash of the secret by which it is known: its own, or where it has none, the invite's."""
        return self.member or self.invite


@dataclass(frozen=True, slots=True)
class Known:
    """What a store knows of somebody who asks to be let in.

    Attributes:
        room: where to.
        member: the member that they are, or None.
        invite: the invite whose secret they have; None where the room has none such.
        count: how many members the room has that were not removed, where they would be one more.
    """

    room: RoomRecord
    member: MemberRecord | None
    invite: Invite | None
    count: int = 0

    @property
    def is_no_member(self) -> bool:
        """Whether the room has one member more once they are let in."""
        return self.member is None or self.member.removed is not None


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who was let in.

    Attributes:
        room: where to.
        member: as whom.
        expires: when it has to go; None for never.
        act: number of the room's latest act, what this arrival did included; 0 for none.
        news: whether this arrival made or changed the member.
    """

    room: RoomRecord
    member: MemberRecord
    expires: int | None
    act: int
    news: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member stands at the moment.

    Attributes:
        role: what it may do.
        name: what the others see it called, or None.
        removed: whether it may not come any more.
    """

    role: Role
    name: str | None
    removed: bool


def role_of(what: str, number: int, role: object) -> Role:
    """The role in a row.

    Args:
        what: what the row is, `member` or `invite`.
        number: its number.
        role: what stands there.

    Raises:
        DamagedRow: that is no role.
    """
    try:
        return Role(str(role))
    except ValueError as error:
        raise DamagedRow(f"{what} {number}", "no role has such a name") from error


def require_numbers(what: str, number: int, values: Iterable[object]) -> None:
    """Makes sure that a row has numbers where they belong, or nothing.

    Args:
        what: what the row is, such as `member`.
        number: its number.
        values: what stands there.

    Raises:
        DamagedRow: something else does.
    """
    if not all(value is None or isinstance(value, int) for value in values):
        raise DamagedRow(f"{what} {number}", "something else stands in the place of a number")
