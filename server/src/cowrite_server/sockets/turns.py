"""Turns: connections whose messages take long, one after the other, behind everybody else.

What a client asks may cost so much that a few of them would keep the event loop from all others. Whoever's messages
have taken longer than a letter does is read again when it is their turn, and between two turns the server rests for as
long as the last has taken, so that letters and newcomers find it free. Where nobody else wants it nothing is lost but
that rest. Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from time import monotonic

_REST_AT_MOST = 0.5
"""Seconds of rest, however much was done before: some messages take long by themselves."""

_CLOCK_SECONDS = 0.001
"""A timer may be early by so much."""

TakeTurn = Callable[[], bool]
"""Goes on with a connection that has waited; says whether there was anything to go on with."""


class Turns:
    """Those who wait for their turn."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nobody yet.

        Args:
            loop: the server's.
        """
        self._loop = loop
        self._waiting: deque[TakeTurn] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._rests_until = 0.0

    def wait(self, take_turn: TakeTurn, taken: float) -> None:
        """One waits, behind those who wait already.

        Args:
            take_turn: called once, when it is its turn.
            taken: seconds that it has taken just now.
        """
        now = monotonic()
        self._rests_until = min(max(self._rests_until, now) + taken, now + _REST_AT_MOST)
        self._waiting.append(take_turn)
        self._rest()

    def _rest(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(max(self._rests_until - monotonic(), 0.0), self._next)

    def _next(self) -> None:
        self._timer = None
        if self._rests_until - monotonic() > _CLOCK_SECONDS:  # others have taken their time since it was set
            self._rest()
            return
        try:
            while self._waiting:
                if self._waiting.popleft()():
                    break  # the others wait until it is clear how long this one takes
        finally:  # also where that failed
            if self._waiting:
                self._rest()
