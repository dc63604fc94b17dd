"""Log: the way of records to the disk, a queue that is committed in groups.

Lives on the server's event loop. Unless it comes after a pause, a record waits a moment for others, and what is there
then goes into one commit, so one fsync serves them all; where many come, the moment is short. A commit that fails is
repeated until it succeeds; nothing leaves the queue unwritten.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

from cowrite_server.errors import StoreFailed
from cowrite_server.settings.settings import Settings
from cowrite_server.store.records import Record

_logger = logging.getLogger(__name__)

Saved = Callable[[Sequence[int]], None]
"""Is told the numbers that the store gave to records (see `Store.commit`) when all of them are on disk."""

_Parcel = tuple[Sequence[Record], Saved | None, int]
"""Records, who is told, and the records' size."""

_ANSWER_SECONDS = 5.0
"""A commit that takes longer is not to be counted on, whether the store is slow or has stopped."""

_COMMIT_BYTES = 2 * 1024 * 1024
"""What goes into one commit, if it is not a single parcel. While a store fails very much may pile up; all of it in one
commit would keep the event loop for seconds, and a slow store might never get to its end."""

_RECORD_OVERHEAD = 200
"""Bytes that a queued record takes beside its data, roughly."""

_MANY = 8
_MANY_BYTES = 64 * 1024
_MANY_SECONDS = 0.02
"""Where so many records wait, or so much, they wait no longer than this: they are enough to share a commit, and at the
pace at which they come the disk is busy in any case."""

_BUSY = 1000
_BUSY_SECONDS = 0.1
"""Where so many records a second have come lately, as when hundreds of people type, they wait so long instead: commits
would take a tenth of the server's processor time."""

_LATELY_SECONDS = 1.0

_EARLY = 0.6
"""After this part of its time what waits is written with the next record that comes: the server is awake then, and to
wake it once more by a timer costs more than what is left of the time would save."""


class Log:
    """Writes records in the order in which they come, and tells when they are on disk."""

    def __init__(
        self,
        settings: Settings,
        commit: Callable[[Sequence[Record]], Awaitable[Sequence[int]]],
        committed: Callable[[], None] = lambda: None,
        *,
        others_wait: bool = False,
    ) -> None:
        """A log with nothing to write.

        Args:
            settings: the server's.
            commit: a store's; see `Store.commit`.
            committed: called when those have been told whose records are on disk.
            others_wait: whether there are other nodes, whose people see what was written when it is on disk: then one
                record is as good as many.
        """
        self._settings = settings
        self._commit = commit
        self._committed = committed
        self._queue: list[_Parcel] = []
        self._queued_bytes = 0
        self._taken = 0  # parcels at the queue's beginning that a commit is writing
        self._others_wait = others_wait
        self._wait = _MANY_SECONDS
        self._counted = 0  # records that were committed since then
        self._counted_since = -math.inf
        self._first = self._last = -math.inf  # when the first record came that waits, and the last of all
        self._waiting = self._waiting_bytes = 0
        self._due = -math.inf  # when what waits is to be written
        self._timer: asyncio.TimerHandle | None = None
        self._writer: asyncio.Task[None] | None = None
        self._failure: StoreFailed | None = None
        self._silent = False
        self._silence: asyncio.TimerHandle | None = None
        self._begun = math.inf  # when the commit began that is being made
        self._relieved: list[Callable[[], None]] = []
        self._awaited: list[asyncio.Future[None]] = []

    @property
    def failure(self) -> StoreFailed | None:
        """Why the last commit failed, or None while commits succeed."""
        return self._failure

    @property
    def works(self) -> bool:
        """Whether the last commit succeeded, and one that is being made does not take too long."""
        return self._failure is None and not self._silent

    @property
    def queued_bytes(self) -> int:
        """Size of what waits for the disk."""
        return self._queued_bytes

    @property
    def full(self) -> bool:
        """Whether so much waits for the disk that no more should be taken from clients."""
        return self._queued_bytes > self._settings.unsaved_bytes

    @property
    def idle(self) -> bool:
        """Whether everything appended is on disk."""
        return not self._queue

    def when_relieved(self, call: Callable[[], None]) -> None:
        """Calls back once when the log is no longer full."""
        self._relieved.append(call)

    def forget(self, call: Callable[[], None]) -> None:
        """Calls back no more; a disk may fail for hours, and whoever is gone must not stay in memory until then."""
        self._relieved = [other for other in self._relieved if other != call]

    def append(self, records: Sequence[Record], saved: Saved | None = None) -> None:
        """Queues records for the next commit.

        Args:
            records: what to write, in this order.
            saved: told when all of them are on disk.
        """
        if not records:
            return
        size = _RECORD_OVERHEAD * len(records)
        for record in records:
            size += len(record.data)
        now, window, due = monotonic(), self._settings.commit_seconds, self._due
        if len(self._queue) == self._taken:
            is_alone = now - self._last >= window  # after a pause nobody else is to be expected
            self._first, self._due = now, now if is_alone else now + window
            self._waiting = self._waiting_bytes = 0
        elif now - self._first >= _EARLY * window:
            self._due = min(self._due, now)
        self._last = now
        self._queue.append((records, saved, size))
        self._queued_bytes += size
        self._waiting += len(records)
        self._waiting_bytes += size
        if self._others_wait or self._waiting_bytes >= _MANY_BYTES:
            self._due = min(self._due, self._first + _MANY_SECONDS)
        elif self._waiting >= _MANY:
            self._due = min(self._due, self._first + self._wait)
        is_due_anew = self._due != due or self._timer is None  # on a coarse clock two can be due at the same tick
        if is_due_anew and self._writer is None:
            self._write_in_time()

    def hurry(self) -> None:
        """Has what waits for others written as soon as it can be: somebody waits for it, or is gone."""
        self._due = -math.inf
        self._write_in_time()

    async def caught_up(self) -> None:
        """Waits until everything appended so far is on disk; none of it waits for others.

        Raises:
            StoreFailed: the disk cannot be written at the moment, so nobody knows when it will be.
        """
        if self._failure is not None:
            raise self._failure
        if not self.idle:
            done = asyncio.get_running_loop().create_future()
            self._queue.append(((), lambda _: None if done.done() else done.set_result(None), 0))
            self._awaited.append(done)
            self.hurry()
            try:
                await done
            finally:
                self._awaited.remove(done)

    def when_written(self, call: Callable[[], None]) -> None:
        """Calls back once when everything appended so far is on disk, and nothing that is appended later."""
        if self.idle:
            call()
        else:
            self._queue.append(((), lambda _: call(), 0))

    async def flushed(self) -> None:
        """Waits until everything appended so far, and since, is on disk; nothing waits for others meanwhile."""
        while not self.idle:
            self.hurry()
            assert self._writer is not None
            await asyncio.shield(self._writer)

    async def close(self, patience: float) -> bool:
        """Writes what is queued.

        Args:
            patience: seconds after which a disk that fails is given up.

        Returns:
            Whether everything is on disk.
        """
        try:
            if not self.idle:
                await asyncio.wait_for(self.flushed(), patience)
        except TimeoutError:
            _logger.error("%d bytes of updates could not be saved before the end", self._queued_bytes)
        complete = self.idle
        for timer in (self._silence, self._timer):
            if timer is not None:
                timer.cancel()
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.wait([self._writer])  # closing once more would else wait for one that is being cancelled
        return complete

    def _write_in_time(self) -> None:
        """Has what waits written when it is due; a writer that is at work sees to that itself."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writer is not None or not self._queue:
            return
        loop, rest = asyncio.get_running_loop(), self._due - monotonic()
        if rest > 0:
            self._timer = loop.call_later(rest, self.hurry)
        else:
            self._writer = loop.create_task(self._write_all(), name="log writer")

    async def _write_all(self) -> None:
        pause = self._settings.retry_seconds
        try:
            while self._queue and self._due <= monotonic():
                batch = self._next()
                self._taken = len(batch)
                self._begun = monotonic()
                self._mind_silence()
                try:
                    numbers = await self._commit([record for records, _, _ in batch for record in records])
                except Exception as error:  # noqa: BLE001, without a writer what waits would count as written
                    self._begun = math.inf
                    self._taken = 0
                    self._take_failure(error)
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, self._settings.retry_most_seconds)
                    continue
                self._begun = math.inf
                if not self.works:
                    _logger.warning("The database can be written again.")
                self._failure = None
                self._silent = False
                pause = self._settings.retry_seconds
                self._settle(batch, numbers)
                self._count(len(numbers))
                self._committed()
        finally:
            self._writer = None
        self._write_in_time()

    def _count(self, records: int) -> None:
        """Takes note of how many records come lately; bursts with pauses between them are not many."""
        self._counted += records
        now = monotonic()
        passed = now - self._counted_since
        if passed >= _LATELY_SECONDS:
            self._wait = _BUSY_SECONDS if self._counted > _BUSY * passed else _MANY_SECONDS
            self._counted, self._counted_since = 0, now

    def _next(self) -> list[_Parcel]:
        """What is written next: the queue's beginning, after a failure at least as much of it as before."""
        size = 0
        for count, (_, _, more) in enumerate(self._queue):
            size += more
            if count and size > _COMMIT_BYTES:
                return self._queue[:count]
        return list(self._queue)

    def _take_failure(self, error: Exception) -> None:
        failure = error if isinstance(error, StoreFailed) else StoreFailed(repr(error))
        if self._failure is None:
            unforeseen = None if failure is error else error
            _logger.error("%s Trying again until it works.", failure, exc_info=unforeseen)
        self._failure = failure
        for done in self._awaited:
            if not done.done():
                done.set_exception(failure)

    def _mind_silence(self) -> None:
        # One timer for many commits: to set and stop one for each costs more than the rest of a commit's bookkeeping.
        if self._silence is None:
            rest = self._begun + _ANSWER_SECONDS - monotonic()
            self._silence = asyncio.get_running_loop().call_later(max(rest, 0.0), self._look_for_silence)

    def _look_for_silence(self) -> None:
        self._silence = None
        if monotonic() - self._begun >= _ANSWER_SECONDS:
            self._tell_silence()
        elif self._begun < math.inf:
            self._mind_silence()

    def _tell_silence(self) -> None:
        if self.works:
            _logger.error(
                "The database has not ended a commit for %g s; look whether its disk is overloaded, or the standby is "
                "away that it waits for.",
                _ANSWER_SECONDS,
            )
        self._silent = True

    def _settle(self, batch: list[_Parcel], numbers: Sequence[int]) -> None:
        del self._queue[: len(batch)]
        self._taken = 0
        at = 0
        for records, saved, size in batch:
            self._queued_bytes -= size
            if saved is not None:
                try:
                    saved(numbers[at : at + len(records)])
                except Exception:  # all others are to hear it
                    _logger.exception("Those who waited for updates to be saved could not be told that they are.")
            at += len(records)
        if self._relieved and not self.full:
            relieved, self._relieved = self._relieved, []
            for call in relieved:
                try:
                    call()
                except Exception:  # all others wait, too
                    _logger.exception("Those who waited for the log to have room could not be told that it has.")
