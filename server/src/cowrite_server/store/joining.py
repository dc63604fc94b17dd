"""How people are let in, whichever database keeps them."""

from __future__ import annotations

from dataclasses import replace

from cowrite_server.store.acts import give_name, set_name
from cowrite_server.store.audit import last_acts, note
from cowrite_server.store.member_records import NOBODY_DECIDED, Arrival, Joined, Known, MemberRecord
from cowrite_server.store.members import INVITE, MEMBER, read_invite, read_member
from cowrite_server.store.rooms import find_room
from cowrite_server.store.rules import Entrance, changes, deed_of, entrance
from cowrite_server.store.tables import Tables
from cowrite_server.wire.protocol import Close


async def join(tables: Tables, arrival: Arrival, now: int) -> Joined | Close:
    """Lets somebody in, or says why not; see `membership.Membership.join`."""
    found = await _look(tables, arrival, now)
    if isinstance(found, Close):
        return found
    known, how, act = found
    if known.member is not None and not changes(arrival, known, how):
        return _joined(known, known.member, act, news=False)
    room = known.room.id
    async with tables.changing(room):
        found = await _look(tables, arrival, now)  # others may have been faster
        if isinstance(found, Close):
            return found
        known, how, _ = found
        member = await _enter(tables, arrival, known, how, now)
        if arrival.name is not None and member.own:
            await give_name(tables, room, member, arrival.name, now)
        return _joined(known, await _read(tables, member.id), await _last_act(tables, room), news=True)


async def _look(tables: Tables, arrival: Arrival, now: int) -> tuple[Known, Entrance, int] | Close:
    """What is known of somebody, how they come in, and the latest act that can have a part in that; or why not."""
    room = await find_room(tables, arrival.room)
    if room is None:
        return Close.NOT_INVITED
    act = await _last_act(tables, room.id)  # first: whatever is done from here on is news
    member = await tables.row(
        f"SELECT {MEMBER} FROM members WHERE room = %s AND own = %s AND secret = %s",
        *(room.id, arrival.member is not None, arrival.secret),
    )
    invite = await tables.row(f"SELECT {INVITE} FROM invites WHERE room = %s AND secret = %s", room.id, arrival.invite)
    known = Known(
        room, None if member is None else read_member(member), None if invite is None else read_invite(invite)
    )
    if arrival.most is not None and known.is_no_member:
        known = replace(known, count=await _count(tables, room.id))
    how = entrance(arrival, known, now)
    return how if isinstance(how, Close) else (known, how, act)


async def _count(tables: Tables, room: int) -> int:
    [(count,)] = await tables.rows("SELECT count(*) FROM members WHERE room = %s AND removed IS NULL", room)
    return int(count)


async def _enter(tables: Tables, arrival: Arrival, known: Known, how: Entrance, now: int) -> MemberRecord:
    """Makes or changes the member as the entrance says; gives it."""
    room, member, invite = known.room.id, known.member, known.invite
    if how is Entrance.KNOWN and member is not None:
        return member
    role, by = (arrival.role, None) if invite is None else (invite.role, invite.id)
    assert role is not None, "nobody joins without an invite or a token"
    if member is None:
        number = await tables.insert(
            "INSERT INTO members (room, role, own, secret, invite, joined, seen, decided) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            *(room, role.value, arrival.member is not None, arrival.secret, by, now, now, NOBODY_DECIDED),
        )
    else:
        number = member.id
        await tables.run(
            "UPDATE members SET role = %s, invite = %s, removed = NULL WHERE id = %s",
            *(role.value, by, number),
        )
    await tables.run("UPDATE invites SET used = used + 1 WHERE id = %s", by)
    entered = await _read(tables, number)
    name = None
    if member is None and arrival.name is not None and entered.own:
        name = await set_name(tables, room, entered, arrival.name)
    await note(tables, room, now, number, deed_of(known, number, role, name))
    return await _read(tables, number)


async def _read(tables: Tables, number: int) -> MemberRecord:
    [row] = await tables.rows(f"SELECT {MEMBER} FROM members WHERE id = %s", number)
    return read_member(row)


async def _last_act(tables: Tables, room: int) -> int:
    return (await last_acts(tables, [room])).get(room, 0)


def _joined(known: Known, member: MemberRecord, act: int, *, news: bool) -> Joined:
    expires = None if member.own or known.invite is None else known.invite.expires
    return Joined(known.room, member, expires, act, news)
