"""The history of a store, whichever database keeps it: moments, compaction and thinning; and what rooms take."""

from __future__ import annotations

from collections.abc import Sequence

from cowrite_server.store.log import read_room
from cowrite_server.store.records import Moment, RoomHistory, RoomRecord, RoomSize, Snapshot, split_by
from cowrite_server.store.rooms import gone
from cowrite_server.store.soundness import number_in, size_as_kept
from cowrite_server.store.tables import Tables
from cowrite_server.store.versions import drop_nameless, read_versions

_SIZES = """
SELECT name, created,
    (SELECT max(at) FROM (
        SELECT max(time) AS at FROM updates WHERE room = rooms.id
        UNION ALL SELECT max(ended) FROM moments WHERE room = rooms.id) AS written),
    blob_bytes + (SELECT coalesce(sum(length(data)), 0) FROM updates WHERE room = rooms.id)
        + (SELECT coalesce(sum(length(data)), 0) FROM snapshots WHERE room = rooms.id)
        + (SELECT coalesce(sum(length(data)), 0) FROM moments WHERE room = rooms.id)
    FROM rooms ORDER BY name COLLATE "C"
"""


async def read_history(tables: Tables, room: int) -> RoomHistory:
    """What a room's history is made of."""
    async with tables.at_one_moment():
        log = await read_room(tables, room)
        rows = await tables.rows(
            "SELECT room, first, last, begun, ended, data FROM moments WHERE room = %s ORDER BY last", room
        )
        [(oldest,)] = await tables.rows("SELECT min(seq) FROM updates WHERE room = %s", room)
        versions = await read_versions(tables, room)
    if oldest is None:
        oldest = 1 if log.snapshot is None else log.snapshot.seq + 1
    fine_from = number_in(f"an entry of the room with the key {room}", oldest)
    return RoomHistory(log.snapshot, [Moment(*row) for row in rows], log.entries, fine_from, versions)


async def compact(tables: Tables, base: int, snapshot: Snapshot, moments: Sequence[Moment]) -> bool:
    """Takes a room's new snapshot and moments; see `store.Store.compact`."""
    room = snapshot.room
    async with tables.transaction():
        await tables.lock_moments(room)
        row = await tables.row("SELECT seq FROM snapshots WHERE room = %s", room)
        if (0 if row is None else row[0]) != base or await gone(tables, [room]):
            return False
        if split_by(moments, [version.seq for version in await read_versions(tables, room)]):
            return False
        await tables.run(
            "INSERT INTO snapshots (room, seq, time, data) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (room) DO UPDATE SET seq = excluded.seq, time = excluded.time, data = excluded.data",
            *(room, snapshot.seq, snapshot.time, snapshot.data),
        )
        if moments:
            await tables.run("DELETE FROM moments WHERE room = %s AND last >= %s", room, moments[0].first)
            await tables.write_moments(room, moments)
        await drop_nameless(tables, room, snapshot.seq)
    return True


async def thin(tables: Tables, room: int, before: int, most: int) -> int:
    """Deletes single entries of old moments; see `store.Store.thin`."""
    async with tables.transaction():
        # Of several nodes that do this at one time each deletes what is left by the others. No commit waits for it.
        held = await tables.row("SELECT seq FROM snapshots WHERE room = %s FOR NO KEY UPDATE", room)
        if held is None:
            return 0
        [(last,)] = await tables.rows(
            "SELECT max(last) FROM moments WHERE room = %s AND ended < %s AND last <= %s", room, before, *held
        )
        [(first,)] = await tables.rows("SELECT min(seq) FROM updates WHERE room = %s", room)
        if last is None or first is None:
            return 0
        last = number_in(f"a moment of the room with the key {room}", last)
        first = number_in(f"an entry of the room with the key {room}", first)
        deleted = await tables.run(
            "DELETE FROM updates WHERE room = %s AND seq <= %s", room, min(last, first + most - 1)
        )
    await tables.give_back()
    return deleted


async def list_rooms(tables: Tables, before: int | None = None) -> list[RoomRecord]:
    """All rooms, or those with an entry older than a time."""
    oldest = "(SELECT time FROM updates WHERE room = rooms.id ORDER BY seq LIMIT 1)"
    where, values = ("", ()) if before is None else (f"WHERE {oldest} < %s", (before,))
    rows = await tables.rows(f'SELECT id, name, epoch FROM rooms {where} ORDER BY name COLLATE "C"', *values)
    return [RoomRecord(*row) for row in rows]


async def list_sizes(tables: Tables) -> list[RoomSize]:
    """What each room takes; see `store.Store.list_sizes`."""
    return [size_as_kept(*row) for row in await tables.rows(_SIZES)]
