"""Sockets: the TCP connections of one server, how many come from one address, and which wait to be let in.

Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator

from cowrite_server.figures import Figures
from cowrite_server.open_files import Room
from cowrite_server.protocol import Close
from cowrite_server.websocket import Socket

_WARN_AGAIN = 60.0  # seconds between two lines in the log that say the same

_logger = logging.getLogger(__name__)


class Sockets:
    """All connections that stand."""

    def __init__(self, room: Room, most_waiting: int, figures: Figures) -> None:
        """None yet.

        Args:
            room: how many there is room for.
            most_waiting: so many may wait to be let in.
            figures: the server's counts.
        """
        self._room = room
        self._most_waiting = most_waiting
        self._figures = figures
        self._warned = -_WARN_AGAIN
        self._addresses: dict[Socket, str | None] = {}
        self._from: Counter[str] = Counter()
        self._waiting: set[Socket] = set()
        self._all_lost = asyncio.Event()

    def __iter__(self) -> Iterator[Socket]:
        """Those that stand now, whatever becomes of them meanwhile."""
        return iter(list(self._addresses))

    @property
    def are_full(self) -> bool:
        """Whether as many stand as may."""
        return self._room.most is not None and len(self._addresses) >= self._room.most

    @property
    def are_too_many(self) -> bool:
        """Whether more stand than may."""
        return self._room.most is not None and len(self._addresses) > self._room.most

    @property
    def are_crowded(self) -> bool:
        """Whether so many stand that few open files are left."""
        return self._room.crowded is not None and len(self._addresses) > self._room.crowded

    def made(self, socket: Socket) -> bool:
        """One stands; says whether there is room for it to wait."""
        self._addresses[socket] = None
        if len(self._waiting) >= self._most_waiting:
            return False
        self._waiting.add(socket)
        return True

    def refuse(self) -> None:
        """Takes note that one finds no room, and writes it into the log now and then."""
        self._figures.refusals["server_clients"] += 1
        now = asyncio.get_running_loop().time()
        if now - self._warned >= _WARN_AGAIN:
            self._warned = now
            _logger.warning(
                "The server has as many connections as server_clients allows (%s) and lets nobody else in; where the "
                "system allows no more, let it open more files (ulimit -n, LimitNOFILE).",
                self._room.most,
            )

    def came_from(self, socket: Socket, address: str) -> int:
        """One has said where it comes from; gives how many do, itself included."""
        self._addresses[socket] = address
        self._from[address] += 1
        return self._from[address]

    def let_in(self, socket: Socket) -> None:
        """One waits no longer."""
        self._waiting.discard(socket)

    def lost(self, socket: Socket) -> None:
        """One is gone."""
        self._waiting.discard(socket)
        address = self._addresses.pop(socket, None)
        if address is not None:
            self._from[address] -= 1
            if not self._from[address]:
                del self._from[address]
        if not self._addresses:
            self._all_lost.set()

    async def say_goodbye(self, patience: float) -> None:
        """Closes all, and cuts those that have not gone after so many seconds."""
        for socket in self:
            socket.close(Close.SHUTTING_DOWN)
        if self._addresses:
            self._all_lost.clear()
            try:
                await asyncio.wait_for(self._all_lost.wait(), patience)
            except TimeoutError:
                for socket in self:
                    socket.abort()
                await asyncio.sleep(0)
