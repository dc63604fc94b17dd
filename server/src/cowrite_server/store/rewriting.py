"""A room whose log begins anew, whichever database keeps it; what it was stays beside it, as a room without people."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from secrets import token_bytes

from cowrite_server import audit
from cowrite_server.errors import NoSuchRoom, ServerError
from cowrite_server.store.audit import note
from cowrite_server.store.records import LEAST_BLOB_COST, Moment, RoomRecord, Snapshot, new_epoch
from cowrite_server.store.rooms import existing_room
from cowrite_server.store.tables import Tables

_PEOPLE = ("members", "invites", "audit", "sealed", "opened")
"""Tables with what a room keeps when its log begins anew."""

_LONGEST = 96
"""Characters of a room's name that the name of what it was begins with; a longer one is told by its hash."""

_SECRET_BYTES = 32

_STAMP = re.compile(r"\.before-\d{8}T\d{9}$")


class BegunAnew(ServerError):
    """A room's log has begun anew by somebody else's doing, and what was to become of the one before is for nothing."""

    def __init__(self, name: str, kept: str) -> None:
        super().__init__(
            f"The room {name} was rewritten or put back by another command meanwhile (what it was is kept as {kept}), "
            "and this one has changed nothing; if it is still slow, run this again."
        )
        self.name = name
        self.kept = kept


def aside_name(room: str, now: int) -> str:
    """What the room is called that keeps what another one was.

    Args:
        room: the other one's name.
        now: milliseconds since 1970.
    """
    seconds, milliseconds = divmod(now, 1000)
    return f"{_head(room)}.before-{datetime.fromtimestamp(seconds, UTC):%Y%m%dT%H%M%S}{milliseconds:03}"


def is_kept(name: str) -> bool:
    """Whether a name is that of what some room was."""
    return _STAMP.search(name) is not None


def is_aside(name: str, room: str) -> bool:
    """Whether a name is that of what a room was."""
    head = _head(room)
    return name.startswith(head) and _STAMP.fullmatch(name, len(head)) is not None


async def asides(tables: Tables, room: str) -> list[str]:
    """The names of all that a room was, the oldest first."""
    rows = await tables.rows("SELECT name FROM rooms WHERE name LIKE %s ORDER BY name", f"{_head(room)}.before-%")
    return [name for (name,) in rows if is_aside(name, room)]


async def begin_anew(tables: Tables, room: RoomRecord, last: int, snapshot: Snapshot, moment: Moment, now: int) -> str:
    """Has a room's log begin anew; see `store.Store.begin_anew`."""
    aside = aside_name(room.name, now)
    async with tables.changing_boxes(room.id), tables.changing(room.id):
        found = await tables.row("SELECT name FROM rooms WHERE id = %s", room.id)
        if found is None:
            raise NoSuchRoom(room.name)
        if found[0] != room.name:
            raise BegunAnew(room.name, found[0])
        if (await tables.last_numbers([room.id])).get(room.id, 0) != last:
            return ""
        [(created, blob_bytes)] = await tables.rows("SELECT created, blob_bytes FROM rooms WHERE id = %s", room.id)
        await tables.run("UPDATE rooms SET name = %s WHERE id = %s", aside, room.id)
        await tables.make_room(room.name, new_epoch(), created, anew=True, last=snapshot.seq)
        new = (await existing_room(tables, room.name)).id
        await tables.run(
            "INSERT INTO snapshots (room, seq, time, data) VALUES (%s, %s, %s, %s)",
            *(new, snapshot.seq, snapshot.time, snapshot.data),
        )
        await tables.write_moments(new, [moment])
        await tables.run("INSERT INTO room_blobs SELECT %s::bigint, hash FROM room_blobs WHERE room = %s", new, room.id)
        await tables.run("UPDATE rooms SET blob_bytes = %s WHERE id = %s", blob_bytes, new)
        await _hand_over(tables, room.id, new)
        await note(tables, new, now, None, audit.room_rewritten(aside))
    await tables.clean_up_boxes()
    return aside


async def put_back(tables: Tables, name: str, aside: str, now: int) -> str:
    """Puts what a room was in its place again; see `store.Store.put_back`."""
    room = await existing_room(tables, name)
    kept = aside_name(name, now)
    async with tables.changing_boxes(room.id), tables.changing(room.id):
        if not is_aside(aside, name):
            raise NoSuchRoom(aside)
        other = await existing_room(tables, aside)
        for number, called in ((room.id, kept), (other.id, name)):
            await tables.run("UPDATE rooms SET name = %s WHERE id = %s", called, number)
        await tables.run(
            "INSERT INTO room_blobs SELECT %s::bigint, hash FROM room_blobs WHERE room = %s AND hash NOT IN "
            "(SELECT hash FROM room_blobs WHERE room = %s)",
            *(other.id, room.id, other.id),
        )
        await tables.run(
            "UPDATE rooms SET blob_bytes = (SELECT coalesce(sum(CASE WHEN length(data) > %s THEN length(data) ELSE %s "
            "END), 0) FROM blobs JOIN room_blobs USING (hash) WHERE room = rooms.id) WHERE id = %s",
            *(LEAST_BLOB_COST, LEAST_BLOB_COST, other.id),
        )
        await _send_away(tables, other.id, now)
        await _hand_over(tables, room.id, other.id)
        await note(tables, other.id, now, None, audit.room_put_back(kept))
    await tables.clean_up_boxes()
    return kept


async def _hand_over(tables: Tables, room: int, to: int) -> None:
    for table in _PEOPLE:
        await tables.run(f"UPDATE {table} SET room = %s WHERE room = %s", to, room)


async def _send_away(tables: Tables, room: int, now: int) -> None:
    """Has the people of a room go to which others come, so that nobody is there twice."""
    await tables.run("UPDATE invites SET withdrawn = coalesce(withdrawn, %s) WHERE room = %s", now, room)
    for (member,) in await tables.rows("SELECT id FROM members WHERE room = %s", room):
        await tables.run(
            "UPDATE members SET removed = coalesce(removed, %s), secret = %s WHERE id = %s",
            *(now, token_bytes(_SECRET_BYTES), member),
        )


def _head(room: str) -> str:
    return room if len(room) <= _LONGEST else hashlib.sha256(room.encode()).hexdigest()
