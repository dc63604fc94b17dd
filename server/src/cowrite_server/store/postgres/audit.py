"""The queries of the audit log in PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterable

from cowrite_server.audit import ActRecord, Deed, act_as_kept
from cowrite_server.errors import NoSuchRoom
from cowrite_server.store.postgres.database import Connection
from cowrite_server.store.postgres.rooms import find_room, was_forgotten


async def note(connection: Connection, room: int | None, time: int, actor: int | None, deed: Deed) -> None:
    """Writes an act, inside the transaction that carries it out; none of a room that was forgotten."""
    await connection.execute(
        "INSERT INTO cowrite_server.audit (room, time, actor, kind, details) SELECT %(room)s::bigint, %(time)s, "
        "%(actor)s::bigint, %(kind)s, %(details)s::json "
        "WHERE NOT EXISTS (SELECT FROM cowrite_server.forgotten WHERE room = %(room)s)",
        {"room": room, "time": time, "actor": actor, "kind": deed.kind.value, "details": json.dumps(deed.details)},
    )


async def list_acts(connection: Connection, room: str | None, most: int, before: int | None = None) -> list[ActRecord]:
    """What was done, newest first; see `membership.Membership.list_acts`."""
    where: list[str] = ["true"]
    values: list[int | str | None] = []
    if room is not None:
        record = await find_room(connection, room)
        if record is None and not await was_forgotten(connection, room):
            raise NoSuchRoom(room)
        where.append("(room = %s OR (room IS NULL AND details ->> 'room' = %s))")
        values += [None if record is None else record.id, room]
    if before is not None:
        where.append("audit.id < %s")
        values.append(before)
    cursor = await connection.execute(
        "SELECT audit.id, time, name, actor, kind, details::text "
        "FROM cowrite_server.audit LEFT JOIN cowrite_server.rooms ON rooms.id = room "
        f"WHERE {' AND '.join(where)} ORDER BY audit.id DESC LIMIT %s",
        (*values, most),
    )
    return [act_as_kept(*row) for row in await cursor.fetchall()]


async def last_acts(connection: Connection, rooms: Iterable[int]) -> dict[int, int]:
    """The number of the latest act in each of some rooms that have any."""
    # Grouped, it would read all that was ever done there.
    cursor = await connection.execute(
        "SELECT asked.room, last.id FROM unnest(%s::bigint[]) AS asked (room), LATERAL "
        "(SELECT id FROM cowrite_server.audit WHERE audit.room = asked.room ORDER BY id DESC LIMIT 1) AS last",
        (list(rooms),),
    )
    return dict(await cursor.fetchall())
