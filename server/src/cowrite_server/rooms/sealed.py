"""Sealed: the boxes in which notes and ballots lie until they are opened, for all rooms of one node.

Runs on the server's event loop. What lies in them is in no document, no log and no broadcast; only its author gets it
back. The others hear how much lies there, on whichever node they are.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from secrets import SystemRandom
from typing import Protocol

from cowrite_server.background import end_tasks
from cowrite_server.bus.bus import Bus
from cowrite_server.document.revealing import Contribution, has_box, revealing
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.errors import BrokenUpdate, DocumentFull, NoSuchBox, ServerError, StoreFailed
from cowrite_server.people.admission import Admission, author_of
from cowrite_server.rooms.client import Absent
from cowrite_server.rooms.log import Log
from cowrite_server.rooms.room import Room
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.sealing import Claim
from cowrite_server.store.store import Store
from cowrite_server.undertakings import Undertakings
from cowrite_server.wire.protocol import Close, Reason, Role
from cowrite_server.wire.sealed import Count, SealedItem, SealedList

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


class SealedBoxes:
    """The boxes of all rooms, as one node serves them."""

    def __init__(self, store: Store, log: Log, bus: Bus, now: Callable[[], int]) -> None:
        """Boxes of which nobody has heard yet.

        Args:
            store: where they are kept.
            log: where the updates of rooms go.
            bus: joins this node with others.
            now: gives milliseconds since 1970.
        """
        self._store = store
        self._log = log
        self._bus = bus
        self._now = now
        self._chance = SystemRandom()
        self._listeners: dict[int, set[Listener]] = {}
        self._told: dict[int, dict[str, Count]] = {}
        self._due: set[int] = set()
        self._looking: asyncio.Task[None] | None = None
        self._untold: deque[tuple[int, Listener]] = deque()
        self._telling: asyncio.TimerHandle | None = None
        self._openings: dict[tuple[int, str], asyncio.Task[None]] = {}
        self._acts = Undertakings("sealing")

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

    async def listing(self, room: Room, author: str | None) -> SealedList:
        """What somebody may know of a room's boxes. Goes on with what another node has left half opened.

        Args:
            room: the room.
            author: by what the server knows them again, or None.

        Raises:
            StoreFailed: it could not be read.
        """
        number = room.record.id
        items = [] if author is None else await self._store.sealed_by(number, author)
        for box in await self._store.claimed_boxes(number):
            self._begin(room, box)
        counts = (await self._store.sealed_counts([number])).get(number, {})
        # What is told from now on is what differs from this; what was just read may be older, or newer.
        told = self._told.setdefault(number, counts)
        if told != counts:
            self._look_soon(number)
        return SealedList(tuple(items), told)

    async def put(self, room: int, author: str, item: SealedItem, by: Listener) -> None:
        """Lays an item into its box; see `Sealing.seal`. Its author's other connections hear of it."""
        await self._to_its_end(room, author, self._store.seal(room, author, item), by)

    async def take_back(self, room: int, author: str, box: str, item: str, by: Listener) -> None:
        """Takes an item out of its box; see `Sealing.take_back`. Its author's other connections hear of it."""
        await self._to_its_end(room, author, self._store.take_back(room, author, box, item), by)

    async def open(self, room: Room, box: str) -> None:
        """Puts all that lies in a box into the document. It is in the log when this returns; once, whoever else opens.

        Raises:
            NoSuchBox: the document has neither session nor poll of this id. Nothing was changed.
            DocumentFull: the document has no space for it. It can be opened again when there is.
            StoreFailed: the database could not be read or written, or the document not. It goes on from there when
                anybody opens it again.
        """
        await asyncio.shield(self._begin(room, box))

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
        """Stops what is still going on; what was begun goes on when the room is opened again."""
        if self._telling is not None:
            self._telling.cancel()
        await self._acts.close()
        await end_tasks([*self._openings.values(), *([] if self._looking is None else [self._looking])])

    async def _to_its_end(self, room: int, author: str, act: Coroutine[None, None, None], by: Listener) -> None:
        """Does something and tells of it, both or neither, though whoever asked for it goes away meanwhile."""

        async def work() -> None:
            await act
            self._changed(room, author, by)

        await self._acts.do(work())

    # Opening.

    def _begin(self, room: Room, box: str) -> asyncio.Task[None]:
        key = (room.record.id, box)
        task = self._openings.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._open(room, box), name=f"opening {box}")
            self._openings[key] = task
            task.add_done_callback(lambda done: self._opened(room, box, done))
            room.awaited += 1
        return task

    def _opened(self, room: Room, box: str, task: asyncio.Task[None]) -> None:
        del self._openings[room.record.id, box]
        room.awaited -= 1
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, ServerError):
            _logger.info("The box of %s was not opened. %s", box, error)
        else:  # nobody foresaw it, and nobody may wait for it: what another node has begun is gone on with unasked
            _logger.error("The box of %s was not opened.", box, exc_info=error)

    async def _open(self, room: Room, box: str) -> None:
        record = room.record
        room.flush()
        await self._log.caught_up()  # what the session was told last is part of the document that is read
        document = room.document()
        if document is None:
            raise StoreFailed("the document is being read")
        try:
            if not await asyncio.to_thread(has_box, document, box):
                raise NoSuchBox(box)
            claim = await self._store.claim_box(record.id, box)
            update = claim.update
            if update is None and not claim.is_done:
                made = await self._make(record, document, box, claim)
                update = await self._store.prepare_box(record.id, box, made)
                self._changed(record.id)
            if update:
                await self._submit(room, update)
                await self._store.finish_box(record.id, box)
        except BrokenUpdate as error:
            _logger.error("Room %s: the box of %s cannot be opened. %s", record.name, box, error)
            raise StoreFailed("the document cannot take it") from error

    async def _make(self, record: RoomRecord, document: bytes, box: str, claim: Claim) -> bytes:
        names = {author_of(each.id): each.name or "" for each in await self._store.list_members(record.name)}
        joined = {author: place for place, author in enumerate(names)}
        contributions = [
            Contribution(each.author, names.get(each.author, ""), each.item.id, each.item.fields)
            for each in sorted(claim.items, key=lambda each: joined.get(each.author, -1))
        ]
        return await asyncio.to_thread(revealing, document, box, contributions, self._now(), self._chance)

    async def _submit(self, room: Room, update: bytes) -> None:
        if update == EMPTY_UPDATE or room.adds_nothing(update):
            await self._log.caught_up()
            return
        if not room.space.take(update):  # what is opened is made by the server, and little to read
            raise DocumentFull(room.record.name)
        saved = asyncio.get_running_loop().create_future()
        room.submit(_Nobody(room.record, saved), 1, update)
        room.pass_on()
        await saved

    # Telling how much lies there.

    def _changed(self, room: int, author: str | None = None, by: Listener | None = None) -> None:
        self._bus.tell(_CHANNEL, json.dumps(room).encode())
        self._look_soon(room)
        if author is not None:
            self._bus.tell(_OWN_CHANNEL, json.dumps([room, author]).encode())
            self._tell_author(room, author, by)

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


class _Nobody(Absent):
    """The sender of what lay in a box: no member, so that the log names none."""

    def __init__(self, room: RoomRecord, saved: asyncio.Future[None]) -> None:
        super().__init__(Admission(room, Role.EDITOR, None))
        self._saved = saved

    def saved(self, last: int) -> None:
        """The update is on disk."""
        if not self._saved.done():
            self._saved.set_result(None)

    def settled(self, number: int, reason: Reason | None = None) -> None:
        """The update adds nothing."""
        self.saved(number)

    def close(self, code: Close) -> None:
        """The room could not take the update."""
        if not self._saved.done():
            self._saved.set_exception(StoreFailed(code.sentence.rstrip(".")))
