"""Background: what a server does beside its clients until it closes, or on a thread; and how such tasks are ended.

Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_logger = logging.getLogger(__name__)

_AGAIN_SECONDS = 1.0
"""After so long a task that has not ended is cancelled again, and one that is to go on and has failed begins again."""


async def end_tasks(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancels tasks, and waits until all of them have ended, however they do.

    Up to Python 3.11 `asyncio.wait_for`, which the libraries for Redis and PostgreSQL use, loses a cancellation that
    comes just when it is done (python/cpython#86296): the task would go on, and whoever waits for it wait for ever.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)


def hear(done: asyncio.Future[Any]) -> None:
    """Asks how something has ended for which nobody may wait any more: asyncio logs errors of which nobody asks."""
    if not done.cancelled():
        done.exception()


async def beside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Does something on a thread beside the event loop, and ends when that has ended, also where this is cancelled.

    No thread can be stopped. One that works on for somebody who has gone would else work beside the next one, however
    many these are, and the few threads that there are would all be taken.
    """
    task = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        hear(task)
        raise


class Background:
    """The tasks of one server; one that fails says so in the log, and the others go on."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[None, None, None], name: str) -> None:
        """Begins something that nobody waits for.

        Args:
            work: it.
            name: what it is called in the log.
        """
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def keep(self, work: Callable[[], Coroutine[None, None, None]], name: str) -> None:
        """Begins something that is to go on until the end, and again where it fails.

        Args:
            work: begins it.
            name: what it is called in the log.
        """
        self.begin(self._keep(work, name), name)

    async def _keep(self, work: Callable[[], Coroutine[None, None, None]], name: str) -> None:
        while True:
            try:
                await work()
            except Exception as error:
                _logger.error("The task %r failed and is started again.", name, exc_info=error)
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                return

    async def end(self) -> None:
        """Cancels what is under way, and waits until all of it has ended."""
        await end_tasks(tuple(self._tasks))

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _logger.error("The task %r failed.", task.get_name(), exc_info=error)
