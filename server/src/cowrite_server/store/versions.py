"""The names of moments in a store, whichever database keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from cowrite_server import audit
from cowrite_server.errors import DamagedRow, NamedOtherwise, NoSuchMoment, TooManyVersions, WithinMoment
from cowrite_server.store.audit import note
from cowrite_server.store.records import Moment, Version, takes_place
from cowrite_server.store.soundness import number_in
from cowrite_server.store.tables import Tables

_VERSION = "room, seq, name, member, time"


async def name_version(tables: Tables, version: Version, before: str, most: int, pieces: Sequence[Moment] = ()) -> None:
    """Gives a moment a name, or takes it away; see `store.Store.name_version`."""
    room, seq, name, member, time = version
    async with tables.changing(room):
        await tables.lock_moments(room)
        if not 1 <= seq <= (await tables.last_numbers([room])).get(room, 0):  # of a room that is gone there is none
            raise NoSuchMoment(str(room), seq)
        row = await tables.row("SELECT name FROM versions WHERE room = %s AND seq = %s", room, seq)
        known = "" if row is None else row[0]
        if not isinstance(known, str):
            raise DamagedRow(f"the named version {seq} of the room with the key {room}", "its name is not valid")
        if known != before:
            raise NamedOtherwise(seq, known)
        if known == name:
            return
        [(others,)] = await tables.rows(
            "SELECT count(*) FROM versions WHERE room = %s AND seq <> %s AND name <> ''", room, seq
        )
        if name and others >= most:
            raise TooManyVersions(most)
        await note(tables, room, time, member, audit.version_named(seq, known, name))
        await _end_moment(tables, room, seq, pieces)
        await tables.run(
            f"INSERT INTO versions ({_VERSION}) VALUES (%s, %s, %s, %s, %s) ON CONFLICT (room, seq) DO UPDATE "
            "SET name = excluded.name, member = excluded.member, time = excluded.time",
            *version,
        )


async def drop_nameless(tables: Tables, room: int, before: int) -> None:
    """Lets go of what only says where a moment of the log ends, up to an entry; the moments themselves say it now."""
    await tables.run("DELETE FROM versions WHERE room = %s AND seq < %s AND name = ''", room, before)


async def read_versions(tables: Tables, room: int) -> list[Version]:
    """The names of a room's moments, inside a transaction."""
    rows = await tables.rows(f"SELECT {_VERSION} FROM versions WHERE room = %s ORDER BY seq", room)
    return [Version._make(row) for row in rows]


async def _end_moment(tables: Tables, room: int, seq: int, pieces: Sequence[Moment]) -> None:
    """Has a moment end with an entry: puts pieces into the place of the one within which it stands."""
    row = await tables.row(
        "SELECT first, last FROM moments WHERE room = %s AND first <= %s AND last > %s", room, seq, seq
    )
    if row is None:
        return
    first, last = [number_in(f"a moment of the room with the key {room}", number) for number in row]
    if not takes_place(pieces, first, last, seq):
        raise WithinMoment(str(room), seq)
    await tables.run("DELETE FROM moments WHERE room = %s AND last = %s", room, last)
    await tables.write_moments(room, pieces)
