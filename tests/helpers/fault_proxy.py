"""A TCP proxy that a test can make slow, cut, or deaf: what a network does to real sockets.

async with FaultProxy("127.0.0.1", server_port) as proxy:
    ...  # clients connect to proxy.port
    proxy.blackhole()  # packets vanish, nobody is told
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from types import TracebackType
from typing import Self

_CHUNK = 16 * 1024
_SLOW_CHUNK = 1024  # at a rate, so that it is an even one
_CHUNKS_HELD = 16  # chunks on their way in one direction; then the sender is slowed, as by a full network


class FaultProxy:
    """Forwards connections to one server, as well or as badly as it is told."""

    def __init__(self, host: str, port: int) -> None:
        """Forwards to `host` and `port` once it is entered."""
        self._upstream = (host, port)
        self._server: asyncio.Server | None = None
        self._passing = asyncio.Event()
        self._passing.set()
        self._is_cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.delay = 0.0
        """Seconds that each byte takes in each direction."""
        self.rate: float | None = None
        """Bytes a second that each connection carries in each direction; None for as many as there are."""
        self.accepted = 0
        """Number of connections accepted so far."""

    async def __aenter__(self) -> Self:
        listening = socket.create_server(("127.0.0.1", 0))
        # A slow network holds little: without this, megabytes rest in the kernel and count as sent.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * _CHUNK)
        self._server = await asyncio.start_server(self._accept, sock=listening)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def redirect(self, port: int) -> None:
        """Later connections go to another port of the server's host: the server was started anew."""
        self._upstream = (self._upstream[0], port)

    def cut(self) -> None:
        """Resets all connections, and each new one, until `restore`."""
        self._is_cut = True
        self._abort_all()

    def reset(self) -> None:
        """Resets all connections; new ones work."""
        self._abort_all()

    def blackhole(self) -> None:
        """Lets packets vanish both ways without closing anything, until `restore`: connections are half open."""
        self._passing.clear()

    def strand(self) -> None:
        """Loses all packets of the connections that there are, for good and without a word; new ones work.

        So it is for whoever comes into another network, or whose router forgets them.
        """
        self._passing, stranded = asyncio.Event(), self._passing
        self._passing.set()
        stranded.clear()

    def restore(self) -> None:
        """Works well again; what a black hole swallowed arrives, as TCP sends it again."""
        self._is_cut = False
        self._passing.set()

    def _abort_all(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            if not self._is_cut:
                passing = self._passing
                await passing.wait()
                await self._forward(reader, writer, passing)
        except (OSError, asyncio.CancelledError):
            pass  # a fault on one side is a fault on the other
        finally:
            writer.transport.abort()
            self._writers.discard(writer)
            self._tasks.discard(task)

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passing: asyncio.Event
    ) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._upstream)
        self._writers.add(there_writer)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, there_writer, passing))
                group.create_task(self._pump(there_reader, writer, passing))
        except* OSError:
            pass
        finally:
            there_writer.transport.abort()
            self._writers.discard(there_writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passing: asyncio.Event) -> None:
        held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_CHUNKS_HELD)
        loop = asyncio.get_running_loop()

        async def take() -> None:
            while True:
                await passing.wait()
                data = await reader.read(_CHUNK if self.rate is None else _SLOW_CHUNK)
                if self.rate is not None:
                    await asyncio.sleep(len(data) / self.rate)
                await held.put((loop.time() + self.delay, data))
                if not data:
                    return

        async def give() -> None:
            while True:
                due, data = await held.get()
                if due > loop.time():
                    await asyncio.sleep(due - loop.time())
                await passing.wait()
                if not data:
                    with contextlib.suppress(OSError):
                        writer.write_eof()
                    return
                writer.write(data)
                await writer.drain()

        async with asyncio.TaskGroup() as group:
            group.create_task(take())
            group.create_task(give())
