"""Membership: what is asked of a store about invites, members and acts.

An invite lets people into a room; who came by it is a member, known again by the hash of a secret of its own. All who
come by one invite without such a secret are one member together, whose secret is the invite's. Times are milliseconds
since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from cowrite_server.audit import ActRecord
from cowrite_server.errors import DamagedRow
from cowrite_server.store.member_records import Arrival, AskRecord, Invite, Joined, MemberRecord, Standing
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Close, Role


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
            TooManyAsk: as many others ask as may at a time, also of those who came by the same invite.
        """

    async def not_now(self, room: str, member: int, now: int, actor: int | None = None) -> None:
        """A member who asks to write is told not now; nothing is done where it does not ask.

        Arguments and errors are those of `remove_member`; nobody is the last owner by it.
        """

    async def askers(self, room: str, now: int) -> list[AskRecord]:
        """The members of a room who ask to write; those of the invite by which fewest do come first.

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
