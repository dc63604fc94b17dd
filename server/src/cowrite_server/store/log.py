"""A room's log, snapshot and blobs, as they are read, whichever database keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from cowrite_server.errors import DamagedRow
from cowrite_server.store.records import UNBOUNDED, Blob, Entry, RoomLog, Snapshot
from cowrite_server.store.tables import Tables


async def read_room(tables: Tables, room: int) -> RoomLog:
    """What a room's document is made of."""
    # One statement sees the database as it is at one moment. The row whose `begins` is NULL is the snapshot.
    rows = await tables.rows(
        "WITH held AS (SELECT seq, time, data FROM snapshots WHERE room = %s) "
        "SELECT seq, time, NULL::bigint, data, NULL::boolean FROM held UNION ALL "
        "SELECT seq, time, member, data, begins FROM updates "
        "WHERE room = %s AND seq > coalesce((SELECT seq FROM held), 0) ORDER BY 1",
        *(room, room),
    )
    snapshot = None
    if rows and rows[0][-1] is None:
        seq, time, _, data, _ = rows.pop(0)
        if not isinstance(seq, int):
            raise DamagedRow(f"the snapshot of the room with the key {room}", "its number is not valid")
        snapshot = Snapshot(room, seq, time, data)
    return RoomLog(snapshot, list(map(Entry._make, rows)))


async def read_after(tables: Tables, room: int, seq: int, upto: int | None = None) -> list[Entry]:
    """The entries of a room's log with larger numbers than `seq`."""
    rows = await tables.rows(
        "SELECT seq, time, member, data, begins FROM updates WHERE room = %s AND seq > %s AND seq <= %s ORDER BY seq",
        *(room, seq, UNBOUNDED if upto is None else upto),
    )
    return list(map(Entry._make, rows))


async def last_numbers(tables: Tables, rooms: Sequence[int]) -> dict[int, int]:
    """The numbers of the last entries of some rooms."""
    return await tables.last_numbers(rooms)


async def read_blob(tables: Tables, room: int, digest: bytes) -> Blob | None:
    """A blob that a room holds, or None."""
    row = await tables.row(
        "SELECT media_type, data FROM blobs JOIN room_blobs USING (hash) WHERE room = %s AND hash = %s", room, digest
    )
    return None if row is None else Blob(room, digest, row[0], row[1])
