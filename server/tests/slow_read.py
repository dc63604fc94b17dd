"""A store that reads a room when it is told to, and what a store has of all rooms."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from cowrite_server.errors import StoreFailed
from cowrite_server.store.records import RoomLog
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.sqlite.store import SqliteStore
from house import House


def stored_updates(house: House) -> list[bytes]:
    with closing(sqlite3.connect(house.folder / FILE_NAME)) as connection:
        return [data for (data,) in connection.execute("SELECT data FROM updates ORDER BY room, seq")]


class SlowRead:
    """A store that reads a room when it is told to, and counts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.go = asyncio.Event()
        self.failing = False
        read_room = SqliteStore.read_room

        async def slow(store: SqliteStore, room: int) -> RoomLog:
            self.count += 1
            await self.go.wait()
            if self.failing:
                raise StoreFailed("the disk is gone")
            return await read_room(store, room)

        monkeypatch.setattr(SqliteStore, "read_room", slow)
