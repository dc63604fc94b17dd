"""The rooms in memory: each is read once, before anybody is served, and dropped when it has been empty for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from cowrite_server.background import end_tasks, hear
from cowrite_server.bus.bus import Bus
from cowrite_server.errors import StoreFailed
from cowrite_server.figures import Figures
from cowrite_server.rooms.burden import Scales
from cowrite_server.rooms.compaction import Compactor
from cowrite_server.rooms.loading import Loader
from cowrite_server.rooms.log import Log
from cowrite_server.rooms.room import Room
from cowrite_server.settings.settings import Settings
from cowrite_server.spare_memory import SpareMemory
from cowrite_server.store.records import RoomRecord
from cowrite_server.wire.protocol import Close

_logger = logging.getLogger(__name__)


class Rooms:
    """The rooms of one server."""

    def __init__(
        self,
        loader: Loader,
        compactor: Compactor,
        log: Log,
        bus: Bus,
        settings: Settings,
        figures: Figures,
        now: Callable[[], int],
    ) -> None:
        """No rooms yet.

        Args:
            loader: reads them.
            compactor: compacts what is stored of them.
            log: where their updates go.
            bus: joins them with the same rooms on other nodes.
            settings: the server's.
            figures: the server's.
            now: gives milliseconds since 1970.
        """
        self._loader = loader
        self._compactor = compactor
        self._log = log
        self._bus = bus
        self._settings = settings
        self._figures = figures
        self._now = now
        self._rooms: dict[int, Room] = {}
        self._loading: dict[int, asyncio.Task[Room]] = {}
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._early: dict[int, list[tuple[bytes, bytes]]] = {}
        self._missed = asyncio.Event()
        self._scales = Scales()
        self.spare_memory = SpareMemory()
        """What clients leave that go, and rooms that are dropped."""

    def __len__(self) -> int:
        """How many rooms are in memory or being read."""
        return len(self._rooms) + len(self._loading)

    async def enter(self, record: RoomRecord) -> Room:
        """The room, read from disk if need be. The caller joins it before it waits for anything else.

        Raises:
            StoreFailed: it cannot be read. Nothing was changed; the next call tries again.
        """
        while True:
            room = self._rooms.get(record.id)
            if room is not None and not room.lost:
                return room
            loading = self._loading.get(record.id)
            if loading is None:
                loading = asyncio.get_running_loop().create_task(self._load(record), name=f"load {record.name}")
                self._loading[record.id] = loading
                loading.add_done_callback(hear)
            await asyncio.shield(loading)

    def left(self, room: Room) -> None:
        """A client has left; an empty room is dropped after a while, and one that is lost at once."""
        self.spare_memory.give_back_soon()
        if room.participants.clients or self._rooms.get(room.record.id) is not room:
            return
        if room.lost:
            self._put_away(room)
        else:
            self._drop_later(room)

    def flush(self) -> None:
        """Passes on and appends to the log what has come in, everywhere."""
        for room in self._rooms.values():
            room.flush()

    def gone(self, node: bytes) -> None:
        """Another node has ended."""
        for room in self._rooms.values():
            room.participants.forget(node)

    def ended(self, closes: Mapping[int, Close]) -> None:
        """The host has removed rooms of these keys for good, or had them begin anew: they are put away, and nothing
        more of them is kept.

        Args:
            closes: for each, what those in it are told.
        """
        for number, close in closes.items():
            room = self._rooms.get(number)
            if room is not None:
                self._put_away(room)
                room.end(close)

    def resumed(self) -> None:
        """The bus may have lost what other nodes said, and what was said to them."""
        for room in self._rooms.values():
            room.siblings.meet()
        self._missed.set()

    async def compare(self) -> None:
        """Compares all rooms with the store, now and again, for as long as it is awaited.

        What the bus does not bring comes this way: a node may be killed after it saved and before it told.
        """
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._missed.wait(), self._settings.heal_seconds)
            self._missed.clear()
            with suppress(StoreFailed):  # the log tells of it
                held = [(room, room.siblings.reach.seq) for room in self._rooms.values()]
                numbers = await self._loader.last_numbers([room.record.id for room, _ in held])
                for room, seq in held:
                    last = numbers.get(room.record.id)
                    if last is not None and self._rooms.get(room.record.id) is room:
                        room.siblings.logged(last, seq)

    async def close(self) -> None:
        """Drops all rooms."""
        self.spare_memory.close()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        await end_tasks(list(self._loading.values()))
        rooms, self._rooms = self._rooms, {}
        for room in rooms.values():
            await room.close()

    async def _load(self, record: RoomRecord) -> Room:
        try:
            # Followed before it is read: what is written after the reading is heard.
            early = self._early[record.id] = []
            await self._bus.follow(record.epoch, partial(self._hear, record.id))
            loaded = await self._loader.load(record)
            compact = partial(self._compactor.begin, record)
            room = Room(
                record,
                loaded,
                self._loader,
                self._log,
                self._bus,
                self._settings,
                self._figures,
                self._now,
                compact,
                self._scales,
            )
            for node, message in early:
                room.siblings.hear(node, message)
            room.siblings.meet()
            self._rooms[record.id] = room
            self._drop_later(room)
            return room
        except StoreFailed as error:
            _logger.error("Room %s cannot be read. %s", record.name, error)
            self._bus.leave(record.epoch)
            raise
        finally:
            del self._loading[record.id]
            del self._early[record.id]

    def _hear(self, number: int, node: bytes, message: bytes) -> None:
        early = self._early.get(number)
        if early is not None:
            early.append((node, message))
        elif number in self._rooms:
            self._rooms[number].siblings.hear(node, message)

    def _drop_later(self, room: Room) -> None:
        timer = self._timers.pop(room.record.id, None)
        if timer is not None:
            timer.cancel()
        self._timers[room.record.id] = asyncio.get_running_loop().call_later(
            self._settings.idle_seconds, self._drop, room
        )

    def _drop(self, room: Room) -> None:
        del self._timers[room.record.id]
        if room.participants.clients:
            return
        if not room.lost:
            if room.awaited or not room.settled:
                self._drop_later(room)  # the disk has not got all of it yet
                return
            room.compact()
        self._put_away(room)

    def _put_away(self, room: Room) -> None:
        del self._rooms[room.record.id]
        self.spare_memory.give_back_soon()
        timer = self._timers.pop(room.record.id, None)
        if timer is not None:
            timer.cancel()
        if room.record.id not in self._loading:  # what is being read in the place of one that is lost hears as it did
            self._bus.leave(room.record.epoch)
