"""What owners, members and the host do about invites and members, whichever database keeps them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from cowrite_server import audit
from cowrite_server.errors import LastOwner, NoSuchInvite, NoSuchMember
from cowrite_server.store.audit import note
from cowrite_server.store.member_records import Invite, MemberRecord
from cowrite_server.store.members import invites_of, members_of, not_before
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.rooms import existing_room
from cowrite_server.store.rules import find_member, has_owner, require_own_word, require_owner
from cowrite_server.store.tables import Tables
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.names import free_name
from cowrite_server.wire.protocol import Role


async def add_invite(
    tables: Tables, room: int, wish: InviteWish, secret: bytes, now: int, actor: int | None = None
) -> Invite:
    """Keeps a new invite."""
    async with tables.changing(room):
        require_owner(await members_of(tables, room), actor)
        created = await not_before(tables, room, now - 1) + 1
        number = await tables.insert(
            "INSERT INTO invites (room, role, secret, created, creator, expires, uses, used) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, 0)",
            *(room, wish.role.value, secret, created, actor, wish.expires, wish.uses),
        )
        await note(tables, room, now, actor, audit.invited(number, wish))
    return Invite(number, wish.role, created, None, actor, wish.expires, wish.uses)


async def withdraw(
    tables: Tables,
    room: str,
    ids: Sequence[int] | None,
    now: int,
    *,
    keep_members: bool = False,
    actor: int | None = None,
) -> list[int]:
    """Withdraws invites of a room; gives those that were good until now."""
    async with _acting(tables, room, now, actor) as (record, members):
        known = {invite.id: invite for invite in await invites_of(tables, record.id)}
        for number in ids or ():
            if number not in known:
                raise NoSuchInvite(room, number)
        good = [number for number in (known if ids is None else dict.fromkeys(ids)) if known[number].withdrawn is None]
        for number in good:
            cut = [each.id for each in members if each.goes_with(number, keep_members)]
            await tables.run("UPDATE invites SET withdrawn = %s WHERE id = %s", now, number)
            await _remove(tables, record.id, cut, now)
            await note(tables, record.id, now, actor, audit.withdrawn(number, cut))
    return good


async def set_role(tables: Tables, room: str, member: int, role: Role, now: int, actor: int | None = None) -> None:
    """Gives a member another role."""
    async with _acting(tables, room, now, actor) as (record, members):
        found = find_member(room, members, member)
        require_own_word(room, found)
        decided = await not_before(tables, record.id, now)
        await tables.run("UPDATE members SET role = %s, decided = %s WHERE id = %s", role.value, decided, member)
        await note(tables, record.id, now, actor, audit.role_changed(member, found.role, role))


async def remove_member(tables: Tables, room: str, member: int, now: int, actor: int | None = None) -> None:
    """Removes a member."""
    async with _acting(tables, room, now, actor) as (record, members):
        await _remove(tables, record.id, [find_member(room, members, member).id], now)
        await note(tables, record.id, now, actor, audit.removed(member))


async def rename(tables: Tables, room: str, member: int, chosen: str, now: int) -> str:
    """Gives a member the name that it chose; gives what the others see it called."""
    record = await existing_room(tables, room)
    async with tables.changing(record.id):
        found = find_member(room, await members_of(tables, record.id), member)
        if not found.own:
            raise NoSuchMember(room, member)
        require_own_word(room, found)
        return await give_name(tables, record.id, found, chosen, now)


async def give_name(tables: Tables, room: int, member: MemberRecord, chosen: str, now: int) -> str:
    """The same inside a transaction, for a member that is known."""
    name = await set_name(tables, room, member, chosen)
    if (chosen, name) != (member.chosen, member.name):
        await note(tables, room, now, member.id, audit.renamed(member.name, name))
    return name


async def set_name(tables: Tables, room: int, member: MemberRecord, chosen: str) -> str:
    """The same without an act of its own."""
    rows = await tables.rows(
        "SELECT name FROM members WHERE room = %s AND id <> %s AND name IS NOT NULL", room, member.id
    )
    name = free_name(chosen, {taken for (taken,) in rows})
    if (chosen, name) != (member.chosen, member.name):
        await tables.run("UPDATE members SET chosen = %s, name = %s WHERE id = %s", chosen, name, member.id)
    return name


async def saw(tables: Tables, ids: Iterable[int], until: int) -> None:
    """Notes that some members were connected until then, or will be."""
    # In the order of their keys: nodes that note the same members in different orders would wait for each other.
    await tables.run(
        "UPDATE members SET seen = %s WHERE id IN "
        "(SELECT id FROM members WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)",
        *(until, list(ids)),
    )


@asynccontextmanager
async def _acting(
    tables: Tables, name: str, now: int, actor: int | None
) -> AsyncIterator[tuple[RoomRecord, list[MemberRecord]]]:
    """A transaction in which an owner or the host acts; gives the room and its members as they were before."""
    room = await existing_room(tables, name)
    async with tables.changing(room.id):
        members = await members_of(tables, room.id)
        require_owner(members, actor)
        yield room, members
        if actor is not None and not has_owner(
            await members_of(tables, room.id), await invites_of(tables, room.id), now
        ):
            raise LastOwner(name)


async def _remove(tables: Tables, room: int, ids: Sequence[int], now: int) -> None:
    decided = await not_before(tables, room, now)
    await tables.run("UPDATE members SET removed = %s, decided = %s WHERE id = ANY(%s)", now, decided, ids)
