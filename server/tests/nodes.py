"""Several servers on one store, and those who visit them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

from cowrite_server.server import Server
from cowrite_server.settings.settings import Settings
from cowrite_server.wire.protocol import Role
from sync_clients import Client, StockClient, until
from team import own

NEVER = 1000.0
"""Seconds that are longer than any test."""


class Nodes:
    """Servers on one database and one Redis, and the clients that visit them."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self.settings = settings
        self.servers: list[Server] = []
        self._stack = stack
        self._secrets: dict[str, str] = {}

    async def start(self, count: int, **changes: Any) -> list[Server]:
        """Starts servers."""
        for _ in range(count):
            server = await Server.start(replace(self.settings, **changes))
            self._stack.push_async_callback(server.close)
            self.servers.append(server)
        return self.servers

    async def client(
        self, node: int, *, room: str = "room", secret: str | None = None, stock: bool = False, name: str | None = None
    ) -> Client:
        """A client of one of the servers, synced."""
        if secret is None:
            if room not in self._secrets:
                self._secrets[room] = await self.servers[0].invite(room, Role.EDITOR)
            secret = self._secrets[room]
        made = StockClient() if stock else Client(member=name and own(name), name=name)
        await made.open(self.servers[node].url, room, secret)
        self._stack.push_async_callback(made.leave)
        await made.until_synced()
        return made


StartNodes = Callable[..., Awaitable[Nodes]]


async def converged(*clients: Client) -> None:
    """Waits until all clients have the same text, and everything is saved."""
    for client in clients:
        await client.until_saved()
    await until(lambda: len({client.text for client in clients}) == 1)
