"""The queries of sealed boxes in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

import psycopg

from cowrite_server.errors import BoxFull, BoxOpened
from cowrite_server.store.postgres.database import Connection
from cowrite_server.store.sealing import AuthoredItem, Claim, box_is_gone, item_as_kept
from cowrite_server.wire.sealed import ITEMS_EACH, LEAST_ITEM_COST, ROOM_BYTES, Count, SealedItem, packed


async def seal(connection: Connection, room: int, author: str, item: SealedItem) -> None:
    """Lays an item into its box; see `sealing.Sealing.seal`."""
    data = packed(item.fields).encode()
    async with _changing(connection, room):
        await _require_closed(connection, room, item.box)
        cursor = await connection.execute(
            "SELECT count(*) FILTER (WHERE box = %(box)s AND author = %(author)s), "
            "coalesce(sum(greatest(length(data), %(least)s)), 0) FROM cowrite_server.sealed "
            "WHERE room = %(room)s AND NOT (box = %(box)s AND author = %(author)s AND item = %(item)s)",
            {"room": room, "box": item.box, "author": author, "item": item.id, "least": LEAST_ITEM_COST},
        )
        ((own, held),) = await cursor.fetchall()
        if own >= ITEMS_EACH or held + max(len(data), LEAST_ITEM_COST) > ROOM_BYTES:
            raise BoxFull(item.box)
        await connection.execute(
            "INSERT INTO cowrite_server.sealed VALUES (%s, %s, %s, %s, %b) "
            "ON CONFLICT (room, box, author, item) DO UPDATE SET data = excluded.data",
            (room, item.box, author, item.id, data),
        )


async def take_back(connection: Connection, room: int, author: str, box: str, item: str) -> None:
    """Takes an item out of its box; see `sealing.Sealing.take_back`."""
    async with _changing(connection, room):
        await _require_closed(connection, room, box)
        await connection.execute(
            "DELETE FROM cowrite_server.sealed WHERE room = %s AND box = %s AND author = %s AND item = %s",
            (room, box, author, item),
        )


async def sealed_by(connection: Connection, room: int, author: str) -> list[SealedItem]:
    """What an author has in the boxes of a room."""
    cursor = await connection.execute(
        "SELECT box, item, data FROM cowrite_server.sealed WHERE room = %s AND author = %s", (room, author)
    )
    return [item_as_kept(box, item, data) for box, item, data in await cursor.fetchall()]


async def sealed_counts(connection: Connection, rooms: Iterable[int]) -> dict[int, dict[str, Count]]:
    """How much lies in each box of some rooms."""
    cursor = await connection.execute(
        "SELECT room, box, count(*), count(DISTINCT author) FROM cowrite_server.sealed "
        "WHERE room = ANY(%s) GROUP BY room, box",
        (list(rooms),),
    )
    found: dict[int, dict[str, Count]] = {}
    for room, box, items, people in await cursor.fetchall():
        found.setdefault(room, {})[box] = Count(items, people)
    return found


async def claimed_boxes(connection: Connection, room: int) -> list[str]:
    """The boxes whose opening has not come to its end."""
    cursor = await connection.execute(
        "SELECT box FROM cowrite_server.opened WHERE room = %s AND data IS DISTINCT FROM ''", (room,)
    )
    return [box for (box,) in await cursor.fetchall()]


async def claim_box(connection: Connection, room: int, box: str) -> Claim:
    """Begins to open a box; see `sealing.Sealing.claim_box`."""
    async with _changing(connection, room):
        await connection.execute(
            "INSERT INTO cowrite_server.opened (room, box) VALUES (%s, %s) ON CONFLICT DO NOTHING", (room, box)
        )
        update = await _kept(connection, room, box)
        if update is not None:
            return Claim((), update or None, not update)
        cursor = await connection.execute(
            "SELECT author, item, data FROM cowrite_server.sealed WHERE room = %s AND box = %s", (room, box)
        )
        rows = await cursor.fetchall()
    items = [AuthoredItem(author, item_as_kept(box, item, data)) for author, item, data in rows]
    return Claim(tuple(items), None, False)


async def prepare_box(connection: Connection, room: int, box: str, update: bytes) -> bytes:
    """Keeps an update in place of a box's items; see `sealing.Sealing.prepare_box`."""
    async with _changing(connection, room):
        await connection.execute(
            "UPDATE cowrite_server.opened SET data = %b WHERE room = %s AND box = %s AND data IS NULL",
            (update, room, box),
        )
        await connection.execute("DELETE FROM cowrite_server.sealed WHERE room = %s AND box = %s", (room, box))
        kept = await _kept(connection, room, box)
        if kept is None:
            raise box_is_gone(box)
    # What is deleted stays in the table's file until then. Whoever may not, or is in somebody's way, leaves it to the
    # database's own housekeeping.
    with suppress(psycopg.Error):
        await connection.execute("VACUUM cowrite_server.sealed")
    return kept


async def finish_box(connection: Connection, room: int, box: str) -> None:
    """Lets go of a box's update."""
    await connection.execute("UPDATE cowrite_server.opened SET data = '' WHERE room = %s AND box = %s", (room, box))


@asynccontextmanager
async def _changing(connection: Connection, room: int) -> AsyncIterator[None]:
    """A transaction in which nobody else changes the boxes of a room; commits to the log do not wait for it."""
    async with connection.transaction():
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('cowrite sealed', %s::bigint))", (room,)
        )
        yield


async def _require_closed(connection: Connection, room: int, box: str) -> None:
    cursor = await connection.execute("SELECT FROM cowrite_server.opened WHERE room = %s AND box = %s", (room, box))
    if await cursor.fetchone() is not None:
        raise BoxOpened(box)


async def _kept(connection: Connection, room: int, box: str) -> bytes | None:
    cursor = await connection.cursor(binary=True).execute(
        "SELECT data FROM cowrite_server.opened WHERE room = %s AND box = %s", (room, box)
    )
    row = await cursor.fetchone()
    return None if row is None else row[0]
