"""How SQLite lets people in. Runs on the thread of the connection."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from cowrite_server.store.member_rows import INVITE, MEMBER, read_invite, read_member
from cowrite_server.store.membership import Arrival, Joined, Known, MemberRecord
from cowrite_server.store.rules import Entrance, changes, deed_of, entrance
from cowrite_server.store.sqlite.acts import give_name, set_name
from cowrite_server.store.sqlite.audit import last_act, note
from cowrite_server.store.sqlite.database import transaction
from cowrite_server.store.sqlite.members import not_before
from cowrite_server.store.sqlite.rooms import find_room
from cowrite_server.wire.protocol import Close


def join(connection: sqlite3.Connection, arrival: Arrival, now: int) -> Joined | Close:
    """Lets somebody in, or says why not; see `membership.Membership.join`."""
    with transaction(connection, "DEFERRED"):
        found = _look(connection, arrival, now)
        if isinstance(found, Close):
            return found
        known, how = found
        if known.member is not None and not changes(arrival, known, how):
            return _joined(connection, known, known.member, news=False)
    with transaction(connection):
        found = _look(connection, arrival, now)  # others may have been faster
        if isinstance(found, Close):
            return found
        known, how = found
        member = _enter(connection, arrival, known, how, now)
        if arrival.name is not None and member.own:
            give_name(connection, known.room.id, member, arrival.name, now)
        return _joined(connection, known, _read(connection, member.id), news=True)


def _look(connection: sqlite3.Connection, arrival: Arrival, now: int) -> tuple[Known, Entrance] | Close:
    room = find_room(connection, arrival.room)
    if room is None:
        return Close.NOT_INVITED
    member = connection.execute(
        f"SELECT {MEMBER} FROM members WHERE room = ? AND own = ? AND secret = ?",
        (room.id, arrival.member is not None, arrival.secret),
    ).fetchone()
    invite = connection.execute(
        f"SELECT {INVITE} FROM invites WHERE room = ? AND secret = ?", (room.id, arrival.invite)
    ).fetchone()
    known = Known(
        room, None if member is None else read_member(member), None if invite is None else read_invite(invite)
    )
    if arrival.most is not None and known.is_no_member:
        known = replace(known, count=_count(connection, room.id))
    how = entrance(arrival, known, now)
    return how if isinstance(how, Close) else (known, how)


def _count(connection: sqlite3.Connection, room: int) -> int:
    (count,) = connection.execute("SELECT count(*) FROM members WHERE room = ? AND removed IS NULL", (room,)).fetchone()
    return int(count)


def _enter(connection: sqlite3.Connection, arrival: Arrival, known: Known, how: Entrance, now: int) -> MemberRecord:
    """Makes or changes the member as the entrance says; gives it."""
    room, member, invite = known.room.id, known.member, known.invite
    if how is Entrance.KNOWN and member is not None:
        return member
    role, by = (arrival.role, None) if invite is None else (invite.role, invite.id)
    assert role is not None, "nobody joins without an invite or a token"
    decided = not_before(connection, room, now)
    if member is None:
        cursor = connection.execute(
            "INSERT INTO members (room, role, own, secret, invite, joined, seen, decided) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)",
            (room, role.value, arrival.member is not None, arrival.secret, by, now, decided),
        )
        number = cursor.lastrowid
        assert number is not None
    else:
        number = member.id
        connection.execute(
            "UPDATE members SET role = ?, invite = ?, decided = ?, removed = NULL WHERE id = ?",
            (role.value, by, decided, number),
        )
    connection.execute("UPDATE invites SET used = used + 1 WHERE id = ?", (by,))
    entered = _read(connection, number)
    name = None
    if member is None and arrival.name is not None and entered.own:
        name = set_name(connection, room, entered, arrival.name)
    note(connection, room, now, number, deed_of(known, number, role, name))
    return _read(connection, number)


def _read(connection: sqlite3.Connection, number: int) -> MemberRecord:
    return read_member(connection.execute(f"SELECT {MEMBER} FROM members WHERE id = ?", (number,)).fetchone())


def _joined(connection: sqlite3.Connection, known: Known, member: MemberRecord, *, news: bool) -> Joined:
    expires = None if member.own or known.invite is None else known.invite.expires
    return Joined(known.room, member, expires, last_act(connection, known.room.id), news)
