"""Thousands of visits to a real server process, good ones and bad ones, and what is left in it afterwards."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Coroutine
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.protocol import Close, Role
from server_process import TunedServer
from sync_clients import Client, StockClient

AT_A_TIME = 20
DAMAGED_EVERY = 50
"""One in so many rooms cannot be read."""
MOST_GROWTH = 1.1
"""Resident memory after all visits, as a multiple of what it was once each room had been visited: until then the server
has not held so many people and rooms at a time, and its database's cache has not seen them."""

SETTINGS: dict[str, Any] = {"idle_seconds": 0.2, "silence_seconds": 3.0, "ping_seconds": 1.0, "snapshot_bytes": 2000}


class LeftBehind(AssertionError):
    """Visits left something in the server."""


@dataclass
class Report:
    """What was measured.

    Attributes:
        visits: how many there were, by kind.
        fresh: resident memory in bytes before anybody came.
        first: the same after the first visits, as many as there are ever at a time.
        before: the same once each room had been visited.
        after: the same after all visits.
        objects: what was left, by kind of object.
    """

    visits: Counter[str] = field(default_factory=Counter)
    fresh: int = 0
    first: int = 0
    before: int = 0
    after: int = 0
    objects: dict[str, int] = field(default_factory=dict)


class Visits:
    """Those who come and go.

    Args:
        server: where.
        rooms: number of rooms.
        seed: decides who comes when.
    """

    def __init__(self, server: TunedServer, rooms: int, seed: int) -> None:
        self._server = server
        self._names = [f"room-{number}" for number in range(rooms)]
        self._chance = random.Random(seed)
        self._secrets: dict[str, tuple[str, str]] = {}
        self.damaged: set[str] = set()
        self.made: Counter[str] = Counter()

    async def found(self, first: int, last: int | None = None) -> None:
        """Makes some of the rooms: each is visited once by somebody who writes in it."""
        names = self._names[first:last]
        for name in names:
            editor = await self._server.secret(Role.EDITOR, name)
            self._secrets[name] = editor, await self._server.secret(Role.VIEWER, name)
        await self._at_a_time([self._edit(name, Client()) for name in names])

    def damage(self, folder: Path) -> None:
        """Makes some of the rooms unreadable."""
        self.damaged = set(self._names[::DAMAGED_EVERY])
        with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
            for name in self.damaged:
                connection.execute(
                    "UPDATE updates SET data = x'ffff' WHERE room = (SELECT id FROM rooms WHERE name = ?)", (name,)
                )
                connection.execute("DELETE FROM snapshots WHERE room = (SELECT id FROM rooms WHERE name = ?)", (name,))

    async def come(self, count: int) -> None:
        """So many visits, some of them at a time."""
        kinds = [self._edit_and_leave, self._edit_and_cut, self._stock, self._read]
        kinds += [self._wrong_secret, self._cut_while_it_is_read, self._half_a_handshake]
        for start in range(0, count, 200):
            some = min(200, count - start)
            await self._at_a_time([self._chance.choice(kinds)(self._chance.choice(self._names)) for _ in range(some)])

    async def _at_a_time(self, visits: list[Coroutine[Any, Any, None]]) -> None:
        places = asyncio.Semaphore(AT_A_TIME)

        async def one(visit: Coroutine[Any, Any, None]) -> None:
            async with places:
                await visit

        async with asyncio.TaskGroup() as group:
            for visit in visits:
                group.create_task(one(visit))

    async def _edit_and_leave(self, name: str) -> None:
        await self._edit(name, Client())

    async def _edit_and_cut(self, name: str) -> None:
        await self._edit(name, Client(), cut=True)

    async def _stock(self, name: str) -> None:
        await self._edit(name, StockClient())

    async def _edit(self, name: str, client: Client, *, cut: bool = False) -> None:
        await client.open(self._server.url, name, self._secrets[name][0])
        await client.until(lambda: client.steps or client.closed)
        if client.closed is None:
            await client.show({"name": "somebody"})
            await client.write("<visit>")
            if client.subprotocol is not None:
                await client.until(lambda: client.saved > 1 or client.closed)
        await self._end(name, client, cut=cut)

    async def _read(self, name: str) -> None:
        client = await Client().open(self._server.url, name, self._secrets[name][1])
        await client.until(lambda: client.steps or client.closed)
        await self._end(name, client)

    async def _end(self, name: str, client: Client, *, cut: bool = False) -> None:
        if name in self.damaged:
            assert client.closed is not None
            assert client.closed.code == Close.STORE_FAILED, client.closed
            self.made["failed to load"] += 1
        else:
            assert client.closed is None, client.closed
            self.made["cut" if cut else "in good order"] += 1
        if cut:
            client.cut()
        await client.leave()

    async def _wrong_secret(self, name: str) -> None:
        client = await Client().open(self._server.url, name, "wrong")
        assert (await client.until_closed()).code == Close.NOT_INVITED
        await client.leave()
        self.made["not invited"] += 1

    async def _cut_while_it_is_read(self, name: str) -> None:
        client = await Client().open(self._server.url, name, self._secrets[name][0])
        client.cut()
        await client.leave()
        self.made["cut while the room was read"] += 1

    async def _half_a_handshake(self, name: str) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self._server.port)
        writer.write(f"GET /{name} HTTP/1.1\r\nHost: x\r\n".encode())
        writer.transport.abort()
        self.made["half a handshake"] += 1


async def run_visits(folder: Path, visits: int, rooms: int, seed: int) -> Report:
    """Lets people come and go, and looks at what they leave behind.

    Args:
        folder: for the server's data.
        visits: how many, once each room has been visited.
        rooms: in how many rooms.
        seed: decides who comes when.

    Raises:
        LeftBehind: there are rooms, clients, tasks or timers that were not there before, or more memory is in use.
    """
    report = Report()
    async with TunedServer(folder, fresh=True, **SETTINGS) as server:
        report.fresh = server.memory
        people = Visits(server, rooms, seed)
        await people.found(0, AT_A_TIME)
        await _quiet(server)
        report.first = server.memory
        await people.found(AT_A_TIME)
        begun = await _quiet(server)
        report.before = server.memory
        people.damage(folder)
        people.made.clear()
        await people.come(visits)
        ended = await _quiet(server, begun["objects"])
        report.after = server.memory
        report.visits = people.made
        report.objects = ended["objects"]
        if report.after > MOST_GROWTH * report.before:
            raise LeftBehind(f"memory grew from {report.before} to {report.after} bytes")
        assert "Traceback" not in server.errors, server.errors[-3000:]
    return report


async def _quiet(server: TunedServer, objects: dict[str, int] | None = None) -> dict[str, Any]:
    """Waits until nobody and nothing is in memory any more; gives the figures.

    Args:
        server: which.
        objects: what was there before; where left out, what is there twice in a row, for a task of the server's own may
            be at work and have no timer at the moment.

    Raises:
        LeftBehind: something stays.
    """
    before: dict[str, Any] = {}
    try:
        async with asyncio.timeout(15):
            while True:
                figures = await server.figures()
                nobody = figures["rooms"] == figures["connections"] == 0 and figures["objects"]["Socket"] == 0
                nobody = nobody and not figures["has_spare_memory"]
                if nobody and figures["objects"] == (objects or before.get("objects")):
                    return figures
                before = figures
                await asyncio.sleep(0.05)  # nothing tells of it
    except TimeoutError:
        raise LeftBehind(f"there were {objects} and are {before['objects']}") from None
