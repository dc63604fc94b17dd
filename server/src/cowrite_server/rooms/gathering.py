"""Gathering: what has come into a room since it passed on last, and when it passes on again.

Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic

from cowrite_server.rooms.client import Client
from cowrite_server.rooms.intake import Turn
from cowrite_server.rooms.rest import Rest

_TURN_BYTES = 16 * 1024
"""Updates of one turn beyond this size are not held back to be merged with more: the library would add all of them in
one go, and how long that takes may grow with their square."""

_WORTH_COUNTING = 0.002
"""Seconds of passing on for all who wrote meanwhile, from which on each has their part of it counted, by size."""


class Gathering:
    """What one room gathers: updates of its clients and of other nodes, and whose presence has changed."""

    def __init__(self, most: float, flush: Callable[[], None]) -> None:
        """Nothing yet.

        Args:
            most: seconds that anything may wait where there is much to do.
            flush: has the room pass on what there is.
        """
        self.turn: Turn = {}
        """What clients sent."""
        self.begun = 0.0
        """When the first of that came."""
        self.arrived: list[bytes] = []
        """Updates that are in the log: what other nodes wrote."""
        self.moved: set[int] = set()
        """The clients whose presence has changed, by their ids."""
        self._updates = self._bytes = 0
        self._flush = flush
        self._rest = Rest(most, monotonic)
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.Handle | None = None

    @property
    def may_pass_on(self) -> bool:
        """Whether nothing is gathered, and what comes may go out at once."""
        return not (self.turn or self.moved or self.arrived) and self._rest.over

    def add(self, client: Client, number: int, update: bytes) -> bool:
        """Adds an update of a client; gives whether there is so much by now that it should not wait.

        Merging large updates gains nothing, and what waits here is in nobody's count.
        """
        if not self.turn:
            self.begun = monotonic()
        entries = self.turn.get(client)
        if entries is None:
            self.turn[client] = [(number, update)]
        else:
            entries.append((number, update))
        self._updates += 1
        self._bytes += len(update)
        return self._bytes > _TURN_BYTES

    def arrive(self, updates: Sequence[bytes]) -> None:
        """Adds updates of other nodes."""
        self.arrived += updates
        self.pass_on_soon()

    def move(self, ids: set[int]) -> None:
        """Adds clients whose presence has changed."""
        self.moved |= ids
        self.pass_on_soon()

    def take(self) -> tuple[Turn, set[int]]:
        """Takes out what clients sent, and the clients whose presence has changed. Does nothing more by itself until
        something comes."""
        if self._timer is not None:
            self.stop()
        turn, moved = self.turn, self.moved
        self.turn, self.moved = {}, set()
        self._updates = self._bytes = 0
        return turn, moved

    def pass_on(self) -> None:
        """Has the room pass on what clients sent and showed, now or when it has rested or so much waits that it need
        not."""
        if not (self.turn or self.moved):
            return
        if self._rest.is_over_with(self._updates):
            self._flush()
        elif self._timer is None:
            self._timer = self._loop.call_later(self._rest.left, self._flush_on_time)

    def pass_on_soon(self) -> None:
        """Has the room pass on what there is, behind all that comes at once, or when it has rested."""
        if self._timer is not None:
            return
        if self._rest.over:
            self._timer = self._loop.call_soon(self._flush_on_time)
        else:
            self._timer = self._loop.call_later(self._rest.left, self._flush_on_time)

    def passed_on(self, seconds: float, receivers: int) -> None:
        """The room has passed on, which took so many seconds, to so many clients; it rests."""
        self._rest.begin(seconds, receivers)

    def stop(self) -> None:
        """Does nothing more by itself until something comes."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _flush_on_time(self) -> None:
        self._timer = None
        sent = {client: sum([len(update) for _, update in entries]) for client, entries in self.turn.items()}
        begun = monotonic()
        self._flush()
        taken = monotonic() - begun
        if sent and taken > _WORTH_COUNTING:  # what is passed on as it is read counts as the reading does
            each = taken / max(sum(sent.values()), 1)
            for client, size in sent.items():
                client.worked(size * each)
