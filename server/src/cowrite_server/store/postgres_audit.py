"""The queries of the audit log in PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterable

from cowrite_server.audit import ActRecord, Deed, deed_as_kept
from cowrite_server.store.postgres_database import Connection
from cowrite_server.store.postgres_rooms import existing_room


async def note(connection: Connection, room: int, time: int, actor: int | None, deed: Deed) -> None:
    """Writes an act, inside the transaction that carries it out."""
    await connection.execute(
        "INSERT INTO cowrite_server.audit (room, time, actor, kind, details) VALUES (%s, %s, %s, %s, %s)",
        (room, time, actor, deed.kind.value, json.dumps(deed.details)),
    )


async def list_acts(connection: Connection, room: str | None, most: int, before: int | None = None) -> list[ActRecord]:
    """What was done, newest first; see `membership.Membership.list_acts`."""
    where, values = ["true"], []
    if room is not None:
        where.append("room = %s")
        values.append((await existing_room(connection, room)).id)
    if before is not None:
        where.append("audit.id < %s")
        values.append(before)
    cursor = await connection.execute(
        "SELECT audit.id, time, name, actor, kind, details::text "
        "FROM cowrite_server.audit JOIN cowrite_server.rooms ON rooms.id = room "
        f"WHERE {' AND '.join(where)} ORDER BY audit.id DESC LIMIT %s",
        (*values, most),
    )
    return [
        ActRecord(number, time, name, actor, deed_as_kept(number, kind, details))
        for number, time, name, actor, kind, details in await cursor.fetchall()
    ]


async def last_acts(connection: Connection, rooms: Iterable[int]) -> dict[int, int]:
    """The number of the latest act in each of some rooms that have any."""
    cursor = await connection.execute(
        "SELECT room, max(id) FROM cowrite_server.audit WHERE room = ANY(%s) GROUP BY room", (list(rooms),)
    )
    return dict(await cursor.fetchall())
