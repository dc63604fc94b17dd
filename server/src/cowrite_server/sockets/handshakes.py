"""Handshakes: whoever connects to a port with TLS, until they have agreed on the encryption.

asyncio would do this by itself and tell nobody: not of a connection that says nothing, and not of one that fails. So
connections are accepted here, and are counted as waiting from the beginning. To agree with one takes milliseconds of
the processor; where many begin at once they take turns, between which everybody else is looked after. Runs on the
server's event loop.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from cowrite_server.sockets.accepting import Listener
from cowrite_server.sockets.websocket import Socket

_AT_LEAST = 0.1  # seconds for the rest of it, where the server was slow to hear the beginning


class Doorkeeper(Protocol):
    """Watches over those who have connected and not yet agreed on the encryption."""

    def knocked(self, socket: Socket, address: str, cut: Callable[[], None]) -> bool:
        """A TCP connection stands; says whether it may go on."""

    def fell_silent(self, socket: Socket) -> None:
        """It did not agree in time."""

    def lost(self, socket: Socket) -> None:
        """It is gone before it agreed."""


class TlsListener(Listener):
    """Accepts connections, and lets those that agree on the encryption speak with their sockets."""

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        make_socket: Callable[[], Socket],
        keeper: Doorkeeper,
        tls: ssl.SSLContext,
        seconds: float,
    ) -> None:
        """Begins to accept.

        Args:
            sockets: those that listen; they do not block.
            make_socket: makes what speaks with one client.
            keeper: is told of each.
            tls: what the encryption is like.
            seconds: so long each may take to agree on it.
        """
        self._make_socket = make_socket
        self._keeper = keeper
        self._tls = tls
        self._seconds = seconds
        self._turn = asyncio.Lock()
        super().__init__(sockets)

    async def _take(self, connection: socket.socket, address: str) -> None:
        client = self._make_socket()
        if not self._keeper.knocked(client, address, lambda: _cut(connection)):
            self._keeper.lost(client)
            connection.close()
            return
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            if not await self._speaks(connection):
                self._keeper.fell_silent(client)
                self._keeper.lost(client)
                connection.close()
                return
            left = max(begun + self._seconds - loop.time(), _AT_LEAST)
            async with self._turn:
                await asyncio.sleep(0)
            await loop.connect_accepted_socket(lambda: client, connection, ssl=self._tls, ssl_handshake_timeout=left)
        except BaseException as error:
            if isinstance(error, ConnectionAbortedError):
                self._keeper.fell_silent(client)
            self._keeper.lost(client)
            if not isinstance(error, OSError):  # as those of TLS are, and the client's doing
                _cut(connection)
                raise

    async def _speaks(self, connection: socket.socket) -> bool:
        """Waits until something comes from a client, or it has gone; says whether that was in time."""
        loop = asyncio.get_running_loop()
        heard = asyncio.Event()
        try:
            loop.add_reader(connection, heard.set)
        except NotImplementedError:  # asyncio's loop on Windows has no such thing
            return True
        try:
            async with asyncio.timeout(self._seconds):
                await heard.wait()
        except TimeoutError:
            return False
        finally:
            loop.remove_reader(connection)
        return True


def _cut(connection: socket.socket) -> None:
    """Ends a connection of which the event loop has taken hold: it finds the end, and lets go."""
    with suppress(OSError):  # it has ended by itself
        connection.shutdown(socket.SHUT_RDWR)
