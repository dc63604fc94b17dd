"""Accepting: whoever connects to a port is taken in turn, whatever becomes of one of them.

Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from time import monotonic

_AGAIN = 1.0  # seconds until it is tried again to accept connections where the system could not

_TELL_AGAIN = 60.0
"""Seconds after which the log says again that it could not."""

_GONE = (errno.EPROTO, errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.EPERM)
"""What accept(2) says, beside that it was aborted, of one connection that has come to nothing before that."""

_GONE_ON_WINDOWS = 64  # ERROR_NETNAME_DELETED

_logger = logging.getLogger(__name__)


class Listener(ABC):
    """Accepts connections."""

    def __init__(self, sockets: Sequence[socket.socket]) -> None:
        """Begins to accept.

        Args:
            sockets: those that listen; they do not block.
        """
        self.sockets = sockets
        self._told = -_TELL_AGAIN
        self._tasks: set[asyncio.Task[None]] = set()
        for each in sockets:
            self._begin(self._accept(each), "accept connections").add_done_callback(partial(_close, each))

    def close(self) -> None:
        """Accepts nobody any more, and cuts those who are not taken yet."""
        for task in self._tasks:
            task.cancel()  # what listens is closed when its task has ended, so that nothing waits for it any more

    @abstractmethod
    async def _take(self, connection: socket.socket, address: str) -> None:
        """Has a connection speak.

        Args:
            connection: it.
            address: where it comes from; empty where the client is gone already.
        """

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
                if _is_gone(error):
                    await asyncio.sleep(0)
                    continue  # others may wait behind it
                self._tell(error)
                await asyncio.sleep(_AGAIN)
                continue
            # Some systems name no address where the client is gone already.
            taking = self._begin(self._take(connection, address[0] if address else ""), "take a connection")
            taking.add_done_callback(partial(_let_go, connection))
            await asyncio.sleep(0)  # there may be many more, and those who are here have their turn

    def _tell(self, error: OSError) -> None:
        """Writes into the log why nobody is accepted, now and then: it goes on for as long as the system lacks it."""
        now = monotonic()
        if now - self._told >= _TELL_AGAIN:
            self._told = now
            reason = error.strerror or error
            _logger.error("No connection can be accepted at the moment; it is tried again each second (%s).", reason)


class PlainListener(Listener):
    """Accepts connections without encryption.

    WORKAROUND python/cpython#93821: on Windows asyncio by itself closes a port for good where a client is gone before
    it is accepted.
    """

    def __init__(self, sockets: Sequence[socket.socket], make_socket: Callable[[], asyncio.BaseProtocol]) -> None:
        """Begins to accept.

        Args:
            sockets: those that listen; they do not block.
            make_socket: makes what speaks with each.
        """
        self._make_socket = make_socket
        super().__init__(sockets)

    async def _take(self, connection: socket.socket, address: str) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(self._make_socket, connection)
        except OSError:  # it is gone by now
            connection.close()


def _is_gone(error: OSError) -> bool:
    code = getattr(error, "winerror", None)
    return isinstance(error, ConnectionError) or error.errno in _GONE or code == _GONE_ON_WINDOWS


def _let_go(connection: socket.socket, taking: asyncio.Task[None]) -> None:
    if taking.cancelled():  # perhaps before it has begun
        connection.close()


def _close(listening: socket.socket, _accepting: asyncio.Task[None]) -> None:
    listening.close()
