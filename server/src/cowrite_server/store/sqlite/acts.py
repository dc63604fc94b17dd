"""What owners, members and the host do about invites and members in SQLite. Runs on the thread of the connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from cowrite_server import audit
from cowrite_server.errors import LastOwner, NoSuchInvite, NoSuchMember
from cowrite_server.store.membership import Invite, MemberRecord
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.rules import find_member, has_owner, require_own_word, require_owner
from cowrite_server.store.sqlite.audit import note
from cowrite_server.store.sqlite.database import transaction
from cowrite_server.store.sqlite.members import invites_of, members_of, not_before
from cowrite_server.store.sqlite.rooms import existing_room
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.names import free_name
from cowrite_server.wire.protocol import Role


def add_invite(
    connection: sqlite3.Connection, room: int, wish: InviteWish, secret: bytes, now: int, actor: int | None = None
) -> Invite:
    """Keeps a new invite."""
    with transaction(connection):
        require_owner(members_of(connection, room), actor)
        created = not_before(connection, room, now - 1) + 1
        cursor = connection.execute(
            "INSERT INTO invites (room, role, secret, created, creator, expires, uses, used) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            (room, wish.role.value, secret, created, actor, wish.expires, wish.uses),
        )
        assert cursor.lastrowid is not None
        note(connection, room, now, actor, audit.invited(cursor.lastrowid, wish))
    return Invite(cursor.lastrowid, wish.role, created, None, actor, wish.expires, wish.uses)


def withdraw(
    connection: sqlite3.Connection,
    room: str,
    ids: Sequence[int] | None,
    now: int,
    *,
    keep_members: bool = False,
    actor: int | None = None,
) -> list[int]:
    """Withdraws invites of a room; gives those that were good until now."""
    with _acting(connection, room, now, actor) as (record, members):
        known = {invite.id: invite for invite in invites_of(connection, record.id)}
        for number in ids or ():
            if number not in known:
                raise NoSuchInvite(room, number)
        good = [number for number in (known if ids is None else dict.fromkeys(ids)) if known[number].withdrawn is None]
        for number in good:
            cut = [each.id for each in members if each.goes_with(number, keep_members)]
            connection.execute("UPDATE invites SET withdrawn = ? WHERE id = ?", (now, number))
            _remove(connection, record.id, cut, now)
            note(connection, record.id, now, actor, audit.withdrawn(number, cut))
    return good


def set_role(
    connection: sqlite3.Connection, room: str, member: int, role: Role, now: int, actor: int | None = None
) -> None:
    """Gives a member another role."""
    with _acting(connection, room, now, actor) as (record, members):
        found = find_member(room, members, member)
        require_own_word(room, found)
        decided = not_before(connection, record.id, now)
        connection.execute("UPDATE members SET role = ?, decided = ? WHERE id = ?", (role.value, decided, member))
        note(connection, record.id, now, actor, audit.role_changed(member, found.role, role))


def remove_member(connection: sqlite3.Connection, room: str, member: int, now: int, actor: int | None = None) -> None:
    """Removes a member."""
    with _acting(connection, room, now, actor) as (record, members):
        _remove(connection, record.id, [find_member(room, members, member).id], now)
        note(connection, record.id, now, actor, audit.removed(member))


def rename(connection: sqlite3.Connection, room: str, member: int, chosen: str, now: int) -> str:
    """Gives a member the name that it chose; gives what the others see it called."""
    with transaction(connection):
        record = existing_room(connection, room)
        found = find_member(room, members_of(connection, record.id), member)
        if not found.own:
            raise NoSuchMember(room, member)
        require_own_word(room, found)
        return give_name(connection, record.id, found, chosen, now)


def give_name(connection: sqlite3.Connection, room: int, member: MemberRecord, chosen: str, now: int) -> str:
    """The same inside a transaction, for a member that is known."""
    name = set_name(connection, room, member, chosen)
    if (chosen, name) != (member.chosen, member.name):
        note(connection, room, now, member.id, audit.renamed(member.name, name))
    return name


def set_name(connection: sqlite3.Connection, room: int, member: MemberRecord, chosen: str) -> str:
    """The same without an act of its own."""
    rows = connection.execute(
        "SELECT name FROM members WHERE room = ? AND id <> ? AND name IS NOT NULL", (room, member.id)
    )
    name = free_name(chosen, {taken for (taken,) in rows})
    if (chosen, name) != (member.chosen, member.name):
        connection.execute("UPDATE members SET chosen = ?, name = ? WHERE id = ?", (chosen, name, member.id))
    return name


def saw(connection: sqlite3.Connection, ids: Iterable[int], until: int) -> None:
    """Notes that some members were connected until then, or will be."""
    with transaction(connection):
        connection.execute(
            "UPDATE members SET seen = ? WHERE id IN (SELECT value FROM json_each(?))", (until, json.dumps(list(ids)))
        )


@contextmanager
def _acting(
    connection: sqlite3.Connection, name: str, now: int, actor: int | None
) -> Iterator[tuple[RoomRecord, list[MemberRecord]]]:
    """A transaction in which an owner or the host acts; gives the room and its members as they were before."""
    with transaction(connection):
        room = existing_room(connection, name)
        members = members_of(connection, room.id)
        require_owner(members, actor)
        yield room, members
        if actor is not None and not has_owner(members_of(connection, room.id), invites_of(connection, room.id), now):
            raise LastOwner(name)


def _remove(connection: sqlite3.Connection, room: int, ids: Sequence[int], now: int) -> None:
    decided = not_before(connection, room, now)
    connection.executemany(
        "UPDATE members SET removed = ?, decided = ? WHERE id = ?", [(now, decided, each) for each in ids]
    )
