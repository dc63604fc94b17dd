"""The queries of sealed boxes in SQLite. Runs on the thread of the connection.

What is taken out of a box is overwritten in the file, and the write-ahead log is emptied when a box is opened: who
wrote what in an anonymous session must not be found in what the disk still holds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from cowrite_server.errors import BoxFull, BoxOpened
from cowrite_server.store.sealing import AuthoredItem, Claim, box_is_gone, item_as_kept
from cowrite_server.store.sqlite.database import failures, transaction
from cowrite_server.wire.sealed import ITEMS_EACH, LEAST_ITEM_COST, ROOM_BYTES, Count, SealedItem, packed


def seal(connection: sqlite3.Connection, room: int, author: str, item: SealedItem) -> None:
    """Lays an item into its box; see `sealing.Sealing.seal`."""
    data = packed(item.fields).encode()
    with _without_traces(connection), transaction(connection):
        _require_closed(connection, room, item.box)
        own, held = connection.execute(
            "SELECT coalesce(sum(box = ?2 AND author = ?3), 0), coalesce(sum(max(length(data), ?5)), 0) "
            "FROM sealed WHERE room = ?1 AND NOT (box = ?2 AND author = ?3 AND item = ?4)",
            (room, item.box, author, item.id, LEAST_ITEM_COST),
        ).fetchone()
        if own >= ITEMS_EACH or held + max(len(data), LEAST_ITEM_COST) > ROOM_BYTES:
            raise BoxFull(item.box)
        connection.execute(
            "INSERT OR REPLACE INTO sealed VALUES (?, ?, ?, ?, ?)", (room, item.box, author, item.id, data)
        )


def take_back(connection: sqlite3.Connection, room: int, author: str, box: str, item: str) -> None:
    """Takes an item out of its box; see `sealing.Sealing.take_back`."""
    with _without_traces(connection), transaction(connection):
        _require_closed(connection, room, box)
        connection.execute(
            "DELETE FROM sealed WHERE room = ? AND box = ? AND author = ? AND item = ?", (room, box, author, item)
        )


def sealed_by(connection: sqlite3.Connection, room: int, author: str) -> list[SealedItem]:
    """What an author has in the boxes of a room."""
    with failures():
        rows = connection.execute("SELECT box, item, data FROM sealed WHERE room = ? AND author = ?", (room, author))
        return [item_as_kept(box, item, data) for box, item, data in rows]


def sealed_counts(connection: sqlite3.Connection, rooms: Iterable[int]) -> dict[int, dict[str, Count]]:
    """How much lies in each box of some rooms."""
    found: dict[int, dict[str, Count]] = {}
    with failures():
        for room, box, items, people in connection.execute(
            "SELECT room, box, count(*), count(DISTINCT author) FROM sealed "
            "WHERE room IN (SELECT value FROM json_each(?)) GROUP BY room, box",
            (json.dumps(list(rooms)),),
        ):
            found.setdefault(room, {})[box] = Count(items, people)
    return found


def claimed_boxes(connection: sqlite3.Connection, room: int) -> list[str]:
    """The boxes whose opening has not come to its end."""
    with failures():
        rows = connection.execute("SELECT box FROM opened WHERE room = ? AND data IS NOT x''", (room,))
        return [box for (box,) in rows]


def claim_box(connection: sqlite3.Connection, room: int, box: str) -> Claim:
    """Begins to open a box; see `sealing.Sealing.claim_box`."""
    with transaction(connection):
        connection.execute("INSERT OR IGNORE INTO opened (room, box) VALUES (?, ?)", (room, box))
        (update,) = connection.execute("SELECT data FROM opened WHERE room = ? AND box = ?", (room, box)).fetchone()
        if update is not None:
            return Claim((), update or None, not update)
        rows = connection.execute("SELECT author, item, data FROM sealed WHERE room = ? AND box = ?", (room, box))
        items = [AuthoredItem(author, item_as_kept(box, item, data)) for author, item, data in rows]
    return Claim(tuple(items), None, False)


def prepare_box(connection: sqlite3.Connection, room: int, box: str, update: bytes) -> bytes:
    """Keeps an update in place of a box's items; see `sealing.Sealing.prepare_box`."""
    with _without_traces(connection), transaction(connection):
        connection.execute(
            "UPDATE opened SET data = ? WHERE room = ? AND box = ? AND data IS NULL", (update, room, box)
        )
        _empty_box(connection, room, box)
        row = connection.execute("SELECT data FROM opened WHERE room = ? AND box = ?", (room, box)).fetchone()
        if row is None:
            raise box_is_gone(box)
    _empty_log(connection)
    return bytes(row[0])


def finish_box(connection: sqlite3.Connection, room: int, box: str) -> None:
    """Lets go of a box's update."""
    with _without_traces(connection), transaction(connection):
        connection.execute("UPDATE opened SET data = x'' WHERE room = ? AND box = ?", (room, box))
    _empty_log(connection)


def _require_closed(connection: sqlite3.Connection, room: int, box: str) -> None:
    if connection.execute("SELECT 1 FROM opened WHERE room = ? AND box = ?", (room, box)).fetchone():
        raise BoxOpened(box)


@contextmanager
def _without_traces(connection: sqlite3.Connection) -> Iterator[None]:
    """Has SQLite overwrite what is deleted within; it does so for nothing else, since thinning would write twice."""
    with failures():
        connection.execute("PRAGMA secure_delete = ON").fetchall()
    try:
        yield
    finally:
        with failures():
            connection.execute("PRAGMA secure_delete = OFF").fetchall()


def _empty_box(connection: sqlite3.Connection, room: int, box: str) -> None:
    # SQLite overwrites the pages that a table lets go of, and cells that it deletes, but not what moving cells between
    # pages has left behind them. So what stays is written anew.
    rows = connection.execute("SELECT * FROM sealed WHERE NOT (room = ? AND box = ?)", (room, box)).fetchall()
    connection.execute("DELETE FROM sealed")
    connection.executemany("INSERT INTO sealed VALUES (?, ?, ?, ?, ?)", rows)


def _empty_log(connection: sqlite3.Connection) -> None:
    with failures():
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
