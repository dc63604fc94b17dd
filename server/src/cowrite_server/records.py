"""What is stored of a room: its log of updates, its snapshot, its blobs. Queries only; runs on the store's thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from cowrite_server.database import failures, transaction
from cowrite_server.errors import BrokenUpdate, RoomUnreadable, StoreFailed
from cowrite_server.invites import RoomRecord
from cowrite_server.replica import Replica, check_update


@dataclass(frozen=True, slots=True)
class Update:
    """One entry of a room's log.

    Attributes:
        room: the room's key in the database.
        seq: number in the room, from 1, without gaps.
        time: milliseconds since 1970.
        member: id of the invite by which its author came, or None.
        data: the update.
    """

    room: int
    seq: int
    time: int
    member: int | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A room's document as one update.

    Attributes:
        room: the room's key in the database.
        seq: the last entry of the log that it contains.
        time: milliseconds since 1970.
        data: the document.
    """

    room: int
    seq: int
    time: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that a document refers to by their hash, such as an image.

    Attributes:
        room: key of the room that holds it.
        hash: SHA-256 of the data.
        media_type: such as `image/png`.
        data: the bytes.
    """

    room: int
    hash: bytes
    media_type: str
    data: bytes


Record = Update | Snapshot | Blob


@dataclass(frozen=True, slots=True)
class StoredRoom:
    """A room as it was read.

    Attributes:
        replica: its document; belongs to the caller.
        seq: number of the last entry of its log, 0 if there is none.
        tail_bytes: size of the entries that come after the snapshot.
        snapshot_bytes: size of the snapshot, 0 if there is none.
    """

    replica: Replica
    seq: int
    tail_bytes: int
    snapshot_bytes: int


def write(connection: sqlite3.Connection, records: Sequence[Record]) -> None:
    """Writes records in one transaction; when this returns they are on disk.

    Writing a record again changes nothing, so a write whose end was in doubt may be repeated.

    Raises:
        StoreFailed: nothing was written.
    """
    updates = [(r.room, r.seq, r.time, r.member, r.data) for r in records if isinstance(r, Update)]
    with transaction(connection):
        cursor = connection.executemany(
            "INSERT INTO updates (room, seq, time, member, data) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (room, seq) DO NOTHING",
            updates,
        )
        if updates and cursor.rowcount != len(updates):
            _expect_same(connection, updates)
        for record in records:
            if isinstance(record, Snapshot):
                connection.execute(
                    "INSERT INTO snapshots (room, seq, time, data) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (room) DO UPDATE SET seq = excluded.seq, time = excluded.time, data = excluded.data",
                    (record.room, record.seq, record.time, record.data),
                )
            elif isinstance(record, Blob):
                connection.execute(
                    "INSERT INTO blobs (hash, media_type, data) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
                    (record.hash, record.media_type, record.data),
                )
                connection.execute(
                    "INSERT INTO room_blobs (room, hash) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (record.room, record.hash),
                )


def _expect_same(connection: sqlite3.Connection, updates: list[tuple[int, int, int, int | None, bytes]]) -> None:
    for room, seq, _, _, data in updates:
        row = connection.execute("SELECT data FROM updates WHERE room = ? AND seq = ?", (room, seq)).fetchone()
        if row != (data,):
            raise StoreFailed(f"another program wrote update {seq} of room {room}")


def read_room(connection: sqlite3.Connection, room: RoomRecord) -> StoredRoom:
    """Reads a room's document: the snapshot and the updates after it.

    Raises:
        StoreFailed: the database could not be read.
        RoomUnreadable: an entry is damaged.
    """
    with failures():
        snapshot = connection.execute("SELECT seq, data FROM snapshots WHERE room = ?", (room.id,)).fetchone()
        seq, data = (0, None) if snapshot is None else snapshot
        rows = connection.execute(
            "SELECT seq, data FROM updates WHERE room = ? AND seq > ? ORDER BY seq", (room.id, seq)
        ).fetchall()
    entries = ([] if data is None else [(seq, data)]) + rows
    for number, update in entries:
        try:
            check_update(update)
        except BrokenUpdate as error:
            raise RoomUnreadable(room.name, number, error.reason) from error
    last = entries[-1][0] if entries else 0
    try:
        replica = Replica(update for _, update in entries)
    except BrokenUpdate as error:
        raise RoomUnreadable(room.name, last, error.reason) from error
    return StoredRoom(replica, last, sum(len(update) for _, update in rows), 0 if data is None else len(data))


def read_blob(connection: sqlite3.Connection, room: int, digest: bytes) -> Blob | None:
    """A blob that a room holds, or None; that another room holds it does not count."""
    with failures():
        row = connection.execute(
            "SELECT media_type, data FROM blobs JOIN room_blobs USING (hash) WHERE room = ? AND hash = ?",
            (room, digest),
        ).fetchone()
    return None if row is None else Blob(room, digest, row[0], row[1])
