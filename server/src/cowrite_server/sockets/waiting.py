"""Waiting: connections that have not been let in yet, and which of them gives way where there is no room for more.

Whoever connects and asks for nothing costs a stranger nothing. So no such connection keeps a newcomer out: the one that
has been silent longest goes, of the address from which most come, as nobody can have many addresses as cheaply as many
connections. Runs on the server's event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cowrite_server.sockets.websocket import Socket


class _Waiter(NamedTuple):
    address: str
    cut: Callable[[], None]


class Waiting:
    """Those who wait."""

    def __init__(self) -> None:
        self._waiters: dict[Socket, _Waiter] = {}
        self._idle: dict[str, dict[Socket, None]] = {}

    def __len__(self) -> int:
        return len(self._waiters)

    def __contains__(self, socket: Socket) -> bool:
        return socket in self._waiters

    @property
    def has_idle(self) -> bool:
        """Whether one of them would give way."""
        return bool(self._idle)

    def add(self, socket: Socket, address: str, cut: Callable[[], None]) -> None:
        """One begins to wait.

        Args:
            socket: which one.
            address: where its TCP connection comes from.
            cut: ends it.
        """
        self._waiters[socket] = _Waiter(address, cut)
        self.idle(socket)

    def remove(self, socket: Socket) -> None:
        """One waits no longer, if it did."""
        self.busy(socket)
        self._waiters.pop(socket, None)

    def busy(self, socket: Socket) -> None:
        """What one has asked for is being decided; it gives way to nobody."""
        if (waiter := self._waiters.get(socket)) is not None:
            idle = self._idle.get(waiter.address, {})
            idle.pop(socket, None)
            if not idle:
                self._idle.pop(waiter.address, None)

    def idle(self, socket: Socket) -> None:
        """One asks for nothing from now on: it has come, has agreed on its encryption, or was refused and has only not
        gone yet."""
        if (waiter := self._waiters.get(socket)) is not None:
            idle = self._idle.setdefault(waiter.address, {})
            idle.pop(socket, None)  # it has not been silent before this
            idle[socket] = None

    def give_way(self) -> bool:
        """Cuts one that asks for nothing; says whether there was one."""
        if not self._idle:
            return False
        crowd = max(self._idle, key=lambda address: len(self._idle[address]))
        socket = next(iter(self._idle[crowd]))
        cut = self._waiters[socket].cut
        self.remove(socket)
        cut()
        return True
