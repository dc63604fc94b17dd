"""What owners, members and the host do about invites and members in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from cowrite_server import audit
from cowrite_server.errors import LastOwner, NoSuchInvite, NoSuchMember
from cowrite_server.store.member_rows import INVITE, read_invite
from cowrite_server.store.membership import Invite, MemberRecord
from cowrite_server.store.postgres.audit import note
from cowrite_server.store.postgres.database import Connection
from cowrite_server.store.postgres.members import invites_of, members_of, not_before
from cowrite_server.store.postgres.rooms import existing_room, lock_room
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.rules import find_member, has_owner, require_own_word, require_owner
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.names import free_name
from cowrite_server.wire.protocol import Role


async def add_invite(
    connection: Connection, room: int, wish: InviteWish, secret: bytes, now: int, actor: int | None = None
) -> Invite:
    """Keeps a new invite."""
    async with changing(connection, room):
        require_owner(await members_of(connection, room), actor)
        created = await not_before(connection, room, now - 1) + 1
        cursor = await connection.execute(
            "INSERT INTO cowrite_server.invites (room, role, secret, created, creator, expires, uses, used) "
            f"VALUES (%s, %s, %s, %s, %s, %s, %s, 0) RETURNING {INVITE}",
            (room, wish.role.value, secret, created, actor, wish.expires, wish.uses),
        )
        (made,) = [read_invite(row) for row in await cursor.fetchall()]
        await note(connection, room, now, actor, audit.invited(made.id, wish))
    return made


async def withdraw(
    connection: Connection,
    room: str,
    ids: Sequence[int] | None,
    now: int,
    *,
    keep_members: bool = False,
    actor: int | None = None,
) -> list[int]:
    """Withdraws invites of a room; gives those that were good until now."""
    async with _acting(connection, room, now, actor) as (record, members):
        known = {invite.id: invite for invite in await invites_of(connection, record.id)}
        for number in ids or ():
            if number not in known:
                raise NoSuchInvite(room, number)
        good = [number for number in (known if ids is None else dict.fromkeys(ids)) if known[number].withdrawn is None]
        for number in good:
            cut = [each.id for each in members if each.goes_with(number, keep_members)]
            await connection.execute("UPDATE cowrite_server.invites SET withdrawn = %s WHERE id = %s", (now, number))
            await _remove(connection, record.id, cut, now)
            await note(connection, record.id, now, actor, audit.withdrawn(number, cut))
    return good


async def set_role(
    connection: Connection, room: str, member: int, role: Role, now: int, actor: int | None = None
) -> None:
    """Gives a member another role."""
    async with _acting(connection, room, now, actor) as (record, members):
        found = find_member(room, members, member)
        require_own_word(room, found)
        decided = await not_before(connection, record.id, now)
        await connection.execute(
            "UPDATE cowrite_server.members SET role = %s, decided = %s WHERE id = %s", (role.value, decided, member)
        )
        await note(connection, record.id, now, actor, audit.role_changed(member, found.role, role))


async def remove_member(connection: Connection, room: str, member: int, now: int, actor: int | None = None) -> None:
    """Removes a member."""
    async with _acting(connection, room, now, actor) as (record, members):
        await _remove(connection, record.id, [find_member(room, members, member).id], now)
        await note(connection, record.id, now, actor, audit.removed(member))


async def rename(connection: Connection, room: str, member: int, chosen: str, now: int) -> str:
    """Gives a member the name that it chose; gives what the others see it called."""
    record = await existing_room(connection, room)
    async with changing(connection, record.id):
        found = find_member(room, await members_of(connection, record.id), member)
        if not found.own:
            raise NoSuchMember(room, member)
        require_own_word(room, found)
        return await give_name(connection, record.id, found, chosen, now)


async def give_name(connection: Connection, room: int, member: MemberRecord, chosen: str, now: int) -> str:
    """The same inside `changing`, for a member that is known."""
    name = await set_name(connection, room, member, chosen)
    if (chosen, name) != (member.chosen, member.name):
        await note(connection, room, now, member.id, audit.renamed(member.name, name))
    return name


async def set_name(connection: Connection, room: int, member: MemberRecord, chosen: str) -> str:
    """The same without an act of its own."""
    cursor = await connection.execute(
        "SELECT name FROM cowrite_server.members WHERE room = %s AND id <> %s AND name IS NOT NULL", (room, member.id)
    )
    name = free_name(chosen, {taken for (taken,) in await cursor.fetchall()})
    if (chosen, name) != (member.chosen, member.name):
        await connection.execute(
            "UPDATE cowrite_server.members SET chosen = %s, name = %s WHERE id = %s", (chosen, name, member.id)
        )
    return name


async def saw(connection: Connection, ids: Iterable[int], until: int) -> None:
    """Notes that some members were connected until then, or will be."""
    # In the order of their keys: nodes that note the same members in different orders would wait for each other.
    await connection.execute(
        "UPDATE cowrite_server.members SET seen = %s FROM "
        "(SELECT id FROM cowrite_server.members WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE) AS these "
        "WHERE members.id = these.id",
        (until, list(ids)),
    )


async def count(connection: Connection) -> int:
    """A number that grows with every act on invites or members."""
    cursor = await connection.execute("SELECT acts FROM cowrite_server.data")
    return sum(row[0] for row in await cursor.fetchall())


@asynccontextmanager
async def changing(connection: Connection, room: int) -> AsyncIterator[None]:
    """A transaction in which a room's people are changed: by nobody else meanwhile, and all nodes notice."""
    async with connection.transaction():
        await lock_room(connection, room)
        yield
        await connection.execute("UPDATE cowrite_server.data SET acts = acts + 1")


@asynccontextmanager
async def _acting(
    connection: Connection, name: str, now: int, actor: int | None
) -> AsyncIterator[tuple[RoomRecord, list[MemberRecord]]]:
    """A transaction in which an owner or the host acts; gives the room and its members as they were before."""
    room = await existing_room(connection, name)
    async with changing(connection, room.id):
        members = await members_of(connection, room.id)
        require_owner(members, actor)
        yield room, members
        if actor is not None and not has_owner(
            await members_of(connection, room.id), await invites_of(connection, room.id), now
        ):
            raise LastOwner(name)


async def _remove(connection: Connection, room: int, ids: Sequence[int], now: int) -> None:
    await connection.execute(
        "UPDATE cowrite_server.members SET removed = %s, decided = %s WHERE id = ANY(%s)",
        (now, await not_before(connection, room, now), list(ids)),
    )
