"""The queries of rooms in SQLite. Runs on the thread of the connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from cowrite_server.errors import NoSuchRoom, RoomForgotten
from cowrite_server.store.records import RoomRecord, new_epoch
from cowrite_server.store.soundness import room_as_kept
from cowrite_server.store.sqlite.database import failures, transaction


def find_room(connection: sqlite3.Connection, name: str) -> RoomRecord | None:
    """The room of this name, or None."""
    with failures():
        row = connection.execute("SELECT id, name, epoch FROM rooms WHERE name = ?", (name,)).fetchone()
    return None if row is None else room_as_kept(*row)


def existing_room(connection: sqlite3.Connection, name: str) -> RoomRecord:
    """The room of this name.

    Raises:
        NoSuchRoom: there is none.
    """
    room = find_room(connection, name)
    if room is None:
        raise NoSuchRoom(name)
    return room


def ensure_room(connection: sqlite3.Connection, name: str, now: int, *, anew: bool = False) -> RoomRecord:
    """The room of this name, made if there is none; see `store.Store.ensure_room`."""
    found = find_room(connection, name)
    if found is not None:
        return found
    with transaction(connection):
        if not anew and was_forgotten(connection, name) and find_room(connection, name) is None:
            raise RoomForgotten(name)
        # A server may still have records for a room that was forgotten, under its key.
        connection.execute(
            "INSERT INTO rooms (id, name, epoch, created) SELECT 1 + max(ifnull((SELECT max(id) FROM rooms), 0), "
            "ifnull((SELECT max(room) FROM forgotten), 0)), ?, ?, ? WHERE TRUE ON CONFLICT (name) DO NOTHING",
            (name, new_epoch(), now),
        )
        return existing_room(connection, name)


def was_forgotten(connection: sqlite3.Connection, name: str, epoch: str | None = None) -> bool:
    """Whether a room of this name, and of this epoch where one is given, was forgotten."""
    with failures():
        row = connection.execute(
            "SELECT 1 FROM forgotten WHERE name = ?1 AND (?2 IS NULL OR epoch = ?2)", (name, epoch)
        ).fetchone()
    return row is not None


def gone(connection: sqlite3.Connection, rooms: Iterable[int]) -> set[int]:
    """Those of some rooms that were forgotten."""
    with failures():
        rows = connection.execute(
            "SELECT room FROM forgotten WHERE room IN (SELECT value FROM json_each(?))", (json.dumps(list(rooms)),)
        )
        return {room for (room,) in rows}
