"""The network between a window and the server, with a switch.

Runs an asyncio loop on a thread of its own and forwards one TCP port.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import Future

CHUNK = 64 * 1024  # bytes read at a time
PATIENCE = 30.0  # seconds for the thread to begin and to end


class Cable:
    """Forwards connections to a port on this computer until it is pulled out.

    Args:
        port: the port to forward to.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._plugged = True
        self._writers: set[asyncio.StreamWriter] = set()
        listening = Future[int]()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(listening)), name="cable", daemon=True)
        self._thread.start()
        self.port = listening.result(PATIENCE)

    def pull(self) -> None:
        """Cuts every connection; new ones fail."""
        self._loop.call_soon_threadsafe(self._set, False)

    def plug(self) -> None:
        """Lets connections through again."""
        self._loop.call_soon_threadsafe(self._set, True)

    def close(self) -> None:
        """Ends the thread."""
        self.pull()
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(PATIENCE)

    async def _serve(self, listening: Future[int]) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(self._accept, "127.0.0.1", 0) as server:
            listening.set_result(server.sockets[0].getsockname()[1])
            await self._closing.wait()

    def _set(self, plugged: bool) -> None:
        self._plugged = plugged
        if not plugged:
            for writer in list(self._writers):
                writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._plugged:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, back}
        try:
            await asyncio.gather(self._forward(reader, back), self._forward(there, writer))
        finally:
            self._writers -= {writer, back}
            writer.close()
            back.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                writer.write(data)
                await writer.drain()
        writer.close()
