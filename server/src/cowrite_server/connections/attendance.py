"""Attendance: who is connected to this node, and that each of them still may be, in the role and under the name of now.

Runs on the server's event loop. What another node or a command does about members is noticed by the bus and, where that
says nothing, by looking at the store a few times a second.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress

from cowrite_server.bus.bus import Bus
from cowrite_server.connections.connection import Connection
from cowrite_server.errors import StoreFailed
from cowrite_server.store.member_records import LEASE
from cowrite_server.store.probe import Probe
from cowrite_server.store.store import Store
from cowrite_server.wire.protocol import Close

_logger = logging.getLogger(__name__)

_CHANNEL = "members"
"""Channel of the bus on which nodes say that something about members is otherwise."""

_EARLY = 500
"""Half of the time between two looks, in milliseconds for each second."""


class Attendance:
    """The clients of one node."""

    def __init__(
        self,
        store: Store,
        probe: Probe,
        bus: Bus,
        now: Callable[[], int],
        ended: Callable[[Mapping[int, Close]], None],
    ) -> None:
        """Nobody yet.

        Args:
            store: where members are kept.
            probe: of the store; tells whether anything there is otherwise.
            bus: joins this node with others.
            now: gives milliseconds since 1970.
            ended: told the keys of rooms with connections that the host has removed for good, or has put aside, and the
                close of those in them.
        """
        self._store = store
        self._probe = probe
        self._bus = bus
        self._now = now
        self._ended = ended
        self._connections: set[Connection] = set()
        self._ending: set[Connection] = set()
        self._has_ending = asyncio.Event()
        self._here: Counter[int] = Counter()
        self._come: set[int] = set()
        self._gone: set[int] = set()
        self._noted = 0
        self._seen = 0
        self._told = asyncio.Event()
        self._glancing: asyncio.TimerHandle | None = None
        self._glances = 0.0  # how often, in seconds
        self._glanced = 0  # when the last time was waited for
        self._due = False
        self._turn = asyncio.Lock()
        self.looks = 0
        """How often it was looked at how members stand; who was admitted before the last time may stand otherwise."""

    def __len__(self) -> int:
        """How many clients are connected."""
        return len(self._connections)

    def is_here(self, member: int) -> bool:
        """Whether a member is connected."""
        return member in self._here

    def enter(self, connection: Connection) -> None:
        """A client is connected."""
        self._connections.add(connection)
        if connection.expires is not None:
            self._ending.add(connection)
            self._has_ending.set()
        if connection.id is not None:
            self._here[connection.id] += 1
            self._come.add(connection.id)

    def leave(self, connection: Connection) -> None:
        """A client is gone."""
        self._connections.discard(connection)
        self._ending.discard(connection)
        if connection.id is not None:
            self._here[connection.id] -= 1
            if not self._here[connection.id]:
                del self._here[connection.id]
                self._gone.add(connection.id)

    async def follow(self) -> None:
        """Hears from now on what other nodes say."""
        await self._bus.follow(_CHANNEL, lambda node, message: self.look_soon())

    def look_soon(self) -> None:
        """Has it looked at how members stand, at once and beside what goes on."""
        self._due = True
        self._told.set()

    def glance_early(self) -> None:
        """Looks around now where it would be time to before long, and the store need not be asked.

        To wake the server for that alone costs many times what the look does, and whoever calls this has woken it.
        """
        if self._glancing is None or 0 <= self._now() - self._glanced < _EARLY * self._glances:
            return
        known = self._store.known_changes()
        if known is not None:
            self._stop_glancing()
            self._glance(known)

    async def changed(self) -> None:
        """Puts in force what was done about members: here and now if the store can be read, and on other nodes."""
        self._bus.tell(_CHANNEL, b"")
        with suppress(StoreFailed):  # then `watch` goes on trying
            await self.look()

    async def look(self) -> None:
        """Looks how all who are connected stand, and acts on it.

        Raises:
            StoreFailed: it could not be read.
        """
        before = self.looks
        async with self._turn:  # of two looks at one time the one that saw less might come last
            if self.looks > before and not self._due:
                return  # another has begun since, and seen all that there was to see: many may come at once
            self.looks += 1
            self._due = False
            try:
                await self._look()
            except BaseException:
                self._due = True
                raise

    async def watch(self, seconds: float) -> None:
        """Looks now and again, for as long as it is awaited.

        Args:
            seconds: how often, at least.
        """
        said, self._glances = "", seconds
        while True:
            self._glance_later()
            try:
                await self._told.wait()
            finally:
                self._stop_glancing()
            self._told.clear()
            try:
                await self._look_around()
            except StoreFailed as error:
                if str(error) != said:  # it is tried again and again, and would fill a log that has little space left
                    _logger.warning("The server could not look up who may still be here. %s", error)
                said = str(error)
            else:
                said = ""

    async def watch_ends(self, seconds: float) -> None:
        """Closes those whose time is over, for as long as it is awaited; also while the store keeps `watch` waiting.

        Args:
            seconds: how often.
        """
        while True:
            await self._has_ending.wait()
            self._close_ended()
            await asyncio.sleep(seconds)

    async def close(self) -> None:
        """Notes who has been here, if the store answers."""
        if not self._probe.is_answered:
            return
        with suppress(StoreFailed):
            await self._note(self._now())

    async def _look(self) -> None:
        connections = list(self._connections)
        standings = await self._store.standings({each.id for each in connections if each.id is not None})
        rooms = {each.room.record.id: each.room.record.name for each in connections}
        acts = await self._store.last_acts(rooms)
        names = await self._store.names(rooms)
        ended = {
            room: Close.EPOCH_CHANGED if room in names else Close.FORGOTTEN
            for room, name in rooms.items()
            if names.get(room) != name
        }
        if ended:
            self._ended(ended)
        for connection in connections:
            close = ended.get(connection.room.record.id)
            if close is not None:
                connection.close(close)  # also one that came to its room after that had been put away
                continue
            standing = None if connection.id is None else standings.get(connection.id)
            if standing is not None and standing.removed:
                connection.close(Close.WITHDRAWN)
                continue
            if standing is not None:
                connection.stand(standing.role, standing.name)
            connection.heed(acts.get(connection.room.record.id, 0))

    def _close_ended(self) -> None:
        now = self._now()
        for connection in list(self._ending):
            if connection.expires is not None and connection.expires <= now:
                connection.close(Close.EXPIRED)
        if not self._ending:
            self._has_ending.clear()

    def _glance_later(self) -> None:
        self._glanced = self._now()
        self._glancing = asyncio.get_running_loop().call_later(self._glances, self._glance_on_time)

    def _stop_glancing(self) -> None:
        if self._glancing is not None:
            self._glancing.cancel()
            self._glancing = None

    def _glance_on_time(self) -> None:
        self._glancing = None
        self._glance(self._store.known_changes())

    def _glance(self, known: int | None) -> None:
        """Has it looked around, unless it is plain that nothing is otherwise: so it mostly is, and nobody is woken."""
        is_noted = not self._come and not self._gone and not self._is_due(self._now())
        if is_noted and self._probe.has_answered and not self._due and known == self._seen:
            self._glance_later()
        else:
            self._told.set()

    async def _look_around(self) -> None:
        # Also while nobody is connected: whoever comes next has to be looked up in the store.
        number = await self._probe.changes()
        if self._connections and (self._due or number != self._seen):
            await self.look()
            self._seen = number
        await self._note(self._now())  # some may have left while it was looked

    def _is_due(self, now: int) -> bool:
        """Whether it has to be noted anew who is here, also because the clock was set back."""
        return not 0 <= now - self._noted < LEASE / 3

    async def _note(self, now: int) -> None:
        here = set(self._here)
        self._gone -= here
        is_due = self._is_due(now)
        come, gone = here if is_due else self._come & here, set(self._gone)
        # What is noted is forgotten only then: this may be cancelled, or the store may fail.
        if come:
            await self._store.saw(come, now + LEASE)
        self._come -= here | gone
        if is_due:
            self._noted = now
        if gone:
            await self._store.saw(gone, now)
        self._gone -= gone
