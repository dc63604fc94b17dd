"""The queries of the audit log in SQLite. Runs on the thread of the connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from cowrite_server.audit import ActRecord, Deed, act_as_kept
from cowrite_server.errors import NoSuchRoom
from cowrite_server.store.sqlite.database import failures
from cowrite_server.store.sqlite.rooms import find_room, was_forgotten


def note(connection: sqlite3.Connection, room: int | None, time: int, actor: int | None, deed: Deed) -> int:
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
        record = None if room is None else find_room(connection, room)
        if room is not None and record is None and not was_forgotten(connection, room):
            raise NoSuchRoom(room)
        of_room = (
            "AND (room = :room OR (room IS NULL AND json_valid(details) AND json_extract(details, '$.room') = :name))"
        )
        rows = connection.execute(
            "SELECT audit.id, time, name, actor, kind, details FROM audit LEFT JOIN rooms ON rooms.id = room "
            f"WHERE (:before IS NULL OR audit.id < :before) {'' if room is None else of_room} "
            "ORDER BY audit.id DESC LIMIT :most",
            {"before": before, "most": most, "room": None if record is None else record.id, "name": room},
        ).fetchall()
    return [act_as_kept(*row) for row in rows]


def last_act(connection: sqlite3.Connection, room: int) -> int:
    """The number of a room's latest act, 0 for none."""
    row = connection.execute("SELECT max(id) FROM audit WHERE room = ?", (room,)).fetchone()
    return row[0] or 0


def last_acts(connection: sqlite3.Connection, rooms: Iterable[int]) -> dict[int, int]:
    """The number of the latest act in each of some rooms that have any."""
    with failures():
        return {room: last for room in rooms if (last := last_act(connection, room))}
