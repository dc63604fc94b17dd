"""What one client asks: answered one after the other, in its order, beside everything else that the client does."""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from time import monotonic
from typing import Any

from cowrite_server.share import Share
from cowrite_server.sockets.spending import Spending

_WAITING_AT_MOST = 16

_TELL_AGAIN = 60.0
"""Seconds for which the log is told nothing more of what one client cannot be answered, as often as it may ask."""

_logger = logging.getLogger(__name__)

Answer = Callable[[], Awaitable[None]]
"""Works out an answer and sends it; what can go wrong it answers itself."""
Refuse = Callable[[], None]
"""Answers that there will be no answer."""
Heard = Callable[[], Awaitable[None]]
"""Waits until the client has taken most of what it was answered."""


class Answering:
    """Answers the requests of one kind of one client."""

    def __init__(self, name: str, spending: Spending, share: Share | None = None, heard: Heard | None = None) -> None:
        """No requests yet.

        Args:
            name: of the task that answers them.
            spending: the client's; what is done for it counts.
            share: of the time, for all clients together of whom that has been too much; None where answers have one of
                their own.
            heard: waits while so much is queued for the client that no more should be; None where nothing ever is.
        """
        self._name = name
        self._spending = spending
        self._share = share
        self._heard = heard
        self._waiting: deque[tuple[Answer, Refuse]] = deque()
        self._answering: asyncio.Task[None] | None = None
        self._told = -math.inf

    def add(self, answer: Answer, refuse: Refuse) -> bool:
        """Answers when all before it are answered; whether there is room for it.

        Args:
            answer: answers.
            refuse: answers where `answer` failed in a way that nobody foresaw.
        """
        if len(self._waiting) >= _WAITING_AT_MOST:
            return False
        self._waiting.append((answer, refuse))
        if self._answering is None:
            self._answering = asyncio.get_running_loop().create_task(self._answer_all(), name=self._name)
        return True

    def tell(self, message: str, *details: object) -> None:
        """Writes into the log why one of them cannot be answered, now and then: a client may ask without end.

        Args:
            message: with places for details.
            details: what stands there.
        """
        now = monotonic()
        if now - self._told >= _TELL_AGAIN:
            self._told = now
            _logger.error(message, *details)

    def close(self) -> None:
        """The client is gone; what was done for it before stays done."""
        self._waiting.clear()
        if self._answering is not None:
            self._answering.cancel()

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                if self._heard is not None:
                    await self._heard()
                answer, refuse = self._waiting.popleft()
                try:
                    await self._work_out(answer)
                except Exception:  # those behind it wait for their answers all the same
                    _logger.exception("A request (%s) could not be answered.", self._name)
                    refuse()
        finally:
            self._answering = None

    async def _work_out(self, answer: Answer) -> None:
        if self._share is None or not self._spending.is_used_up(monotonic()):
            await self._count(answer)
        else:
            async with self._share.turn():
                await self._count(answer)

    async def _count(self, answer: Answer) -> None:
        work = _Work(answer())
        try:
            await work
        finally:
            self._spending.work(work.seconds, monotonic())


class _Work:
    """Something that is awaited, and for how many seconds it did not itself wait for something."""

    def __init__(self, work: Awaitable[None]) -> None:
        self.seconds = 0.0
        self._steps = work.__await__()

    def __await__(self) -> Generator[Any, Any, None]:
        step: Callable[[Any], Any] = self._steps.send
        given: Any = None
        while True:
            begun = monotonic()
            try:
                awaited = step(given)
            except StopIteration:
                return
            finally:
                self.seconds += monotonic() - begun
            try:
                step, given = self._steps.send, (yield awaited)
            except BaseException as error:  # noqa: BLE001 - it belongs to what is awaited
                step, given = self._steps.throw, error
