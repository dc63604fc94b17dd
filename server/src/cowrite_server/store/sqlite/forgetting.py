"""How SQLite forgets a room. Runs on the thread of the connection."""

from __future__ import annotations

import sqlite3
from time import monotonic, sleep

from cowrite_server import audit
from cowrite_server.errors import NoSuchRoom
from cowrite_server.store.audit import note
from cowrite_server.store.records import ROOM_TABLES
from cowrite_server.store.rewriting import asides
from cowrite_server.store.rooms import existing_room, find_room
from cowrite_server.store.sqlite.database import failures, reason, transaction
from cowrite_server.store.sqlite.tables import at_once

_PATIENCE, _PAUSE = 30.0, 0.05
"""Seconds for which it is tried to empty the write-ahead log, and between two attempts."""

_OWN_BLOBS = (
    "DELETE FROM blobs WHERE hash IN (SELECT hash FROM room_blobs WHERE room = ?1) "
    "AND hash NOT IN (SELECT hash FROM room_blobs WHERE room <> ?1)"
)


def forget_room(connection: sqlite3.Connection, name: str, now: int) -> None:
    """Removes a room for good; see `store.Store.forget_room`."""
    with failures():
        # SQLite would look through the updates of all rooms for each member that goes; what refers to what goes, goes.
        connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(connection):
            if at_once(find_room)(connection, name) is None:
                raise NoSuchRoom(name)
            for each in [*at_once(asides)(connection, name), name]:
                _forget(connection, each, now)
    finally:
        with failures():
            connection.execute("PRAGMA foreign_keys = ON")


def wipe(connection: sqlite3.Connection) -> str:
    """Writes the database anew, without what was deleted; see `store.Store.wipe`."""
    try:
        # Also what was deleted earlier, when single updates were dropped, and what moving rows about has left.
        connection.execute("VACUUM")
    except sqlite3.Error as error:
        return (
            f"Its file could not be written anew ({reason(error)}) and may still hold traces of what was removed; run "
            "the command again."
        )
    end = monotonic() + _PATIENCE
    while not _empty_log(connection):  # as long as a server writes its log into the database, too
        if monotonic() > end:
            return (
                "Another command reads the database, and its write-ahead log may hold traces until that ends; run the "
                "command again."
            )
        sleep(_PAUSE)
    return ""


def _empty_log(connection: sqlite3.Connection) -> bool:
    try:
        [(busy, *_)] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError:
        return False
    return not busy


def _forget(connection: sqlite3.Connection, name: str, now: int) -> None:
    room = at_once(existing_room)(connection, name)
    # First, so that no later act gets the number of one that goes.
    at_once(note)(connection, None, now, None, audit.room_forgotten(name))
    connection.execute("INSERT INTO forgotten VALUES (?, ?, ?, ?)", (room.id, name, room.epoch, now))
    connection.execute(_OWN_BLOBS, (room.id,))
    for table in ROOM_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE room = ?", (room.id,))
    connection.execute("DELETE FROM rooms WHERE id = ?", (room.id,))
