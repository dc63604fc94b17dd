"""Sealed: the boxes in which notes and ballots lie until they are opened, for all rooms of one node.

Runs on the server's event loop. What lies in them is in no document, no log and no broadcast; only its author gets it
back. The others hear how much lies there, see `sealed_news`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from secrets import SystemRandom

from cowrite_server.background import end_tasks
from cowrite_server.bus.bus import Bus
from cowrite_server.document.revealing import Contribution, has_box, revealing
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.errors import BrokenUpdate, DocumentFull, NoSuchBox, ServerError, StoreFailed
from cowrite_server.people.admission import Admission, author_of
from cowrite_server.rooms.client import Absent
from cowrite_server.rooms.log import Log
from cowrite_server.rooms.room import Room
from cowrite_server.rooms.sealed_news import Listener, SealedNews
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.sealing import Claim
from cowrite_server.store.store import Store
from cowrite_server.undertakings import Undertakings
from cowrite_server.wire.protocol import Close, Reason, Role
from cowrite_server.wire.sealed import SealedItem, SealedList

_logger = logging.getLogger(__name__)


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
        self.news = SealedNews(store, bus)
        """Who hears of them."""
        self._now = now
        self._chance = SystemRandom()
        self._openings: dict[tuple[int, str], asyncio.Task[None]] = {}
        self._acts = Undertakings("sealing")

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
        return SealedList(tuple(items), self.news.told(number, counts))

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

    async def close(self) -> None:
        """Stops what is still going on; what was begun goes on when the room is opened again."""
        await self._acts.close()
        await end_tasks(list(self._openings.values()))
        await self.news.close()

    async def _to_its_end(self, room: int, author: str, act: Coroutine[None, None, None], by: Listener) -> None:
        """Does something and tells of it, both or neither, though whoever asked for it goes away meanwhile."""

        async def work() -> None:
            await act
            self.news.changed(room, author, by)

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
                self.news.changed(record.id)
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
        known = room.known
        if update == EMPTY_UPDATE or (known is not None and known.has_all_of(update)):
            await self._log.caught_up()
            return
        if not room.space.take(update):  # what is opened is made by the server, and little to read
            raise DocumentFull(room.record.name)
        saved = asyncio.get_running_loop().create_future()
        room.submit(_Nobody(room.record, saved), 1, update)
        room.flush()
        self._log.hurry()  # whoever opens it waits
        await saved


class _Nobody(Absent):
    """The sender of what lay in a box: no member, so that the log names none."""

    def __init__(self, room: RoomRecord, saved: asyncio.Future[None]) -> None:
        super().__init__(Admission(room, Role.EDITOR, None))
        self._saved = saved

    def saved(self, last: int) -> None:
        """The update is on disk."""
        if not self._saved.done():
            self._saved.set_result(None)

    def settled(self, number: int, reason: Reason | None = None, limit: str | None = None) -> None:
        """The update adds nothing."""
        self.saved(number)

    def close(self, code: Close) -> None:
        """The room could not take the update."""
        if not self._saved.done():
            self._saved.set_exception(StoreFailed(code.sentence.rstrip(".")))
