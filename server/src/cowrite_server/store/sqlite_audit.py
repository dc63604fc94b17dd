"""The queries of the audit log in SQLite. Runs on the thread of the connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from cowrite_server.audit import ActRecord, Deed, deed_as_kept
from cowrite_server.store.sqlite_database import failures
from cowrite_server.store.sqlite_rooms import existing_room


def note(connection: sqlite3.Connection, room: int, time: int, actor: int | None, deed: Deed) -> int:
    """Writes an act, inside the transaction that carries it out; gives its number."""
    cursor = connection.execute(
        "INSERT INTO audit (room, time, actor, kind, details) VALUES (?, ?, ?, ?, ?)",
        (room, time, actor, deed.kind.value, json.dumps(deed.details)),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def list_acts(
    connection: sqlite3.Connection, room: str | None, most: int, before: int | None = None
) -> list[ActRecord]:
    """What was done, newest first; see `membership.Membership.list_acts`."""
    with failures():
        where = "" if room is None else f"AND room = {existing_room(connection, room).id}"
        rows = connection.execute(
            "SELECT audit.id, time, name, actor, kind, details FROM audit JOIN rooms ON rooms.id = room "
            f"WHERE (?1 IS NULL OR audit.id < ?1) {where} ORDER BY audit.id DESC LIMIT ?2",
            (before, most),
        ).fetchall()
    return [
        ActRecord(number, time, name, actor, deed_as_kept(number, kind, details))
        for number, time, name, actor, kind, details in rows
    ]


def last_act(connection: sqlite3.Connection, room: int) -> int:
    """The number of a room's latest act, 0 for none."""
    row = connection.execute("SELECT max(id) FROM audit WHERE room = ?", (room,)).fetchone()
    return row[0] or 0


def last_acts(connection: sqlite3.Connection, rooms: Iterable[int]) -> dict[int, int]:
    """The number of the latest act in each of some rooms that have any."""
    with failures():
        return {room: last for room in rooms if (last := last_act(connection, room))}
