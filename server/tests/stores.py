"""Stores for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from cowrite_server.store.opening import open_store
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
