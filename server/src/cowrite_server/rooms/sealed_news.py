"""SealedNews: who hears what becomes of the sealed boxes of rooms, on whichever node it is done.

Runs on the server's event loop. Everybody hears how much lies in the boxes of their room, and an author that something
of their own was changed elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from cowrite_server.background import end_tasks
from cowrite_server.bus.bus import Bus
from cowrite_server.errors import StoreFailed
from cowrite_server.store.store import Store
from cowrite_server.wire.sealed import Count

_logger = logging.getLogger(__name__)

_CHANNEL = "sealed"
"""Channel of the bus on which nodes say in which room the boxes have changed."""

_OWN_CHANNEL = "sealed-own"
"""Channel on which they say who has done it there; one of its own, for nodes of an earlier version take rooms alone."""

_ANYBODY = b"null"
"""What is said there in the place of somebody, where it is not known any more who has done what."""

_TOLD_AT_ONCE = 20
"""Authors who are told at once that they have to ask again; each answer takes several questions to the store."""

_TELL_AGAIN = 0.02  # seconds until the next are told

_COUNT_AGAIN = 2.0  # seconds after which it is counted again what lies there, where the store could not be read


class Listener(Protocol):
    """One client that hears of the boxes of its room."""

    @property
    def author(self) -> str | None:
        """By what the server knows again what it seals, or None."""

    def counted(self, counts: Mapping[str, Count]) -> None:
        """Boxes have changed; so much lies in them."""

    def changed_elsewhere(self) -> None:
        """What its author has sealed was changed on another connection."""


class SealedNews:
    """Those who hear of boxes on one node."""

    def __init__(self, store: Store, bus: Bus) -> None:
        """Nobody yet.

        Args:
            store: where the boxes are.
            bus: joins this node with others.
        """
        self._store = store
        self._bus = bus
        self._listeners: dict[int, set[Listener]] = {}
        self._told: dict[int, dict[str, Count]] = {}
        self._due: set[int] = set()
        self._looking: asyncio.Task[None] | None = None
        self._untold: deque[tuple[int, Listener]] = deque()
        self._telling: asyncio.TimerHandle | None = None

    async def follow(self) -> None:
        """Hears from now on what other nodes say."""
        await self._bus.follow(_CHANNEL, lambda node, message: self._hear(message))
        await self._bus.follow(_OWN_CHANNEL, lambda node, message: self._hear_of_author(message))

    def enter(self, room: int, listener: Listener) -> None:
        """Tells somebody from now on when the boxes of a room change."""
        self._listeners.setdefault(room, set()).add(listener)

    def leave(self, room: int, listener: Listener) -> None:
        """Tells somebody no longer."""
        listeners = self._listeners.get(room, set())
        listeners.discard(listener)
        if not listeners:
            self._listeners.pop(room, None)
            self._told.pop(room, None)

    def told(self, room: int, counts: dict[str, Count]) -> Mapping[str, Count]:
        """What somebody is to know of a room's boxes who has just asked: what they are told later differs from this.

        Args:
            room: its key.
            counts: how much was found there just now, which may be older or newer than what the others were told.
        """
        told = self._told.setdefault(room, counts)
        if told != counts:
            self._look_soon(room)
        return told

    def changed(self, room: int, author: str | None = None, by: Listener | None = None) -> None:
        """Something was done to the boxes of a room.

        Args:
            room: its key.
            author: who has sealed something or taken it back; None where none of them has.
            by: the one of their connections that knows of it.
        """
        self._bus.tell(_CHANNEL, json.dumps(room).encode())
        self._look_soon(room)
        if author is not None:
            self._bus.tell(_OWN_CHANNEL, json.dumps([room, author]).encode())
            self._tell_author(room, author, by)

    async def compare(self, seconds: float) -> None:
        """Looks at all boxes now and again, for as long as it is awaited: what the bus loses comes this way."""
        while True:
            await asyncio.sleep(seconds)
            for room in self._listeners:
                self._look_soon(room)

    def resumed(self) -> None:
        """The bus may have lost that somebody sealed something, on any node; whoever shows it asks again."""
        self._bus.tell(_OWN_CHANNEL, _ANYBODY)  # others have lost nothing themselves, perhaps, and only not heard it
        self._tell_all_authors()

    async def close(self) -> None:
        """Tells nobody any more."""
        if self._telling is not None:
            self._telling.cancel()
        if self._looking is not None:
            await end_tasks([self._looking])

    def _hear(self, message: bytes) -> None:
        with suppress(ValueError):
            room = json.loads(message)
            if isinstance(room, int):
                self._look_soon(room)

    def _hear_of_author(self, message: bytes) -> None:
        if message == _ANYBODY:
            self._tell_all_authors()
            return
        with suppress(ValueError, TypeError):
            room, author = json.loads(message)
            if isinstance(room, int) and isinstance(author, str):
                self._tell_author(room, author)

    def _tell_author(self, room: int, author: str, by: Listener | None = None) -> None:
        """Tells all who seal as one author that this was done, but for the one who did it."""
        for listener in list(self._listeners.get(room, ())):
            if listener.author == author and listener is not by:
                listener.changed_elsewhere()

    def _tell_all_authors(self) -> None:
        self._untold = deque((room, each) for room, listeners in self._listeners.items() for each in listeners)
        if self._telling is None:
            self._tell_some()

    def _tell_some(self) -> None:
        """Tells some of all authors, who ask again at once, and the others a moment later."""
        some = [self._untold.popleft() for _ in range(min(_TOLD_AT_ONCE, len(self._untold)))]
        more = bool(self._untold)
        self._telling = asyncio.get_running_loop().call_later(_TELL_AGAIN, self._tell_some) if more else None
        for room, listener in some:
            if listener.author is not None and listener in self._listeners.get(room, ()):
                listener.changed_elsewhere()

    def _look_soon(self, room: int) -> None:
        if room not in self._listeners:
            return
        self._due.add(room)
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look(), name="counting what is sealed")

    async def _look(self) -> None:
        is_said = False
        try:
            while self._due:
                rooms, self._due = self._due, set()
                try:
                    found = await self._store.sealed_counts(rooms)
                except StoreFailed as error:
                    self._due |= rooms & self._listeners.keys()
                    if not is_said:  # the store may fail for hours
                        _logger.warning("The server could not count what is sealed. %s", error)
                    is_said = True
                    await asyncio.sleep(_COUNT_AGAIN)
                    continue
                for room in rooms:
                    self._tell(room, found.get(room, {}))
        finally:
            self._looking = None

    def _tell(self, room: int, counts: dict[str, Count]) -> None:
        before = self._told.get(room, {})
        news = {box: count for box, count in counts.items() if before.get(box) != count}
        news.update({box: Count(0, 0) for box in before if box not in counts})
        if room in self._listeners:
            self._told[room] = counts
        if news:
            for listener in list(self._listeners.get(room, ())):
                listener.counted(news)
