"""What tests write into the log of a room, and read from it."""

from __future__ import annotations

from cowrite_server.store.records import RoomRecord, Update
from cowrite_server.store.store import Store


def update(room: RoomRecord, data: bytes, time: int = 0, member: int | None = None) -> Update:
    return Update(room.id, time, member, data)


async def logged(store: Store, room: RoomRecord, after: int = 0) -> list[tuple[int, bytes]]:
    """Number and data of each entry behind a number."""
    return [(entry.seq, entry.data) for entry in await store.read_after(room.id, after)]


async def data_of(store: Store, room: RoomRecord) -> list[bytes]:
    """The data of each entry."""
    return [data for _, data in await logged(store, room)]
