"""The names of moments in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cowrite_server import audit
from cowrite_server.errors import NamedOtherwise, NoSuchMoment, TooManyVersions, WithinMoment
from cowrite_server.store.audit import note
from cowrite_server.store.postgres.database import Connection
from cowrite_server.store.postgres.tables import PostgresTables
from cowrite_server.store.records import Moment, Version, takes_place

_VERSION = "room, seq, name, member, time"


async def name_version(
    connection: Connection, version: Version, before: str, most: int, pieces: Sequence[Moment] = ()
) -> None:
    """Gives a moment a name, or takes it away; see `store.Store.name_version`."""
    room, seq, name, member, time = version
    tables = PostgresTables(connection)
    async with tables.changing(room):
        await lock_moments(connection, room)
        last = await _one(connection, "SELECT last FROM cowrite_server.rooms WHERE id = %s", room)
        if last is None or not 1 <= seq <= last[0]:
            raise NoSuchMoment(str(room), seq)
        row = await _one(connection, "SELECT name FROM cowrite_server.versions WHERE room = %s AND seq = %s", room, seq)
        known = "" if row is None else row[0]
        if known != before:
            raise NamedOtherwise(seq, known)
        if known == name:
            return
        others = await _one(
            connection,
            "SELECT count(*) FROM cowrite_server.versions WHERE room = %s AND seq <> %s AND name <> ''",
            *(room, seq),
        )
        if name and others is not None and others[0] >= most:
            raise TooManyVersions(most)
        await note(tables, room, time, member, audit.version_named(seq, known, name))
        await _end_moment(connection, room, seq, pieces)
        await connection.execute(
            f"INSERT INTO cowrite_server.versions ({_VERSION}) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (room, seq) DO UPDATE "
            "SET name = excluded.name, member = excluded.member, time = excluded.time",
            version,
        )


async def drop_nameless(connection: Connection, room: int, before: int) -> None:
    """Lets go of what only says where a moment of the log ends, up to an entry; the moments themselves say it now."""
    await connection.execute(
        "DELETE FROM cowrite_server.versions WHERE room = %s AND seq < %s AND name = ''", (room, before)
    )


async def read_versions(connection: Connection, room: int) -> list[Version]:
    """The names of a room's moments."""
    cursor = await connection.execute(
        f"SELECT {_VERSION} FROM cowrite_server.versions WHERE room = %s ORDER BY seq", (room,)
    )
    return [Version._make(row) for row in await cursor.fetchall()]


async def write_moments(connection: Connection, room: int, moments: Sequence[Moment]) -> None:
    """Writes moments, inside a transaction."""
    await connection.execute(
        "INSERT INTO cowrite_server.moments (room, first, last, begun, ended, data) SELECT %s, * "
        "FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bytea[])",
        (
            room,
            [moment.first for moment in moments],
            [moment.last for moment in moments],
            [moment.begun for moment in moments],
            [moment.ended for moment in moments],
            [moment.data for moment in moments],
        ),
    )


async def lock_moments(connection: Connection, room: int) -> None:
    """Keeps others who change the bounds of a room's moments waiting until the transaction ends; not its writers.

    A room that was never compacted has no row for that.
    """
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('cowrite moments', %s::bigint))", (room,))


async def _end_moment(connection: Connection, room: int, seq: int, pieces: Sequence[Moment]) -> None:
    """Has a moment end with an entry: puts pieces into the place of the one within which it stands."""
    row = await _one(
        connection,
        "SELECT first, last FROM cowrite_server.moments WHERE room = %s AND last > %s AND first <= %s",
        *(room, seq, seq),
    )
    if row is None:
        return
    if not takes_place(pieces, row[0], row[1], seq):
        raise WithinMoment(str(room), seq)
    await connection.execute("DELETE FROM cowrite_server.moments WHERE room = %s AND last = %s", (room, row[1]))
    await write_moments(connection, room, pieces)


async def _one(connection: Connection, question: str, *values: int) -> tuple[Any, ...] | None:
    return await (await connection.execute(question, values)).fetchone()
