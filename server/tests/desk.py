"""One room in a store, and those who come to it."""

from __future__ import annotations

from typing import Any

from cowrite_server.audit import ActKind
from cowrite_server.store.member_records import Arrival, Invite, Joined, MemberRecord
from cowrite_server.store.records import RoomRecord, hash_secret
from cowrite_server.store.store import Store
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Close, Role

ADA, BEN, CYD = (hash_secret(name) for name in ("ada", "ben", "cyd"))
NOBODY = 999_999
"""Hashes of three people's own secrets, and the number of no member."""


class Desk:
    """One room, and a way to invite and to join that reads."""

    def __init__(self, store: Store, room: RoomRecord) -> None:
        self.store = store
        self.room = room
        self._secrets = 0

    async def invite(self, role: Role = Role.EDITOR, now: int = 0, **terms: int) -> tuple[Invite, bytes]:
        """A new invite and the hash of its secret."""
        self._secrets += 1
        secret = hash_secret(f"invite {self._secrets} of {self.room.name}")
        return await self.store.add_invite(self.room.id, InviteWish(role, **terms), secret, now), secret

    async def ask(self, secret: bytes | None, member: bytes | None = None, now: int = 1, **more: Any) -> Joined | Close:
        """Asks to be let in."""
        return await self.store.join(Arrival(self.room.name, secret, member, **more), now)

    async def join(self, secret: bytes | None, member: bytes | None = None, now: int = 1, **more: Any) -> MemberRecord:
        """Is let in."""
        joined = await self.ask(secret, member, now, **more)
        assert isinstance(joined, Joined), joined
        return joined.member

    async def owner(self, member: bytes = ADA) -> int:
        """Number of a new owner."""
        return (await self.join((await self.invite(Role.OWNER))[1], member)).id

    async def members(self) -> dict[int, MemberRecord]:
        """All members by their numbers."""
        return {member.id: member for member in await self.store.list_members(self.room.name)}

    async def acts(self) -> list[tuple[int | None, ActKind, dict[str, object]]]:
        """All acts, oldest first."""
        acts = await self.store.list_acts(self.room.name, 1000)
        return [(act.actor, act.deed.kind, dict(act.deed.details)) for act in reversed(acts)]
