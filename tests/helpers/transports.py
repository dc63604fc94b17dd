"""A transport at work: against a server of a few lines, and what it tells."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import TypeVar

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from cowrite.sync.link import Link
from cowrite.sync.transport import Transport
from cowrite.sync.transport_events import Received, TransportEvent
from helpers.fault_proxy import FaultProxy

E = TypeVar("E", bound=TransportEvent)
Handler = Callable[[ServerConnection], Awaitable[None]]
WAIT = 20.0  # seconds until a test gives up on an event


async def echo(connection: ServerConnection) -> None:
    """Sends everything back."""
    try:
        async for message in connection:
            await connection.send(message)
    except ConnectionClosed:
        pass


async def listen(connection: ServerConnection) -> None:
    """Takes everything in and says nothing."""
    await connection.wait_closed()


class Listener:
    """Collects a transport's events and lets a test wait for one."""

    def __init__(self) -> None:
        self.events: list[TransportEvent] = []
        self.transport: Transport | None = None  # is told of what is taken
        self._queue: asyncio.Queue[TransportEvent] = asyncio.Queue()

    def __call__(self, event: TransportEvent) -> None:
        self.events.append(event)
        self._queue.put_nowait(event)

    async def next(self, kind: type[E]) -> E:
        """The next event of this kind; others before it are passed over."""
        async with asyncio.timeout(WAIT):
            while True:
                event = await self._queue.get()
                if isinstance(event, Received) and self.transport is not None:
                    self.transport.took(event.connection, event.cost)
                if isinstance(event, kind):
                    return event


@asynccontextmanager
async def serving(handler: Handler, port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    async with serve(
        handler, "127.0.0.1", port, subprotocols=[Subprotocol("cowrite.v1")], max_size=None, ssl=tls, close_timeout=0.2
    ) as server:
        yield server


@asynccontextmanager
async def proxied(handler: Handler) -> AsyncIterator[FaultProxy]:
    """A server behind a network that fails on demand."""
    async with serving(handler) as server, FaultProxy("127.0.0.1", port_of(server)) as proxy:
        yield proxy


def port_of(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


@asynccontextmanager
async def running(
    port: int,
    *,
    host: str = "127.0.0.1",
    secret: str = "key",
    tls: bool = False,
    epoch: str | None = None,
    extra_ca: Path | None = None,
    chance: Random | None = None,
) -> AsyncIterator[tuple[Transport, Listener]]:
    listener = Listener()
    link = Link(host, port, "room", secret, tls)
    transport = Transport(link, listener, random=chance or Random(1), epoch=epoch, extra_ca=extra_ca)
    listener.transport = transport
    task = asyncio.create_task(transport.run())
    try:
        yield transport, listener
    finally:
        async with asyncio.timeout(WAIT):
            await transport.close()
            await task
