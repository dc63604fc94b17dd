"""Siblings: the same room on other nodes, as a room sees it.

Lives on the server's event loop. What is written here is told to the others when it is in the log, and what they
write is taken in as it comes. The log decides: whatever its numbers show to be lacking is read from it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from cowrite_server.background import end_tasks
from cowrite_server.bus.bus import Bus
from cowrite_server.bus.notice import Notice, Present, Question, Written, notice_message, read_notice
from cowrite_server.errors import StoreFailed
from cowrite_server.rooms.participants import Participants
from cowrite_server.rooms.reach import Reach
from cowrite_server.store.records import Entry, RoomRecord
from cowrite_server.wire.encoding import MalformedMessage

_logger = logging.getLogger(__name__)


class Home(Protocol):
    """The room on this node."""

    def take(self, updates: Sequence[bytes]) -> None:
        """Takes updates that are in the log."""

    def read_again(self) -> None:
        """Reads the document from the store: it lacks what its log does not have any more."""

    def write_again(self) -> None:
        """Appends the whole document to the log, which has lost some of it."""


class Siblings:
    """The other halves of one room."""

    def __init__(
        self,
        record: RoomRecord,
        home: Home,
        participants: Participants,
        bus: Bus,
        read_after: Callable[[int], Awaitable[list[Entry]]],
        gap_seconds: float,
    ) -> None:
        """Siblings of which nothing is known.

        Args:
            record: which room.
            home: the room on this node.
            participants: who is in it there.
            bus: joins the nodes.
            read_after: reads the entries of the room's log with larger numbers than the one given.
            gap_seconds: how long an entry that is known to be there may be on its way before it is read from the log.
        """
        self.reach = Reach(0)
        self._record = record
        self._home = home
        self._participants = participants
        self._bus = bus
        self._read_after = read_after
        self._gap_seconds = gap_seconds
        self._known = 0
        self._timer: asyncio.TimerHandle | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def joined(self) -> bool:
        """Whether there may be any."""
        return self._bus.joins

    @property
    def behind(self) -> bool:
        """Whether the log is known to hold entries that the document does not."""
        reach = self.reach
        return reach.seq < self._known or reach.gap

    def loaded(self, seq: int) -> None:
        """The document was read from the log and holds every entry up to this number."""
        self.reach = Reach(seq)
        self._mind()

    def saved(self, first: int, last: int, updates: Sequence[bytes], held: int) -> None:
        """Updates of this node are in the log.

        Args:
            first: number of the first.
            last: number of the last.
            updates: what they hold.
            held: how far the document reached before they were given to the log. Numbers up to that were given already.
        """
        is_lost = first <= min(held, self.reach.seq)
        if is_lost:
            self.reach = Reach(first - 1)
        self.reach.add(first, last)
        if self._bus.joins:
            self._tell(Written(first, last, updates))
        if is_lost:
            self._save_again(first - 1)
        self._mind()

    def logged(self, last: int, held: int) -> None:
        """The log was looked at.

        Args:
            last: number of its last entry.
            held: how far the document reached before that.
        """
        if last < held:
            self.reach = Reach(last)
            self._save_again(last)
        self._known = max(self._known, last)
        self._mind()

    def tell_moved(self) -> None:
        """Tells what clients on this node have shown since."""
        moved = self._participants.take_moved()
        if self._bus.joins:
            self._tell(Present(self._participants.presence.body(moved), everybody=False))

    def meet(self) -> None:
        """Says who is here and asks who is there."""
        if self._bus.joins:
            self._tell(Present(self._participants.everybody(), everybody=True))
            self._tell(Question())

    def hear(self, node: bytes, message: bytes) -> None:
        """Takes what another node says."""
        try:
            notice = read_notice(message)
            if isinstance(notice, Written):
                self._take(notice)
            elif isinstance(notice, Present):
                self._participants.show_others(node, notice.body, notice.everybody)
            else:
                self._tell(Present(self._participants.everybody(), everybody=True))
        except MalformedMessage as error:
            _logger.warning("Room %s: what another node says cannot be read. %s", self._record.name, error)

    async def close(self) -> None:
        """Stops what is still going on."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._reading is not None:
            await end_tasks([self._reading])

    def _save_again(self, last: int) -> None:
        """Another database has taken over and lacks the latest entries, which were called saved."""
        _logger.error("Room %s: entries after %d are lost; the document is saved again.", self._record.name, last)
        self._known = 0
        self._home.write_again()
        self._home.read_again()  # others may have written under their numbers, which were taken for known

    def _tell(self, notice: Notice) -> None:
        self._bus.tell(self._record.epoch, notice_message(notice))

    def _take(self, written: Written) -> None:
        self._known = max(self._known, written.last)
        if self.reach.holds(written.first, written.last):
            return
        if written.updates:
            self.reach.add(written.first, written.last)
            self._home.take(written.updates)
            self._mind()
        else:
            self._read()

    def _mind(self) -> None:
        if self.behind and self._timer is None and self._reading is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._gap_seconds, self._look, self.reach.seq)

    def _look(self, seq: int) -> None:
        self._timer = None
        if self.behind and self.reach.seq == seq:
            self._read()
        else:
            self._mind()

    def _read(self) -> None:
        if self._reading is None:
            loop = asyncio.get_running_loop()
            self._reading = loop.create_task(self._catch_up(), name=f"catching up of {self._record.name}")

    async def _catch_up(self) -> None:
        try:
            held = self.reach.seq
            entries = await self._read_after(held)
            if entries[0].seq > held + 1 if entries else self._known > held:
                # What comes next was thinned, and is in the snapshot only.
                self._known = 0
                self._home.read_again()
                return
            lacking = [entry.data for entry in entries if not self.reach.holds(entry.seq, entry.seq)]
            if entries:
                self.reach.add(entries[0].seq, entries[-1].seq)
            if lacking:
                self._home.take(lacking)
        except StoreFailed as error:
            _logger.warning("Room %s: what other nodes wrote is not read yet. %s", self._record.name, error)
        finally:
            self._reading = None
        self._mind()
