"""Undertakings: what is done to its end, though whoever asked for it goes away meanwhile.

Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from cowrite_server.background import hear

T = TypeVar("T")


class Undertakings:
    """What is under way of one kind."""

    def __init__(self, name: str) -> None:
        """Nothing yet.

        Args:
            name: of the tasks that do it.
        """
        self._name = name
        self._tasks: set[asyncio.Task[Any]] = set()

    async def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Does something to its end, and gives or raises what came of it."""
        task = asyncio.get_running_loop().create_task(work, name=self._name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Brings to its end what was begun."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        hear(task)
