"""Handshakes: whoever connects to a port with TLS, until they have agreed on the encryption.

asyncio would do this by itself and tell nobody: not of a connection that says nothing, and not of one that fails. So
connections are accepted here, and are counted as waiting from the beginning. To agree with one takes milliseconds of
the processor; where many begin at once they take turns, between which everybody else is looked after. Runs on the
server's event loop.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol

from cowrite_server.sockets.websocket import Socket

_AGAIN = 1.0  # seconds until it is tried again to accept connections where the system could not

_AT_LEAST = 0.1  # seconds for the rest of it, where the server was slow to hear the beginning

_GONE = (errno.EPROTO, errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.EPERM)
"""What accept(2) says, beside that it was aborted, of one connection that has come to nothing before that."""

_logger = logging.getLogger(__name__)


class Doorkeeper(Protocol):
    """Watches over those who have connected and not yet agreed on the encryption."""

    def knocked(self, socket: Socket, address: str, cut: Callable[[], None]) -> bool:
        """A TCP connection stands; says whether it may go on."""

    def fell_silent(self, socket: Socket) -> None:
        """It did not agree in time."""

    def lost(self, socket: Socket) -> None:
        """It is gone before it agreed."""


class TlsListener:
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
        self.sockets = sockets
        self._make_socket = make_socket
        self._keeper = keeper
        self._tls = tls
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        for each in sockets:
            self._begin(self._accept(each), "accept connections").add_done_callback(partial(_close, each))

    def close(self) -> None:
        """Accepts nobody any more, and cuts those who have not agreed yet."""
        for task in self._tasks:
            task.cancel()  # what listens is closed when its task has ended, so that nothing waits for it any more

    def _begin(self, work: Coroutine[None, None, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, address = await loop.sock_accept(listening)
            except OSError as error:
                if isinstance(error, ConnectionError) or error.errno in _GONE:
                    await asyncio.sleep(0)
                    continue  # others may wait behind it
                _logger.error("No connection can be accepted at the moment (%s).", error.strerror or error)
                await asyncio.sleep(_AGAIN)
                continue
            # Some systems name no address where the client is gone already.
            shaking = self._shake_hands(connection, address[0] if address else "")
            self._begin(shaking, "agree on the encryption").add_done_callback(partial(_let_go, connection))
            await asyncio.sleep(0)  # there may be many more, and those who are here have their turn

    async def _shake_hands(self, connection: socket.socket, address: str) -> None:
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


def _let_go(connection: socket.socket, shaking: asyncio.Task[None]) -> None:
    if shaking.cancelled():  # perhaps before it has begun
        connection.close()


def _close(listening: socket.socket, _accepting: asyncio.Task[None]) -> None:
    listening.close()


def _cut(connection: socket.socket) -> None:
    """Ends a connection of which the event loop has taken hold: it finds the end, and lets go."""
    with suppress(OSError):  # it has ended by itself
        connection.shutdown(socket.SHUT_RDWR)
