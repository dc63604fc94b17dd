"""The queries of invites and members in SQLite that change nothing. Runs on the thread of the connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from cowrite_server.store.member_rows import INVITE, MEMBER, read_invite, read_member
from cowrite_server.store.membership import Invite, MemberRecord, Standing, role_of
from cowrite_server.store.soundness import number_in
from cowrite_server.store.sqlite.database import failures
from cowrite_server.store.sqlite.rooms import existing_room


def not_before(connection: sqlite3.Connection, room: int, now: int) -> int:
    """When something is decided about a room's people: now, and not before anything that was, whatever clocks say.

    What came first decides whether an invite brings somebody back; see `rules.entrance`.
    """
    row = connection.execute(
        "SELECT max(?2, ifnull((SELECT max(created) FROM invites WHERE room = ?1), 0), "
        "ifnull((SELECT max(decided) FROM members WHERE room = ?1), 0))",
        (room, now),
    ).fetchone()
    return number_in(f"an invite or a member of the room with the key {room}", row[0])


def invites_of(connection: sqlite3.Connection, room: int) -> list[Invite]:
    """All invites of a room, oldest first."""
    with failures():
        rows = connection.execute(f"SELECT {INVITE} FROM invites WHERE room = ? ORDER BY id", (room,))
        return [read_invite(row) for row in rows]


def members_of(connection: sqlite3.Connection, room: int) -> list[MemberRecord]:
    """All members of a room, oldest first."""
    with failures():
        rows = connection.execute(f"SELECT {MEMBER} FROM members WHERE room = ? ORDER BY id", (room,))
        return [read_member(row) for row in rows]


def list_invites(connection: sqlite3.Connection, room: str) -> list[Invite]:
    """All invites of a room by its name; see `membership.Membership.list_invites`."""
    return invites_of(connection, existing_room(connection, room).id)


def list_members(connection: sqlite3.Connection, room: str) -> list[MemberRecord]:
    """All members of a room by its name; see `membership.Membership.list_members`."""
    return members_of(connection, existing_room(connection, room).id)


def standings(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Standing]:
    """How some members stand, by their numbers."""
    with failures():
        rows = connection.execute(
            "SELECT id, role, name, removed FROM members WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {
            number: Standing(role_of("member", number, role), name, removed is not None)
            for number, role, name, removed in rows
        }
