"""The rooms that a store knows, whichever database keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from cowrite_server.errors import NoSuchRoom, RoomForgotten
from cowrite_server.store.records import RoomRecord, new_epoch
from cowrite_server.store.soundness import room_as_kept
from cowrite_server.store.tables import Tables


async def find_room(tables: Tables, name: str) -> RoomRecord | None:
    """The room of this name, or None."""
    row = await tables.row("SELECT id, name, epoch FROM rooms WHERE name = %s", name)
    return None if row is None else room_as_kept(*row)


async def existing_room(tables: Tables, name: str) -> RoomRecord:
    """The room of this name.

    Raises:
        NoSuchRoom: there is none.
    """
    room = await find_room(tables, name)
    if room is None:
        raise NoSuchRoom(name)
    return room


async def ensure_room(tables: Tables, name: str, now: int, *, anew: bool = False) -> RoomRecord:
    """The room of this name, made if there is none; see `store.Store.ensure_room`."""
    found = await find_room(tables, name)
    if found is not None:
        return found
    await tables.make_room(name, new_epoch(), now, anew=anew)
    made = await find_room(tables, name)
    if made is None:
        raise RoomForgotten(name)
    return made


async def was_forgotten(tables: Tables, name: str, epoch: str | None = None) -> bool:
    """Whether a room of this name, and of this epoch where one is given, was forgotten."""
    row = await tables.row("SELECT 1 FROM forgotten WHERE name = %s AND epoch = coalesce(%s, epoch)", name, epoch)
    return row is not None


async def names(tables: Tables, rooms: Iterable[int]) -> dict[int, str]:
    """The names that some rooms have now; nothing of those that were forgotten."""
    return dict(await tables.rows("SELECT id, name FROM rooms WHERE id = ANY(%s)", list(rooms)))


async def gone(tables: Tables, rooms: Iterable[int]) -> set[int]:
    """Those of some rooms that were forgotten."""
    return {room for (room,) in await tables.rows("SELECT room FROM forgotten WHERE room = ANY(%s)", list(rooms))}
