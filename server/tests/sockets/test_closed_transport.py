"""A connection that is gone, for those who have not heard of it yet."""

from __future__ import annotations

import asyncio
import socket
import sys

import pytest

from cowrite_server.figures import Figures
from cowrite_server.settings.settings import Settings
from cowrite_server.sockets.turns import Turns
from cowrite_server.sockets.unfinished import Unfinished
from cowrite_server.sockets.websocket import Socket
from cowrite_server.wire.protocol import Close
from reset import linger_for_no_time

FACTORIES = {"asyncio": asyncio.new_event_loop}
if sys.platform != "win32":
    import uvloop

    FACTORIES["uvloop"] = uvloop.new_event_loop

HANDSHAKE = (
    b"GET /room HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Ear:
    """Hears nothing."""

    def receive(self, message: bytes) -> None:
        """Nothing comes."""

    def received(self) -> None:
        """Nothing to pass on."""

    def ended(self) -> None:
        """Nothing to do."""


class Door:
    """A host that lets everybody in."""

    def __init__(self) -> None:
        self.entered: asyncio.Future[Socket] = asyncio.get_running_loop().create_future()
        self.left: asyncio.Future[Socket] = asyncio.get_running_loop().create_future()

    def made(self, socket: Socket) -> None:
        """Nothing to decide."""

    def answer(self, socket: Socket, request: object) -> None:
        """Goes on with the handshake."""

    def opened(self, socket: Socket, request: object) -> None:
        """Somebody is in."""
        self.entered.set_result(socket)

    def lost(self, socket: Socket) -> None:
        """Somebody is gone."""
        self.left.set_result(socket)


@pytest.mark.parametrize("factory", FACTORIES.values(), ids=FACTORIES)
def test_what_is_sent_to_a_connection_that_is_gone_goes_nowhere_and_disturbs_nobody(factory) -> None:
    async def run() -> None:
        door = Door()
        loop = asyncio.get_running_loop()
        given = Settings(store=""), Figures(), loop, Turns(loop), Unfinished(1)
        server = await loop.create_server(lambda: Socket(door, *given), "127.0.0.1", 0)
        client = socket.create_connection(server.sockets[0].getsockname())
        linger_for_no_time(client)
        client.sendall(HANDSHAKE)
        here = await door.entered
        here.start(Ear())
        client.close()
        await door.left
        here.send(b"\x82\x00")
        here.reply(b"\x82\x00")
        here.close(Close.WITHDRAWN)
        server.close()
        await server.wait_closed()

    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(run())
