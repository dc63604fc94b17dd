"""The queries of a room's log, snapshot and blobs in SQLite. Runs on the thread of the connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from cowrite_server.store.audit import note
from cowrite_server.store.records import NO_SPACE, ROOM_GONE, Blob, Record
from cowrite_server.store.rooms import gone, names
from cowrite_server.store.sqlite.database import changes_by_others, transaction
from cowrite_server.store.sqlite.tables import at_once, last_number

_gone, _names, _note = at_once(gone), at_once(names), at_once(note)

_REMEMBERED = 10_000
"""Rooms of which the last number is remembered."""


class Numbers:
    """The number of each room's last entry, remembered for as long as one connection alone writes."""

    __slots__ = ("_changes", "_last", "_names", "news")

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._changes = -1
        self.news: int | None = None
        """What `changes_by_others` was at the last commit, until somebody who wants to know takes it away."""

    def next(self, connection: sqlite3.Connection, room: int, name: str | None) -> int:
        """Gives a room's next entry its number, or ROOM_GONE; within a transaction that `begin` knows of.

        Args:
            connection: the database.
            room: the room's key.
            name: what it is called as far as the writer knows, or None.
        """
        last = self._last.get(room)
        if last is None:
            if _gone(connection, (room,)):
                return ROOM_GONE
            last = last_number(connection, room)
            self._names.update(_names(connection, (room,)))
        if name is not None and self._names.get(room) != name:
            return ROOM_GONE
        number = last + 1
        self._last[room] = number
        return number

    def begin(self, connection: sqlite3.Connection) -> None:
        """A transaction has begun in which nobody else can write."""
        changes = changes_by_others(connection)
        if changes != self._changes or len(self._last) > _REMEMBERED:
            self.forget()
        self._changes = self.news = changes

    def forget(self) -> None:
        """What was given out may not be on disk."""
        self._last.clear()
        self._names.clear()


def write(
    connection: sqlite3.Connection, records: Sequence[Record], numbers: Numbers, room_blob_bytes: int
) -> list[int]:
    """Writes records in one transaction; see `store.Store.commit`.

    Args:
        connection: the database.
        records: what to write.
        numbers: of this connection.
        room_blob_bytes: what the blobs of a room may cost together.
    """
    try:
        return _write(connection, records, numbers, room_blob_bytes)
    except BaseException:
        numbers.forget()
        raise


def _write(
    connection: sqlite3.Connection, records: Sequence[Record], numbers: Numbers, room_blob_bytes: int
) -> list[int]:
    with transaction(connection):
        numbers.begin(connection)
        given: list[int] = []
        rows: list[tuple[int, int, int, int | None, bytearray, int]] = []
        for record in records:
            if isinstance(record, Blob):
                given.append(_write_blob(connection, record, room_blob_bytes))
                continue
            room, time, member, data, deed, name = record
            number = numbers.next(connection, room, name)
            given.append(number)
            if number == ROOM_GONE:
                continue
            # Python's module asks the types of True and of bytes in vain, for each of them, how they want to be stored.
            rows.append((room, number, time, member, bytearray(data), int(record.begins)))
            if deed is not None:
                _note(connection, room, time, member, deed)
        connection.executemany(
            "INSERT INTO updates (room, seq, time, member, data, begins) VALUES (?, ?, ?, ?, ?, ?)", rows
        )
    return given


def _write_blob(connection: sqlite3.Connection, blob: Blob, most: int) -> int:
    """Keeps a blob unless its room has no space for it, or is gone; gives 0 where the room has it now."""
    key = (blob.room, blob.hash)
    if connection.execute("SELECT 1 FROM room_blobs WHERE room = ? AND hash = ?", key).fetchone():
        return 0
    taken = connection.execute(
        "UPDATE rooms SET blob_bytes = blob_bytes + ?2 "
        "WHERE id = ?1 AND blob_bytes + ?2 <= ?3 AND name = coalesce(?4, name)",
        (blob.room, blob.cost, most // blob.part, blob.name),
    )
    if not taken.rowcount:
        is_other = blob.name not in (None, _names(connection, (blob.room,)).get(blob.room))
        return ROOM_GONE if is_other or _gone(connection, (blob.room,)) else NO_SPACE
    connection.execute(
        "INSERT INTO blobs (hash, media_type, data) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
        (blob.hash, blob.media_type, blob.data),
    )
    connection.execute("INSERT INTO room_blobs (room, hash) VALUES (?, ?)", key)
    return 0
