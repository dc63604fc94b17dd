"""What one client asks: answered one after the other, in its order, beside everything else that the client does."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

_WAITING_AT_MOST = 16

Answer = Callable[[], Awaitable[None]]
"""Works out an answer and sends it; what can go wrong it answers itself."""


class Requests:
    """The requests of one kind of one client."""

    def __init__(self, name: str) -> None:
        """No requests yet.

        Args:
            name: of the task that answers them.
        """
        self._name = name
        self._waiting: deque[Answer] = deque()
        self._answering: asyncio.Task[None] | None = None

    def add(self, answer: Answer) -> bool:
        """Answers when all before it are answered; whether there is room for it."""
        if len(self._waiting) >= _WAITING_AT_MOST:
            return False
        self._waiting.append(answer)
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
                await self._waiting.popleft()()
        finally:
            self._answering = None
