"""The sealed boxes of a store, whichever database keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from cowrite_server.errors import BoxFull, BoxOpened
from cowrite_server.store.rewriting import is_kept
from cowrite_server.store.rooms import names
from cowrite_server.store.sealing import AuthoredItem, Claim, box_is_gone, item_as_kept
from cowrite_server.store.tables import Tables
from cowrite_server.wire.sealed import (
    BALLOT,
    ITEMS_EACH,
    LEAST_ITEM_COST,
    PERSON_BYTES,
    ROOM_BYTES,
    Count,
    SealedItem,
    packed,
)


async def seal(tables: Tables, room: int, author: str, item: SealedItem) -> None:
    """Lays an item into its box; see `sealing.Sealing.seal`."""
    data = packed(item.fields).encode()
    async with tables.changing_boxes(room):
        await _require_closed(tables, room, item.box)
        if item.id != BALLOT or item.fields.get("id"):
            # Nobody else knows its id: a server that was moved, with new links, knows its author as another member.
            await tables.run(
                "DELETE FROM sealed WHERE room = %s AND box = %s AND item = %s AND data = %s AND author <> %s",
                *(room, item.box, item.id, data, author),
            )
        [(own, own_bytes, held)] = await tables.rows(
            "SELECT coalesce(sum(CASE WHEN box = %s AND author = %s THEN 1 ELSE 0 END), 0), "
            "coalesce(sum(CASE WHEN author = %s THEN cost ELSE 0 END), 0), "
            # Whoever was removed is not to keep others from sealing: nobody takes that out before the box is opened.
            "coalesce(sum(CASE WHEN author IN (SELECT 'member:' || id FROM members WHERE room = %s AND removed "
            "IS NOT NULL) THEN 0 ELSE cost END), 0) "
            "FROM (SELECT box, author, CASE WHEN length(data) > %s THEN length(data) ELSE %s END AS cost "
            "FROM sealed WHERE room = %s AND NOT (box = %s AND author = %s AND item = %s)) AS others",
            *(item.box, author, author, room, LEAST_ITEM_COST, LEAST_ITEM_COST, room, item.box, author, item.id),
        )
        cost = max(len(data), LEAST_ITEM_COST)
        if own >= ITEMS_EACH or own_bytes + cost > PERSON_BYTES or held + cost > ROOM_BYTES:
            raise BoxFull(item.box)
        await tables.run(
            "INSERT INTO sealed (room, box, author, item, data) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (room, box, author, item) DO UPDATE SET data = excluded.data",
            *(room, item.box, author, item.id, data),
        )


async def take_back(tables: Tables, room: int, author: str, box: str, item: str) -> None:
    """Takes an item out of its box; see `sealing.Sealing.take_back`."""
    async with tables.changing_boxes(room):
        await _require_closed(tables, room, box)
        await tables.run(
            "DELETE FROM sealed WHERE room = %s AND box = %s AND author = %s AND item = %s", room, box, author, item
        )


async def sealed_by(tables: Tables, room: int, author: str) -> list[SealedItem]:
    """What an author has in the boxes of a room."""
    rows = await tables.rows("SELECT box, item, data FROM sealed WHERE room = %s AND author = %s", room, author)
    return [item_as_kept(box, item, data) for box, item, data in rows]


async def sealed_counts(tables: Tables, rooms: Iterable[int]) -> dict[int, dict[str, Count]]:
    """How much lies in each box of some rooms."""
    found: dict[int, dict[str, Count]] = {}
    for room, box, items, people in await tables.rows(
        "SELECT room, box, count(*), count(DISTINCT author) FROM sealed WHERE room = ANY(%s) GROUP BY room, box",
        list(rooms),
    ):
        found.setdefault(room, {})[box] = Count(items, people)
    return found


async def claimed_boxes(tables: Tables, room: int) -> list[str]:
    """The boxes whose opening has not come to its end."""
    rows = await tables.rows("SELECT box FROM opened WHERE room = %s AND (data IS NULL OR data <> %s)", room, b"")
    return [box for (box,) in rows]


async def claim_box(tables: Tables, room: int, box: str) -> Claim:
    """Begins to open a box; see `sealing.Sealing.claim_box`."""
    async with tables.changing_boxes(room):
        await _require_boxes(tables, room, box)
        await tables.run("INSERT INTO opened (room, box) VALUES (%s, %s) ON CONFLICT DO NOTHING", room, box)
        update = await _kept(tables, room, box)
        if update is not None:
            return Claim((), update or None, not update)
        rows = await tables.rows("SELECT author, item, data FROM sealed WHERE room = %s AND box = %s", room, box)
    return Claim(tuple(AuthoredItem(author, item_as_kept(box, item, data)) for author, item, data in rows), None, False)


async def prepare_box(tables: Tables, room: int, box: str, update: bytes) -> bytes:
    """Keeps an update in place of a box's items; see `sealing.Sealing.prepare_box`."""
    async with tables.changing_boxes(room):
        await tables.run("UPDATE opened SET data = %s WHERE room = %s AND box = %s AND data IS NULL", update, room, box)
        await tables.empty_box(room, box)
        kept = await _kept(tables, room, box)
        if kept is None:
            raise box_is_gone(box)
    await tables.clean_up_boxes()
    return kept


async def finish_box(tables: Tables, room: int, box: str) -> None:
    """Lets go of a box's update."""
    async with tables.changing_boxes(room):
        await tables.run("UPDATE opened SET data = %s WHERE room = %s AND box = %s", b"", room, box)
    await tables.clean_up_boxes()


async def _require_closed(tables: Tables, room: int, box: str) -> None:
    await _require_boxes(tables, room, box)
    if await tables.row("SELECT 1 FROM opened WHERE room = %s AND box = %s", room, box) is not None:
        raise BoxOpened(box)


async def _require_boxes(tables: Tables, room: int, box: str) -> None:
    """Sees that the boxes are not those of another room by now, as where this one keeps what that was."""
    if is_kept((await names(tables, (room,))).get(room, "")):
        raise box_is_gone(box)


async def _kept(tables: Tables, room: int, box: str) -> bytes | None:
    row = await tables.row("SELECT data FROM opened WHERE room = %s AND box = %s", room, box)
    return None if row is None else row[0]
