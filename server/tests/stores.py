"""Stores for tests, and what is put into them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from pycrdt import Doc, Text

from cowrite_server.store.opening import open_store
from cowrite_server.store.records import Blob, RoomRecord, Update
from cowrite_server.store.store import Store


@asynccontextmanager
async def opened(address: str, *, serving: bool = False) -> AsyncIterator[Store]:
    """A store, closed at the end."""
    store = await open_store(address, serving=serving)
    try:
        yield store
    finally:
        await store.close()


OpenStore = Callable[[], Awaitable[Store]]
"""Opens a store once more, as another process or node would."""


def document(text: bytes) -> bytes:
    """A document with this text, as one update."""
    doc: Doc[Text] = Doc()
    doc.get("body", type=Text).insert(0, text.decode())
    return doc.get_update()


def picture(room: int, data: bytes) -> Blob:
    return Blob(room, hashlib.sha256(data).digest(), "image/png", data)


def update(room: RoomRecord, data: bytes, time: int = 0, member: int | None = None) -> Update:
    return Update(room.id, time, member, data)


async def logged(store: Store, room: RoomRecord, after: int = 0) -> list[tuple[int, bytes]]:
    """Number and data of each entry of the log."""
    return [(entry.seq, entry.data) for entry in await store.read_after(room.id, after)]
