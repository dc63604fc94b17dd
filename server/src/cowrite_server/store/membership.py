"""Membership: what a store keeps of invites, members and acts, and what is asked of it about them.

An invite lets people into a room; who came by it is a member, known again by the hash of a secret of its own. All who
come by one invite without such a secret are one member together, whose secret is the invite's. Times are milliseconds
since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cowrite_server.audit import ActRecord
from cowrite_server.errors import DamagedRow
from cowrite_server.store.records import RoomRecord
from cowrite_server.wire.members import InviteWish
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


class Membership(Protocol):
    """The part of a store that knows invites, members and acts; any method may raise StoreFailed.

    Who acts is an owner of the room at that moment, or None for the host of the server, who may do everything. With
    StoreFailed or any other error nothing of an act is written.
    """

    async def add_invite(
        self, room: int, wish: InviteWish, secret: bytes, now: int, actor: int | None = None
    ) -> Invite:
        """Keeps a new invite.

        Args:
            room: the room's key.
            wish: what it is to be good for.
            secret: hash of its secret.
            now: milliseconds since 1970.
            actor: who makes it.

        Raises:
            NotOwner: the actor may not.
        """

    async def join(self, arrival: Arrival, now: int) -> Joined | Close:
        """Lets somebody in as the member that it is or becomes, or says why not; see `rules.entrance`.

        The use of an invite is counted in the same moment, whichever nodes let people in: it never lets in more than it
        was made for.

        Args:
            arrival: who asks.
            now: milliseconds since 1970.
        """

    async def list_invites(self, room: str) -> list[Invite]:
        """All invites of a room, oldest first.

        Raises:
            NoSuchRoom: there is no such room.
        """

    async def list_members(self, room: str) -> list[MemberRecord]:
        """All members of a room, oldest first, removed ones included.

        Raises:
            NoSuchRoom: there is no such room.
        """

    async def withdraw(
        self,
        room: str,
        ids: Sequence[int] | None,
        now: int,
        *,
        keep_members: bool = False,
        actor: int | None = None,
    ) -> list[int]:
        """Withdraws invites of a room and removes those who came by them; those withdrawn before stay so.

        Args:
            room: the room's name.
            ids: which invites, or None for all of the room.
            now: milliseconds since 1970.
            keep_members: whether those stay who have a secret of their own.
            actor: who does it.

        Returns:
            Ids of the invites that were good until now.

        Raises:
            LastOwner: nobody would be left who may manage the room, and the actor is not the host.
            NoSuchRoom: there is no such room.
            NoSuchInvite: the room has no invite of one of the ids.
            NotOwner: the actor may not.
        """

    async def set_role(self, room: str, member: int, role: Role, now: int, actor: int | None = None) -> None:
        """Gives a member another role.

        Args:
            room: the room's name.
            member: the member's number; one that was not removed.
            role: what it may do from now on.
            now: milliseconds since 1970.
            actor: who does it.

        Raises:
            LastOwner: nobody would be left who may manage the room, and the actor is not the host.
            NoSuchMember: the room has no such member.
            NoSuchRoom: there is no such room.
            NotOwner: the actor may not.
            SaidElsewhere: the team's identity provider says what it may do.
        """

    async def remove_member(self, room: str, member: int, now: int, actor: int | None = None) -> None:
        """Removes a member; what it wrote stays. Arguments and errors are those of `set_role`."""

    async def rename(self, room: str, member: int, chosen: str, now: int) -> str:
        """Gives a member the name that it chose; one without a secret of its own has none.

        Args:
            room: the room's name.
            member: the member's number.
            chosen: the name, as `names.clean_name` gives it.
            now: milliseconds since 1970.

        Returns:
            What the others see it called.

        Raises:
            NoSuchMember: the room has no such member, or it has no secret of its own.
            SaidElsewhere: the team's identity provider says what it is called.
            NoSuchRoom: there is no such room.
        """

    async def ask_to_write(self, room: str, member: int, now: int) -> None:
        """A member asks to write; nothing is done where it does so already, or may write.

        Args:
            room: the room's name.
            member: the member's number.
            now: milliseconds since 1970.

        Raises:
            AskedLately: it has asked a short while ago, and was answered.
            NoSuchMember: the room has no such member.
            NoSuchRoom: there is no such room.
            SaidElsewhere: the team's identity provider says what it may do.
            TooManyAsk: as many others ask as may at a time.
        """

    async def not_now(self, room: str, member: int, now: int, actor: int | None = None) -> None:
        """A member who asks to write is told not now; nothing is done where it does not ask.

        Arguments and errors are those of `remove_member`; nobody is the last owner by it.
        """

    async def askers(self, room: str, now: int) -> list[AskRecord]:
        """The members of a room who ask to write; who asked first comes first.

        Raises:
            NoSuchRoom: there is no such room.
        """

    async def standings(self, ids: Iterable[int]) -> dict[int, Standing]:
        """How some members stand, by their numbers."""

    async def saw(self, ids: Iterable[int], until: int) -> None:
        """Notes that some members were connected until then, or will be."""

    async def list_acts(self, room: str | None, most: int, before: int | None = None) -> list[ActRecord]:
        """What was done, newest first.

        Args:
            room: the room's name, or None for all rooms.
            most: how many at most.
            before: only acts with smaller numbers; None for the latest.

        Raises:
            NoSuchRoom: there is no such room.
        """

    async def last_acts(self, rooms: Iterable[int]) -> dict[int, int]:
        """The number of the latest act in each of some rooms, by their keys; those without acts are left out."""

    def known_changes(self) -> int | None:
        """What `changes_by_others` would give, where that is known without asking; None where it has to be asked."""

    async def changes_by_others(self) -> int:
        """A number that is another one after others (not this object) have done an act on invites or members.

        It may change for less, and one time be as old as the last commit since it was asked before. Asking costs next
        to nothing.
        """


async def names_of(membership: Membership, members: Iterable[int]) -> dict[int, str]:
    """What members are called, by their numbers; also those of a room whose people have gone on with another one."""
    try:
        standings = await membership.standings(set(members))
    except DamagedRow:
        return {}  # their numbers still tell them apart
    return {number: each.name for number, each in standings.items() if each.name}
