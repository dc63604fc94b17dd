"""Sockets: the TCP connections of one server, how many come from one address, and which wait to be let in.

Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cowrite_server.addresses import network_of
from cowrite_server.figures import Figures
from cowrite_server.sockets.open_files import Capacity
from cowrite_server.sockets.waiting import Waiting
from cowrite_server.sockets.websocket import Socket
from cowrite_server.wire.protocol import Close

_CUT_AGAIN = 0.02
"""Seconds between two cuts. Whoever comes again at once when it is cut would otherwise cut another one that does so
too, without end; meanwhile more stand than should."""

_MANY_MORE = 4
"""Times as many as may wait, at most, wait for the next cut."""

_WARN_AGAIN = 60.0  # seconds between two lines in the log that say the same

_logger = logging.getLogger(__name__)


class Sockets:
    """All connections that stand."""

    def __init__(self, capacity: Capacity, most_waiting: int, figures: Figures) -> None:
        """None yet.

        Args:
            capacity: how many there is room for.
            most_waiting: so many may wait to be let in.
            figures: the server's counts.
        """
        self._capacity = capacity
        self._most_waiting = most_waiting
        self._figures = figures
        self._warned = -_WARN_AGAIN
        self._addresses: dict[Socket, str | None] = {}
        self._from: Counter[str] = Counter()
        self._knocking: set[Socket] = set()
        self._waiting = Waiting()
        self._cutting: asyncio.TimerHandle | None = None
        self._all_lost = asyncio.Event()

    def __iter__(self) -> Iterator[Socket]:
        """Those that stand now, whatever becomes of them meanwhile."""
        return iter(list(self._addresses))

    @property
    def count(self) -> int:
        """How many stand, those included that are to agree on their encryption."""
        return len(self._addresses) + len(self._knocking)

    @property
    def are_full(self) -> bool:
        """Whether nobody else finds room."""
        has_room = self._has_room() and len(self._waiting) < self._most_waiting
        return not has_room and not self._waiting.has_idle

    @property
    def are_too_many(self) -> bool:
        """Whether more stand than may."""
        return self._capacity.most is not None and self.count > self._capacity.most

    @property
    def are_crowded(self) -> bool:
        """Whether so many stand that few open files are left."""
        return self._capacity.crowded is not None and self.count > self._capacity.crowded

    def knocked(self, socket: Socket, address: str, cut: Callable[[], None]) -> bool:
        """The TCP connection of one stands that is to agree on its encryption; says whether there is room for it.

        Args:
            socket: which one.
            address: where it comes from.
            cut: ends it.
        """
        self._knocking.add(socket)
        if not self._wait(socket, address, cut):
            return False
        if self.are_crowded:
            self.refuse()
            return False
        return True

    def fell_silent(self, _socket: Socket) -> None:
        """One did not agree on its encryption in time."""
        self._figures.refusals["handshake_seconds"] += 1

    def made(self, socket: Socket) -> bool:
        """One stands; says whether there is room for it to wait."""
        self._knocking.discard(socket)
        self._addresses[socket] = None
        if socket in self._waiting:
            self._waiting.idle(socket)
            return True
        return self._wait(socket, socket.peer, socket.abort)

    @contextmanager
    def deciding(self, socket: Socket) -> Iterator[None]:
        """While it is decided on what one has asked for."""
        self._waiting.busy(socket)
        try:
            yield
        finally:
            self._waiting.idle(socket)

    def refuse(self) -> None:
        """Takes note that one finds no room, and writes it into the log now and then."""
        self._figures.refusals["server_clients"] += 1
        now = asyncio.get_running_loop().time()
        if now - self._warned >= _WARN_AGAIN:
            self._warned = now
            _logger.warning(
                "The server has as many connections as server_clients allows (%s) and lets nobody else in; where the "
                "system allows no more, let it open more files (ulimit -n, LimitNOFILE).",
                self._capacity.most,
            )

    def came_from(self, socket: Socket, address: str) -> int:
        """One has said where it comes from; gives how many do, itself included."""
        self._addresses[socket] = address
        self._from[address] += 1
        return self._from[address]

    def let_in(self, socket: Socket) -> None:
        """One waits no longer."""
        self._waiting.remove(socket)

    def lost(self, socket: Socket) -> None:
        """One is gone."""
        self._knocking.discard(socket)
        self._waiting.remove(socket)
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

    def _has_room(self) -> bool:
        return self._capacity.most is None or self.count < self._capacity.most

    def _wait(self, socket: Socket, address: str, cut: Callable[[], None]) -> bool:
        if self.are_too_many and self._waiting.give_way():
            self._figures.refusals["server_clients"] += 1
        if len(self._waiting) >= self._most_waiting and not self._waiting.has_idle:
            self._figures.refusals["waiting_clients"] += 1
            return False
        if len(self._waiting) >= _MANY_MORE * self._most_waiting:
            self._cut()
        self._waiting.add(socket, network_of(address) or address, cut)
        self._cut_soon()
        return True

    def _cut_soon(self) -> None:
        if self._cutting is None and len(self._waiting) > self._most_waiting:
            self._cutting = asyncio.get_running_loop().call_later(_CUT_AGAIN, self._cut_one)

    def _cut_one(self) -> None:
        self._cutting = None
        if len(self._waiting) > self._most_waiting and self._cut():
            self._cut_soon()

    def _cut(self) -> bool:
        if not self._waiting.give_way():
            return False
        self._figures.refusals["waiting_clients"] += 1
        return True
