"""The invites and members that a store knows, whichever database keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from cowrite_server.errors import DamagedRow
from cowrite_server.store.member_records import Invite, MemberRecord, Standing, require_numbers, role_of
from cowrite_server.store.rooms import existing_room
from cowrite_server.store.soundness import number_in
from cowrite_server.store.tables import Row, Tables

INVITE = "id, role, created, withdrawn, creator, expires, uses, used"
"""The columns of `read_invite`."""

MEMBER = "id, role, own, chosen, name, invite, joined, seen, decided, removed"
"""The columns of `read_member`."""


def read_invite(row: Row) -> Invite:
    """The invite of a row."""
    number, role, *others = row
    require_numbers("invite", number, others)
    return Invite(number, role_of("invite", number, role), *others)


def read_member(row: Row) -> MemberRecord:
    """The member of a row."""
    number, role, own, chosen, name, *others = row
    require_numbers("member", number, others)
    if not all(each is None or isinstance(each, str) for each in (chosen, name)):
        raise DamagedRow(f"member {number}", "its name is not valid")
    # SQLite has numbers for what is either true or false.
    return MemberRecord(number, role_of("member", number, role), bool(own), chosen, name, *others)


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
