"""Tail: what one room appends to the log after its snapshot.

Runs on the server's event loop. Nothing here waits for the disk; the writers hear from the log when their updates are
safe.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic

from cowrite_server.figures import Figures
from cowrite_server.rooms.intake import Accepted
from cowrite_server.rooms.log import Log
from cowrite_server.rooms.siblings import Siblings
from cowrite_server.store.records import ROOM_GONE, RoomRecord, Update


class Tail:
    """One room's tail of the log. Owns what is on its way to the disk, and how much a reader would have to read."""

    def __init__(
        self,
        record: RoomRecord,
        log: Log,
        siblings: Siblings,
        figures: Figures,
        now: Callable[[], int],
        compact: Callable[[Callable[[int], None]], None],
        snapshot_bytes: int,
    ) -> None:
        """An empty one.

        Args:
            record: which room.
            log: where its updates go.
            siblings: hear what is saved.
            figures: the server's.
            now: gives milliseconds since 1970.
            compact: begins to compact what is stored of it; tells the size of what it has made, 0 for nothing.
            snapshot_bytes: a tail beyond this size is worth compacting.
        """
        self.unsaved = 0
        """How often something was appended that is not on disk yet."""
        self._record = record
        self._log = log
        self._siblings = siblings
        self._figures = figures
        self._now = now
        self._begin_compaction = compact
        self._worth_compacting = snapshot_bytes
        self._bytes = self._snapshot_bytes = 0
        self._all_saved: asyncio.Future[None] | None = None

    def measure(self, tail_bytes: int, snapshot_bytes: int) -> None:
        """Takes the sizes of what was just read from the store."""
        self._bytes = tail_bytes
        self._snapshot_bytes = snapshot_bytes

    def append(self, accepted: list[Accepted]) -> None:
        """Appends what clients sent; they hear when it is on disk."""
        now = self._now()
        room, name = self._record.id, self._record.name
        records = [Update(room, now, client.id, data, client.deed, name) for client, _, data in accepted]
        self.unsaved += 1
        self._log.append(records, partial(self._saved, accepted, monotonic(), self._siblings.reach.seq))

    def append_whole(self, document: bytes) -> None:
        """Appends a document that the log has lost some of."""
        self.unsaved += 1
        records = [Update(self._record.id, self._now(), None, document, None, self._record.name)]
        self._log.append(records, partial(self._saved, [], monotonic(), self._siblings.reach.seq))

    def tell_end(self, tell: Callable[[int], None]) -> None:
        """Tells the number of the last entry that there is, once all that was appended so far is on disk."""
        self._log.when_written(lambda: tell(self._siblings.reach.last))

    async def all_saved(self) -> None:
        """Waits until all that was appended is on disk; none of it waits for others."""
        if self.unsaved:
            self._log.hurry()
            self._all_saved = asyncio.get_running_loop().create_future()
            await self._all_saved

    def compact(self) -> None:
        """Has the room compacted if loading it would have many updates to read."""
        if self._bytes > self._worth_compacting:
            self._bytes = 0
            self._begin_compaction(self._compacted)

    def _compacted(self, size: int) -> None:
        self._snapshot_bytes = size or self._snapshot_bytes

    def _saved(self, accepted: list[Accepted], appended: float, held: int, numbers: Sequence[int]) -> None:
        self._figures.commit.add(monotonic() - appended)
        self.unsaved -= 1
        if ROOM_GONE not in numbers:  # else its clients are about to be closed, see `Attendance`
            self._note_saved(accepted, held, numbers)
        if not self.unsaved and self._all_saved is not None and not self._all_saved.done():
            self._all_saved.set_result(None)

    def _note_saved(self, accepted: list[Accepted], held: int, numbers: Sequence[int]) -> None:
        updates = [data for _, _, data in accepted]
        for data in updates:
            self._bytes += len(data)
        self._siblings.saved(numbers[0], numbers[-1], updates, held)
        for client, last, _ in accepted:
            client.saved(last)
        # A document twice as large may wait twice as long for its next snapshot: so the cost per update stays level.
        if self._bytes > self._snapshot_bytes:
            self.compact()
