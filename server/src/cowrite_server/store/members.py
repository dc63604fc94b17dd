"""The invites and members that a store knows, whichever database keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from cowrite_server.store.member_rows import INVITE, MEMBER, read_invite, read_member
from cowrite_server.store.membership import Invite, MemberRecord, Standing, role_of
from cowrite_server.store.rooms import existing_room
from cowrite_server.store.soundness import number_in
from cowrite_server.store.tables import Tables


async def not_before(tables: Tables, room: int, now: int) -> int:
    """When something is decided about a room's people: now, and not before anything that was, whatever clocks say.

    What came first decides whether an invite brings somebody back; see `rules.entrance`.
    """
    what = f"an invite or a member of the room with the key {room}"
    rows = await tables.rows(
        "SELECT max(created) FROM invites WHERE room = %s UNION ALL SELECT max(decided) FROM members WHERE room = %s",
        *(room, room),
    )
    return max([now, *(number_in(what, last) for (last,) in rows if last is not None)])


async def invites_of(tables: Tables, room: int) -> list[Invite]:
    """All invites of a room, oldest first."""
    rows = await tables.rows(f"SELECT {INVITE} FROM invites WHERE room = %s ORDER BY id", room)
    return [read_invite(row) for row in rows]


async def members_of(tables: Tables, room: int) -> list[MemberRecord]:
    """All members of a room, oldest first."""
    rows = await tables.rows(f"SELECT {MEMBER} FROM members WHERE room = %s ORDER BY id", room)
    return [read_member(row) for row in rows]


async def list_invites(tables: Tables, room: str) -> list[Invite]:
    """All invites of a room by its name; see `membership.Membership.list_invites`."""
    return await invites_of(tables, (await existing_room(tables, room)).id)


async def list_members(tables: Tables, room: str) -> list[MemberRecord]:
    """All members of a room by its name; see `membership.Membership.list_members`."""
    return await members_of(tables, (await existing_room(tables, room)).id)


async def standings(tables: Tables, ids: Iterable[int]) -> dict[int, Standing]:
    """How some members stand, by their numbers."""
    rows = await tables.rows("SELECT id, role, name, removed FROM members WHERE id = ANY(%s)", list(ids))
    return {
        number: Standing(role_of("member", number, role), name, removed is not None)
        for number, role, name, removed in rows
    }
