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
from cowrite_server.sockets.unsent import Unsent
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

    def receive(self, message: bytes, is_alone: bool = False) -> None:
        """Nothing comes."""

    def received(self) -> None:
        """Nothing to pass on."""

    def exceeded(self, limit: str) -> None:
        """Nothing is too much."""

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
        given = Settings(store=""), Figures(), loop, Turns(loop), Unfinished(1), Unsent(1)
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


class Wire(asyncio.Transport):
    """A connection on which nothing is sent."""

    aborted = False

    def write(self, data: object) -> None:
        """Goes nowhere."""

    def get_write_buffer_size(self) -> int:
        """Nothing waits."""
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """There are none."""

    def pause_reading(self) -> None:
        """Nothing is read."""

    def resume_reading(self) -> None:
        """Nothing is read."""

    def is_closing(self) -> bool:
        """Whether it was cut."""
        return self.aborted

    def abort(self) -> None:
        """Cuts it."""
        self.aborted = True


class Deaf(Ear):
    """Takes no message."""

    def receive(self, message: bytes, is_alone: bool = False) -> None:
        """Fails."""
        raise ZeroDivisionError


async def test_a_client_of_whom_a_message_cannot_be_taken_is_cut_whatever_the_loop_makes_of_it() -> None:
    door, wire, loop = Door(), Wire(), asyncio.get_running_loop()
    here = Socket(door, Settings(store=""), Figures(), loop, Turns(loop), Unfinished(1), Unsent(1))
    here.connection_made(wire)
    here.data_received(HANDSHAKE)
    here.start(Deaf())
    assert not wire.aborted
    with pytest.raises(ZeroDivisionError):
        here.data_received(b"\x82\x81\0\0\0\0x")
    assert wire.aborted
