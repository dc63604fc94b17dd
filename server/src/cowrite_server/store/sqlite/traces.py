"""How SQLite leaves nothing of what is taken out of a sealed box. Runs on the thread of the connection.

What is deleted is overwritten in the file, and the write-ahead log is emptied when a box is opened: who wrote what in
an anonymous session must not be found in what the disk still holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from cowrite_server.store.sqlite.database import failures


@contextmanager
def without_traces(connection: sqlite3.Connection) -> Iterator[None]:
    """Has SQLite overwrite what is deleted within; it does so for nothing else, since thinning would write twice."""
    with failures():
        connection.execute("PRAGMA secure_delete = ON").fetchall()
    try:
        yield
    finally:
        with failures():
            connection.execute("PRAGMA secure_delete = OFF").fetchall()


def empty_box(connection: sqlite3.Connection, room: int, box: str) -> None:
    """Deletes what lies in a box, within a transaction that leaves no traces."""
    # SQLite overwrites the pages that a table lets go of, and cells that it deletes, but not what moving cells between
    # pages has left behind them. So what stays is written anew.
    with failures():
        rows = connection.execute("SELECT * FROM sealed WHERE NOT (room = ? AND box = ?)", (room, box)).fetchall()
        connection.execute("DELETE FROM sealed")
        connection.executemany("INSERT INTO sealed VALUES (?, ?, ?, ?, ?)", rows)


def empty_log(connection: sqlite3.Connection) -> None:
    """Empties the write-ahead log."""
    with failures():
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
