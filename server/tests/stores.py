"""Stores for tests, and what is put into them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from pycrdt import Doc, Text

from cowrite_server.store.opening import open_store
from cowrite_server.store.records import Blob
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
