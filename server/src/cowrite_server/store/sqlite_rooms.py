"""The queries of rooms in SQLite. Runs on the thread of the connection."""

from __future__ import annotations

import sqlite3

from cowrite_server.errors import NoSuchRoom
from cowrite_server.store.records import RoomRecord, new_epoch
from cowrite_server.store.sqlite_database import failures, transaction


def find_room(connection: sqlite3.Connection, name: str) -> RoomRecord | None:
    """The room of this name, or None."""
    with failures():
        row = connection.execute("SELECT id, name, epoch FROM rooms WHERE name = ?", (name,)).fetchone()
    return None if row is None else RoomRecord(*row)


def existing_room(connection: sqlite3.Connection, name: str) -> RoomRecord:
    """The room of this name.

    Raises:
        NoSuchRoom: there is none.
    """
    room = find_room(connection, name)
    if room is None:
        raise NoSuchRoom(name)
    return room


def ensure_room(connection: sqlite3.Connection, name: str, now: int) -> RoomRecord:
    """The room of this name, made if there is none."""
    found = find_room(connection, name)
    if found is not None:
        return found
    with transaction(connection):
        connection.execute(
            "INSERT INTO rooms (name, epoch, created) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
            (name, new_epoch(), now),
        )
        return existing_room(connection, name)
