"""The audit log of a store, whichever database keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from cowrite_server.audit import ActRecord, Deed, act_as_kept, room_forgotten
from cowrite_server.errors import NoSuchRoom
from cowrite_server.store.rooms import find_room, was_forgotten
from cowrite_server.store.tables import Tables, Value


async def note(tables: Tables, room: int | None, time: int, actor: int | None, deed: Deed) -> None:
    """Writes an act, inside the transaction that carries it out; none of a room that was forgotten."""
    await tables.run(
        "INSERT INTO audit (room, time, actor, kind, details) SELECT %s::bigint, %s, %s::bigint, %s, %s::json "
        "WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE room = %s)",
        *(room, time, actor, deed.kind.value, json.dumps(deed.details), room),
    )


async def list_acts(tables: Tables, room: str | None, most: int, before: int | None = None) -> list[ActRecord]:
    """What was done, newest first; see `membership.Membership.list_acts`."""
    where = "true"
    values: list[Value] = []
    if room is not None:
        record = await find_room(tables, room)
        if record is None and not await was_forgotten(tables, room):
            raise NoSuchRoom(room)
        where += " AND (room = %s OR (room IS NULL AND details::text = %s))"
        values += [None if record is None else record.id, json.dumps(room_forgotten(room).details)]
    if before is not None:
        where += " AND audit.id < %s"
        values.append(before)
    rows = await tables.rows(
        "SELECT audit.id, time, name, actor, kind, details::text FROM audit LEFT JOIN rooms ON rooms.id = room "
        f"WHERE {where} ORDER BY audit.id DESC LIMIT %s",
        *(*values, most),
    )
    return [act_as_kept(*row) for row in rows]


async def last_acts(tables: Tables, rooms: Iterable[int]) -> dict[int, int]:
    """The number of the latest act in each of some rooms that have any."""
    # Grouped, it would read all that was ever done there.
    found = await tables.rows(
        "SELECT id, (SELECT max(audit.id) FROM audit WHERE room = rooms.id) FROM rooms WHERE id = ANY(%s)", list(rooms)
    )
    return {room: last for room, last in found if last is not None}
