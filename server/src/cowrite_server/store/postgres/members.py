"""The queries of invites and members in PostgreSQL that change nothing."""

from __future__ import annotations

from collections.abc import Iterable

from cowrite_server.store.member_rows import INVITE, MEMBER, read_invite, read_member
from cowrite_server.store.membership import Invite, MemberRecord, Standing, role_of
from cowrite_server.store.postgres.database import Connection
from cowrite_server.store.postgres.rooms import existing_room


async def not_before(connection: Connection, room: int, now: int) -> int:
    """When something is decided about a room's people: now, and not before anything that was, whatever clocks say.

    What came first decides whether an invite brings somebody back; see `rules.entrance`.
    """
    cursor = await connection.execute(
        "SELECT greatest(%(now)s::bigint, (SELECT max(created) FROM cowrite_server.invites WHERE room = %(room)s), "
        "(SELECT max(decided) FROM cowrite_server.members WHERE room = %(room)s))",
        {"now": now, "room": room},
    )
    return max([int(row[0]) for row in await cursor.fetchall()])


async def invites_of(connection: Connection, room: int) -> list[Invite]:
    """All invites of a room, oldest first."""
    cursor = await connection.execute(
        f"SELECT {INVITE} FROM cowrite_server.invites WHERE room = %s ORDER BY id", (room,)
    )
    return [read_invite(row) for row in await cursor.fetchall()]


async def members_of(connection: Connection, room: int) -> list[MemberRecord]:
    """All members of a room, oldest first."""
    cursor = await connection.execute(
        f"SELECT {MEMBER} FROM cowrite_server.members WHERE room = %s ORDER BY id", (room,)
    )
    return [read_member(row) for row in await cursor.fetchall()]


async def list_invites(connection: Connection, room: str) -> list[Invite]:
    """All invites of a room by its name; see `membership.Membership.list_invites`."""
    return await invites_of(connection, (await existing_room(connection, room)).id)


async def list_members(connection: Connection, room: str) -> list[MemberRecord]:
    """All members of a room by its name; see `membership.Membership.list_members`."""
    return await members_of(connection, (await existing_room(connection, room)).id)


async def standings(connection: Connection, ids: Iterable[int]) -> dict[int, Standing]:
    """How some members stand, by their numbers."""
    cursor = await connection.execute(
        "SELECT id, role, name, removed FROM cowrite_server.members WHERE id = ANY(%s)", (list(ids),)
    )
    return {
        number: Standing(role_of("member", number, role), name, removed is not None)
        for number, role, name, removed in await cursor.fetchall()
    }
