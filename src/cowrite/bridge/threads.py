"""The two threads beside the GUI's: one for storage, one for the network.

Work is handed over as a function; what comes of it is delivered on the GUI thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

Result = TypeVar("Result")


class Deliveries(QObject):
    """Runs callbacks for finished work on the thread that it lives on."""

    _finished = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._finished.connect(self._deliver)

    def watch(
        self,
        work: Future[Result],
        then: Callable[[Result], None] | None,
        failed: Callable[[Exception], None] | None,
    ) -> None:
        """Has one of the callbacks called when the work ends; without `failed` an error is raised in the event loop."""
        work.add_done_callback(lambda done: self._finished.emit(done, then, failed))

    def _deliver(
        self, work: Future[Any], then: Callable[[Any], None] | None, failed: Callable[[Exception], None] | None
    ) -> None:
        if work.cancelled():
            return
        error = work.exception()
        if error is None:
            if then is not None:
                then(work.result())
        elif failed is not None and isinstance(error, Exception):
            failed(error)
        else:
            raise error


class StorageThread(QObject):
    """One thread for all that touches the disk; work runs in the order in which it is given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._deliveries = Deliveries(self)

    def run(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Does work soon, and tells the result or the error on the GUI thread."""
        self._deliveries.watch(self._executor.submit(work), then, failed)

    def run_now(self, work: Callable[[], Result]) -> Result:
        """Does work behind all that was given before, and waits for it; raises what it raises."""
        return self._executor.submit(work).result()

    def close(self) -> None:
        """Finishes what was given, and ends the thread."""
        self._executor.shutdown(wait=True)


class NetworkThread(QObject):
    """One asyncio loop on a thread of its own."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop = asyncio.new_event_loop()
        self._deliveries = Deliveries(self)
        self._thread = threading.Thread(target=self._serve, name="network", daemon=True)
        self._thread.start()

    def post(self, call: Callable[..., Any], *arguments: Any) -> None:
        """Calls a function in the loop."""
        self._loop.call_soon_threadsafe(call, *arguments)

    def run(
        self,
        work: Coroutine[Any, Any, Result],
        then: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Future[Result]:
        """Runs a coroutine in the loop, and tells the result or the error on the GUI thread."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        self._deliveries.watch(future, then, failed)
        return future

    def run_now(self, work: Coroutine[Any, Any, Result], seconds: float) -> Result:
        """Runs a coroutine and waits for it.

        Raises:
            TimeoutError: it took longer than `seconds`; it is cancelled.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            raise

    def close(self) -> None:
        """Cancels what still runs, and ends the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5.0)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()
