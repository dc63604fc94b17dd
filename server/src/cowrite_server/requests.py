"""What one client asks: answered one after the other, in its order, beside everything else that the client does."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

_WAITING_AT_MOST = 16

_logger = logging.getLogger(__name__)

Answer = Callable[[], Awaitable[None]]
"""Works out an answer and sends it; what can go wrong it answers itself."""
Refuse = Callable[[], None]
"""Answers that there will be no answer."""


class Requests:
    """The requests of one kind of one client."""

    def __init__(self, name: str) -> None:
        """No requests yet.

        Args:
            name: of the task that answers them.
        """
        self._name = name
        self._waiting: deque[tuple[Answer, Refuse]] = deque()
        self._answering: asyncio.Task[None] | None = None

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

    def close(self) -> None:
        """The client is gone; what was done for it before stays done."""
        self._waiting.clear()
        if self._answering is not None:
            self._answering.cancel()

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                answer, refuse = self._waiting.popleft()
                try:
                    await answer()
                except Exception:  # those behind it wait for their answers all the same
                    _logger.exception("A request (%s) could not be answered.", self._name)
                    refuse()
        finally:
            self._answering = None
