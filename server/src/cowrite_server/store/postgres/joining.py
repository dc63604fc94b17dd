"""How PostgreSQL lets people in."""

from __future__ import annotations

from dataclasses import replace

from cowrite_server.store.member_rows import INVITE, MEMBER, read_invite, read_member
from cowrite_server.store.membership import Arrival, Joined, Known, MemberRecord
from cowrite_server.store.postgres.acts import changing, give_name, set_name
from cowrite_server.store.postgres.audit import last_acts, note
from cowrite_server.store.postgres.database import Connection
from cowrite_server.store.postgres.members import not_before
from cowrite_server.store.postgres.rooms import find_room
from cowrite_server.store.rules import Entrance, changes, deed_of, entrance
from cowrite_server.wire.protocol import Close


async def join(connection: Connection, arrival: Arrival, now: int) -> Joined | Close:
    """Lets somebody in, or says why not; see `membership.Membership.join`."""
    found = await _look(connection, arrival, now)
    if isinstance(found, Close):
        return found
    known, how = found
    if known.member is not None and not changes(arrival, known, how):
        return await _joined(connection, known, known.member, news=False)
    async with changing(connection, known.room.id):
        found = await _look(connection, arrival, now)  # others may have been faster
        if isinstance(found, Close):
            return found
        known, how = found
        member = await _enter(connection, arrival, known, how, now)
        if arrival.name is not None and member.own:
            await give_name(connection, known.room.id, member, arrival.name, now)
        return await _joined(connection, known, await _read(connection, member.id), news=True)


async def _look(connection: Connection, arrival: Arrival, now: int) -> tuple[Known, Entrance] | Close:
    room = await find_room(connection, arrival.room)
    if room is None:
        return Close.NOT_INVITED
    cursor = await connection.execute(
        f"SELECT {MEMBER} FROM cowrite_server.members WHERE room = %s AND own = %s AND secret = %s",
        (room.id, arrival.member is not None, arrival.secret),
    )
    member = await cursor.fetchone()
    cursor = await connection.execute(
        f"SELECT {INVITE} FROM cowrite_server.invites WHERE room = %s AND secret = %s", (room.id, arrival.invite)
    )
    invite = await cursor.fetchone()
    known = Known(
        room, None if member is None else read_member(member), None if invite is None else read_invite(invite)
    )
    if arrival.most is not None and known.is_no_member:
        known = replace(known, count=await _count(connection, room.id))
    how = entrance(arrival, known, now)
    return how if isinstance(how, Close) else (known, how)


async def _count(connection: Connection, room: int) -> int:
    cursor = await connection.execute(
        "SELECT count(*) FROM cowrite_server.members WHERE room = %s AND removed IS NULL", (room,)
    )
    (count,) = await cursor.fetchall()
    return int(count[0])


async def _enter(connection: Connection, arrival: Arrival, known: Known, how: Entrance, now: int) -> MemberRecord:
    """Makes or changes the member as the entrance says; gives it."""
    room, member, invite = known.room.id, known.member, known.invite
    if how is Entrance.KNOWN and member is not None:
        return member
    role, by = (arrival.role, None) if invite is None else (invite.role, invite.id)
    assert role is not None, "nobody joins without an invite or a token"
    decided = await not_before(connection, room, now)
    if member is None:
        cursor = await connection.execute(
            "INSERT INTO cowrite_server.members (room, role, own, secret, invite, joined, seen, decided) "
            f"VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING {MEMBER}",
            (room, role.value, arrival.member is not None, arrival.secret, by, now, now, decided),
        )
    else:
        cursor = await connection.execute(
            "UPDATE cowrite_server.members SET role = %s, invite = %s, decided = %s, removed = NULL WHERE id = %s "
            f"RETURNING {MEMBER}",
            (role.value, by, decided, member.id),
        )
    (entered,) = [read_member(row) for row in await cursor.fetchall()]
    await connection.execute("UPDATE cowrite_server.invites SET used = used + 1 WHERE id = %s", (by,))
    name = None
    if member is None and arrival.name is not None and entered.own:
        name = await set_name(connection, room, entered, arrival.name)
    await note(connection, room, now, entered.id, deed_of(known, entered.id, role, name))
    return await _read(connection, entered.id)


async def _read(connection: Connection, number: int) -> MemberRecord:
    cursor = await connection.execute(f"SELECT {MEMBER} FROM cowrite_server.members WHERE id = %s", (number,))
    (member,) = [read_member(row) for row in await cursor.fetchall()]
    return member


async def _joined(connection: Connection, known: Known, member: MemberRecord, *, news: bool) -> Joined:
    expires = None if member.own or known.invite is None else known.invite.expires
    act = (await last_acts(connection, [known.room.id])).get(known.room.id, 0)
    return Joined(known.room, member, expires, act, news)
