"""JobThread: a thread on which long texts are read, and which ends with the process whatever it does then.

Runs on the GUI thread. Python waits at its end for the threads of its own executors, and to read a long text may take
seconds, in which nobody sees cowrite any more and its next start would have to wait.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

Result = TypeVar("Result")


class JobThread(Executor):
    """Does one thing after the other; what it does touches nothing that has to be put away."""

    def __init__(self, name: str = "job") -> None:
        """Begins it.

        Args:
            name: of the thread.
        """
        self._given: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        Thread(target=self._work, name=name, daemon=True).start()

    def submit(self, work: Callable[..., Result], /, *arguments: Any, **named: Any) -> Future[Result]:
        """Has something done behind what was given before."""
        future: Future[Result] = Future()
        self._given.put((future, lambda: work(*arguments, **named)))
        return future

    def shutdown(self, wait: bool = False, *, cancel_futures: bool = True) -> None:
        """Ends it: what has not been begun is cancelled, what has is waited for by nobody."""
        with suppress(Empty):
            while (given := self._given.get_nowait()) is not None:
                given[0].cancel()
        self._given.put(None)

    def _work(self) -> None:
        while (given := self._given.get()) is not None:
            future, work = given
            del given  # what was done is held by nobody while there is nothing else to do
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001, is raised where it is waited for
                    future.set_exception(error)
            del future, work
