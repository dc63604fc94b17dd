"""A server for tests, with a real database and real sockets, and the clients that visit it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from clock import Clock
from cowrite_server.server import Server
from cowrite_server.settings.settings import Settings
from cowrite_server.wire.protocol import Role
from sync_clients import Client, StockClient


class House:
    """A server, and everybody who visits it in one test."""

    def __init__(self, folder: Path, settings: Settings, stack: AsyncExitStack) -> None:
        self.folder = folder
        self.settings = settings
        self.clock = Clock()
        self._stack = stack
        self._servers: list[Server] = []

    @property
    def server(self) -> Server:
        """The server that was started last."""
        return self._servers[-1]

    @property
    def connection_count(self) -> int:
        """How many clients are in rooms of that server."""
        return len(self.server._attendance)

    @property
    def room_count(self) -> int:
        """How many rooms it has in memory."""
        return len(self.server._rooms)

    async def start(self, **changes: Any) -> Server:
        """Starts a server, on the same data folder as the one before."""
        server = await Server.start(replace(self.settings, **changes), now=self.clock)
        self._servers.append(server)
        return server

    async def stop(self) -> None:
        """Stops the server."""
        await self.server.close()

    async def secret(self, role: Role = Role.EDITOR, room: str = "room") -> str:
        """An invite's secret."""
        return await self.server.invite(room, role)

    async def two_and_an_update_that_waits(self) -> tuple[Client, Client]:
        """Ann and Ben, who see "ab"; the log has the first letter on disk, and the second waits there for others."""
        ann, ben = await self.client(), await self.client()
        await ann.write("a")
        await ann.until_saved()
        await ann.write("b")
        await ben.until(lambda: ben.text == "ab")
        return ann, ben

    async def client(self, secret: str | None = None, *, room: str = "room", client: Client | None = None) -> Client:
        """A `cowrite.v1` client, synced; an editor unless the secret says otherwise."""
        made = await self.enter(client or Client(), secret, room=room)
        await made.until_synced()
        return made

    async def stock(self, secret: str | None = None, *, room: str = "room") -> Client:
        """A stock client, synced."""
        return await self.client(secret, room=room, client=StockClient())

    async def enter(
        self, client: Client, secret: str | None = None, *, room: str = "room", epoch: str | None = None
    ) -> Client:
        """Connects a client and waits for nothing."""
        if secret is None:
            secret = await self.secret(room=room)
        await client.open(self.server.url, room, secret, epoch)
        self._stack.push_async_callback(client.leave)
        return client

    async def close(self) -> None:
        """Stops all servers."""
        for server in reversed(self._servers):
            await server.close()


MakeHouse = Callable[..., Awaitable[House]]
