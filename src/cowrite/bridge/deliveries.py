"""Deliveries: work for other threads, of which the results are told on the GUI thread.

Work, its result and what is told of it may be the last to hold a window or another object of Qt, which is destroyed on
the thread that lets go of it last. So the other thread holds a Task only, which is emptied here.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future, wait
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal

Result = TypeVar("Result")


class Task(Generic[Result]):
    """Work for another thread and, once it is done, what came of it.

    Args:
        work: is called there, or awaited.
        then: is called with the result.
        failed: is called with an error; without it the error is raised.
    """

    def __init__(
        self,
        work: Callable[[], Result] | Coroutine[Any, Any, Result],
        then: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._work: Callable[[], Result] | Coroutine[Any, Any, Result] | None = work
        self._then = then
        self._failed = failed
        self._result: Result | None = None
        self._error: BaseException | None = None

    def call(self) -> None:
        """Does the work, on the other thread."""
        try:
            self._result = cast("Callable[[], Result]", self._work)()
        except BaseException as error:  # noqa: BLE001, a PanicException too is raised where it is told
            self._error = error

    async def wait(self) -> None:
        """Does the work in a loop, on the other thread.

        Raises:
            asyncio.CancelledError: it was cancelled.
        """
        try:
            self._result = await cast("Coroutine[Any, Any, Result]", self._work)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001, a PanicException too is raised where it is told
            self._error = error

    def let_go(self) -> None:
        """Lets go of everything."""
        work = self._work
        self._work = self._then = self._failed = self._result = self._error = None
        if inspect.iscoroutine(work) and inspect.getcoroutinestate(work) == inspect.CORO_CREATED:
            work.close()  # it was cancelled before its first turn, and Python would warn of it

    def take(self) -> Result:
        """Gives the result, or raises the error, and lets go of everything."""
        result, error = self._result, self._error
        self.let_go()
        if error is not None:
            try:
                raise error
            finally:
                del error  # its traceback has this frame
        return cast("Result", result)

    def tell(self) -> None:
        """Calls what is to be called, and lets go of everything."""
        then, failed = self._then, self._failed
        try:
            result = self.take()
        except Exception as error:
            if failed is None:
                raise
            failed(error)
            return
        if then is not None:
            then(result)


class Deliveries(QObject):
    """Gives work to other threads, and tells what came of it on the thread that it lives on."""

    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given: set[Future[None]] = set()
        # Queued also where the work is done before it is watched: what was done before is told before.
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        executor: Executor,
        work: Callable[[], Result],
        then: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Future[None]:
        """Has work done soon, and one of the callbacks called when it ends; without `failed` an error is raised in the
        event loop.

        Returns:
            What ends with it, and can cancel it before it begins: then nothing is called.
        """
        task = Task(work, then, failed)
        future = executor.submit(task.call)
        self._watch(future, task)
        return future

    def run_now(self, executor: Executor, work: Callable[[], Result]) -> Result:
        """Has work done, and waits for it; raises what it raises."""
        task = Task(work)
        executor.submit(task.call).result()
        return task.take()

    def run_in_loop(
        self,
        loop: asyncio.AbstractEventLoop,
        work: Coroutine[Any, Any, Result],
        then: Callable[[Result], None] | None,
        failed: Callable[[Exception], None] | None,
    ) -> Future[None]:
        """The same for a coroutine, in the loop of another thread.

        Returns:
            What ends with it, and can cancel it: then nothing is called.
        """
        task = Task(work, then, failed)
        future = asyncio.run_coroutine_threadsafe(task.wait(), loop)
        self._watch(future, task)
        return future

    def tell_now(self) -> None:
        """Tells what came of all that is done."""
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)

    def finish(self) -> None:
        """Waits until all that was given is done and told, with what is given while it is told."""
        while self._given:
            # Not for one that its thread's end has cancelled: that would be waited for without end.
            wait([each for each in self._given if not each.done()])
            self.tell_now()

    def _watch(self, future: Future[None], task: Task[Any]) -> None:
        self._given.add(future)
        future.add_done_callback(lambda done: self._finished.emit(task, done))

    def _deliver(self, task: Task[Any], done: Future[None]) -> None:
        self._given.discard(done)
        if done.cancelled():
            task.let_go()
        else:
            task.tell()
