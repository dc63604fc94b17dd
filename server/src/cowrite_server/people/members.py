"""Members: who takes part in the rooms of a store, who may come, and what owners and the host do about it.

What is done is in force on this node when its method returns, and on the others soon after.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from time import monotonic
from typing import Any, TypeVar

from cowrite_server.people.askers import Askers
from cowrite_server.people.invites import make_invite
from cowrite_server.people.renames import Renames
from cowrite_server.store.member_records import Invite, MemberRecord
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.store import Store
from cowrite_server.undertakings import Undertakings
from cowrite_server.wire.asking import Asker
from cowrite_server.wire.members import (
    ACTS_AT_ONCE,
    Act,
    Invited,
    InviteSummary,
    InviteWish,
    MemberList,
    MemberSummary,
)
from cowrite_server.wire.protocol import Role

T = TypeVar("T")


class Members:
    """The members of a store's rooms. What methods raise is what those of `Membership` with the same names do."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], int],
        is_here: Callable[[int], bool],
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        """The members of the rooms in `store`.

        Args:
            store: where they are kept.
            now: gives milliseconds since 1970.
            is_here: whether the member of a number is connected to this node.
            changed: puts in force what was done.
        """
        self.renames = Renames(monotonic)
        """Who has chosen another name lately."""
        self._store = store
        self._now = now
        self._is_here = is_here
        self._changed = changed
        self._askers = Askers(store, now)
        self._acts = Undertakings("an act on members")

    async def listing(self, room: str, manages: bool) -> MemberList:
        """Who is in a room and who may come.

        Args:
            room: the room's name.
            manages: whether it is for somebody who may see invites and removed members.
        """
        now = self._now()
        members = [self._summary(member, now) for member in await self._store.list_members(room)]
        if not manages:
            return MemberList(tuple(member for member in members if member.removed is None), ())
        return MemberList(tuple(members), tuple(map(invite_summary, await self._store.list_invites(room))))

    async def invite(self, room: str, wish: InviteWish, actor: int | None = None) -> Invited:
        """Makes an invite, and the room if need be.

        Args:
            room: the room's name.
            wish: what it is to be good for.
            actor: number of the owner who makes it; None for the host.

        Raises:
            BadInvite: such an invite would let in nobody.
            BadRoomName: no room can have this name.
        """
        made, secret = await self._in_force(make_invite(self._store, room, wish, self._now(), actor))
        return Invited(invite_summary(made), secret)

    async def withdraw(
        self, room: str, ids: Sequence[int] | None, *, keep_members: bool = False, actor: int | None = None
    ) -> list[int]:
        """Withdraws invites; gives those that were good until now."""
        return await self._in_force(
            self._store.withdraw(room, ids, self._now(), keep_members=keep_members, actor=actor)
        )

    async def set_role(self, room: str, member: int, role: Role, actor: int | None = None) -> None:
        """Gives a member another role."""
        await self._in_force(self._store.set_role(room, member, role, self._now(), actor))

    async def remove(self, room: str, member: int, actor: int | None = None) -> None:
        """Removes a member."""
        await self._in_force(self._store.remove_member(room, member, self._now(), actor))

    async def rename(self, room: str, member: int, chosen: str) -> None:
        """Gives a member the name that it chose."""
        await self._in_force(self._store.rename(room, member, chosen, self._now()))

    async def ask_to_write(self, room: str, member: int) -> None:
        """A member asks to write."""
        await self._in_force(self._store.ask_to_write(room, member, self._now()))

    async def not_now(self, room: str, member: int, actor: int | None = None) -> None:
        """Answers a member who asks to write that it may not now."""
        await self._in_force(self._store.not_now(room, member, self._now(), actor))

    async def askers(self, room: RoomRecord) -> list[Asker]:
        """Who asks to write in a room; those of the invite by which fewest do come first."""
        return [
            Asker(each.member.id, each.member.name, each.member.role, each.asked)
            for each in await self._askers.of(room)
        ]

    async def acts(self, room: str, before: int | None) -> list[Act]:
        """What was done in a room before the act of a number, newest first; the latest with None."""
        return [
            Act(act.id, act.time, act.actor, act.deed.kind.value, dict(act.deed.details))
            for act in await self._store.list_acts(room, ACTS_AT_ONCE, before)
        ]

    async def close(self) -> None:
        """Brings to its end what was begun."""
        await self._acts.close()

    async def _in_force(self, act: Coroutine[Any, Any, T]) -> T:
        """Does an act and puts it in force, both or neither, though whoever asked for it goes away meanwhile."""

        async def work() -> T:
            done = await act
            await self._changed()
            return done

        return await self._acts.do(work())

    def _summary(self, member: MemberRecord, now: int) -> MemberSummary:
        return member_summary(member, now, self._is_here(member.id))


def member_summary(member: MemberRecord, now: int, is_here: bool = False) -> MemberSummary:
    """What is told of a member.

    Args:
        member: it.
        now: milliseconds since 1970.
        is_here: whether it is known to be connected; else it is as the store says.
    """
    here = member.removed is None and (is_here or member.is_here(now))
    return MemberSummary(
        member.id,
        member.name,
        member.role,
        member.invite,
        member.joined,
        now if here else min(member.seen, now),
        here,
        member.removed,
    )


def invite_summary(invite: Invite) -> InviteSummary:
    """What is told of an invite."""
    return InviteSummary(
        invite.id,
        invite.role,
        invite.created,
        invite.creator,
        invite.expires,
        invite.uses,
        invite.used,
        invite.withdrawn,
    )
