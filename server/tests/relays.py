"""TCP relays for tests: over several servers, cut in the middle of a word, or silent all at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Self


class Relay:
    """Passes bytes on between clients and a server; runs with the `async with` block."""

    def __init__(self, choose: Callable[[], Sequence[int]]) -> None:
        """A relay.

        Args:
            choose: gives ports of this machine, to be tried in this order.
        """
        self._choose = choose
        self._listener: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._listener is not None
        self._listener.close()
        self.cut()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._listener is not None
        return int(self._listener.sockets[0].getsockname()[1])

    def stop_listening(self) -> None:
        """Takes no new connections."""
        assert self._listener is not None
        self._listener.close()

    def cut(self) -> None:
        """Ends all connections at once."""
        for writer in self._writers:
            writer.transport.abort()

    def hear(self, data: bytes) -> bool:
        """Looks at what a client sends before it is passed on; gives whether it is passed on."""
        return True

    def answer(self, data: bytes) -> bool:
        """The same for what the server sends."""
        return True

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        async with self._kept(writer):
            for port in self._choose():
                with suppress(OSError):
                    there, onward = await asyncio.open_connection("127.0.0.1", port)
                    async with self._kept(onward):
                        await asyncio.gather(_pass(reader, onward, self.hear), _pass(there, writer, self.answer))
                    break
        self._serving.discard(task)

    @asynccontextmanager
    async def _kept(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        self._writers.add(writer)
        try:
            yield
        finally:
            self._writers.discard(writer)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


class Balancer(Relay):
    """Gives each connection to the next server in turn, or to the first after it that listens."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self._next = 0
        super().__init__(self._in_turn)

    def _in_turn(self) -> list[int]:
        self._next += 1
        at = self._next % len(self.ports)
        return self.ports[at:] + self.ports[:at]


class Silent(Relay):
    """Passes on nothing more from the moment on that it is told so, and keeps all connections open."""

    def __init__(self, port: int) -> None:
        self.silent = False
        super().__init__(lambda: [port])

    def hear(self, data: bytes) -> bool:
        return not self.silent

    def answer(self, data: bytes) -> bool:
        return not self.silent


class CutAtCommit(Relay):
    """Leads to a PostgreSQL server and is cut once when a client commits.

    Attributes:
        armed: whether the next commit that it does not let pass cuts the connection.
        after: whether the server carries it out before; the answer is lost.
        cuts: how often it was cut.
    """

    def __init__(self, port: int, *, after: bool, passes: int = 0) -> None:
        """A relay; once it is armed, so many commits pass."""
        self._passes = passes
        self.armed = False
        self.after = after
        self.cuts = 0
        self._committed = False
        super().__init__(lambda: [port])

    def hear(self, data: bytes) -> bool:
        if not self.armed or b"COMMIT" not in data:
            return True
        if self._passes:
            self._passes -= 1
            return True
        self.armed = False
        self._committed = True
        if not self.after:
            self._lose()
        return self.after

    def answer(self, data: bytes) -> bool:
        if not self._committed or not self.after or b"COMMIT" not in data:
            return True
        self._lose()
        return False

    def _lose(self) -> None:
        self._committed = False
        self.cuts += 1
        self.cut()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, look: Callable[[bytes], bool]) -> None:
    try:
        while data := await reader.read(65536):
            if not look(data):
                return
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.transport.abort()


class Recorder(Relay):
    """Leads to one server and keeps all bytes that it says to whoever comes this way."""

    def __init__(self, port: int) -> None:
        self.said = bytearray()
        super().__init__(lambda: [port])

    def answer(self, data: bytes) -> bool:
        self.said += data
        return True
