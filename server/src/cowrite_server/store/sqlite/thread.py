"""The thread that owns the server's SQLite connection.

A ThreadPoolExecutor of one thread would do as well, but its futures cost more than most queries.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from cowrite_server.background import hear

T = TypeVar("T")

_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any], bool]
"""Where who waits, for what, and whether it is done also where nobody waits any more."""


class StoreThread:
    """Does what it is given, one after the other. It begins when it is first given something, and ends by `end`.

    Whoever waited for something that has not begun may give it up, and it is left out: a disk may hang for hours, and
    what was asked of it meanwhile would keep everybody waiting once more.
    """

    def __init__(self) -> None:
        """A thread that has not begun."""
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(self, query: Callable[[], T]) -> T:
        """Runs a query there.

        Raises:
            BaseException: what the query raises.
        """
        return await self._give(query)

    async def finish(self, query: Callable[[], T]) -> T:
        """Runs a query there, also where nobody waits for it any more.

        Raises:
            BaseException: what the query raises.
        """
        return await self._give(query, is_kept=True)

    async def end(self, last: Callable[[], None]) -> None:
        """Does one thing more behind all that was given, and ends; also where nobody waits for that any more.

        Raises:
            BaseException: what that raises.
        """
        done = self._give(last)
        done.add_done_callback(hear)
        self._jobs.put(None)
        await asyncio.shield(done)
        if self._thread is not None:
            self._thread.join()

    def _give(self, query: Callable[[], T], *, is_kept: bool = False) -> asyncio.Future[T]:
        if self._thread is None:
            # No process waits for it at its end: what was acknowledged is on disk, and a disk may hang.
            self._thread = threading.Thread(target=self._work, name="cowrite-store", daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put((loop, future, query, is_kept))
        return future

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            loop, future, query, is_kept = job
            if is_kept or not future.cancelled():
                try:
                    result = query()
                except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked
                    _tell(loop, _fail, future, error)
                else:
                    _tell(loop, _give, future, result)
            del job, future, query


def _tell(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *arguments: object) -> None:
    try:
        loop.call_soon_threadsafe(call, *arguments)
    except RuntimeError:
        return  # the loop is closed, and nobody waits any more


def _give(future: asyncio.Future[Any], result: object) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
