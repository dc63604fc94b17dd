"""The names of moments in SQLite. Runs on the thread of the connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from cowrite_server import audit
from cowrite_server.errors import DamagedRow, NamedOtherwise, NoSuchMoment, TooManyVersions, WithinMoment
from cowrite_server.store.audit import note
from cowrite_server.store.records import Moment, Version, takes_place
from cowrite_server.store.soundness import number_in
from cowrite_server.store.sqlite.database import transaction
from cowrite_server.store.sqlite.log import last_number
from cowrite_server.store.sqlite.tables import at_once

_WRITE_MOMENT = "INSERT INTO moments (room, first, last, begun, ended, data) VALUES (?, ?, ?, ?, ?, ?)"


def name_version(
    connection: sqlite3.Connection, version: Version, before: str, most: int, pieces: Sequence[Moment] = ()
) -> None:
    """Gives a moment a name, or takes it away; see `store.Store.name_version`."""
    room, seq, name, member, time = version
    with transaction(connection):
        if not 1 <= seq <= last_number(connection, room):  # of a room that is gone there is none
            raise NoSuchMoment(str(room), seq)
        row = connection.execute("SELECT name FROM versions WHERE room = ? AND seq = ?", (room, seq)).fetchone()
        known = "" if row is None else row[0]
        if not isinstance(known, str):
            raise DamagedRow(f"the named version {seq} of the room with the key {room}", "its name is not valid")
        if known != before:
            raise NamedOtherwise(seq, known)
        if known == name:
            return
        [(others,)] = connection.execute(
            "SELECT count(*) FROM versions WHERE room = ? AND seq <> ? AND name <> ''", (room, seq)
        )
        if name and others >= most:
            raise TooManyVersions(most)
        at_once(note)(connection, room, time, member, audit.version_named(seq, known, name))
        _end_moment(connection, room, seq, pieces)
        connection.execute(
            "INSERT OR REPLACE INTO versions (room, seq, name, member, time) VALUES (?, ?, ?, ?, ?)", version
        )


def drop_nameless(connection: sqlite3.Connection, room: int, before: int) -> None:
    """Lets go of what only says where a moment of the log ends, up to an entry; the moments themselves say it now."""
    connection.execute("DELETE FROM versions WHERE room = ? AND seq < ? AND name = ''", (room, before))


def read_versions(connection: sqlite3.Connection, room: int) -> list[Version]:
    """The names of a room's moments, inside a transaction."""
    rows = connection.execute("SELECT room, seq, name, member, time FROM versions WHERE room = ? ORDER BY seq", (room,))
    return [Version._make(row) for row in rows]


def write_moments(connection: sqlite3.Connection, room: int, moments: Sequence[Moment]) -> None:
    """Writes moments, inside a transaction."""
    connection.executemany(
        _WRITE_MOMENT,
        [(room, moment.first, moment.last, moment.begun, moment.ended, moment.data) for moment in moments],
    )


def _end_moment(connection: sqlite3.Connection, room: int, seq: int, pieces: Sequence[Moment]) -> None:
    """Has a moment end with an entry: puts pieces into the place of the one within which it stands."""
    row = connection.execute(
        "SELECT first, last FROM moments WHERE room = ?1 AND first <= ?2 AND last > ?2", (room, seq)
    ).fetchone()
    if row is None:
        return
    first, last = [number_in(f"a moment of the room with the key {room}", number) for number in row]
    if not takes_place(pieces, first, last, seq):
        raise WithinMoment(str(room), seq)
    connection.execute("DELETE FROM moments WHERE room = ? AND last = ?", (room, last))
    write_moments(connection, room, pieces)
