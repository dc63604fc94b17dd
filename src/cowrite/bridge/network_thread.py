"""NetworkThread: the thread for all that talks to other computers.

Work is handed over as a coroutine; what comes of it is delivered on the GUI thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from cowrite.bridge.deliveries import Deliveries

Result = TypeVar("Result")


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
    ) -> Future[None]:
        """Runs a coroutine in the loop, and tells the result or the error on the GUI thread.

        Returns:
            What ends with it, and can cancel it.
        """
        return self._deliveries.run_in_loop(self._loop, work, then, failed)

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
            # What was begun last gets its first turn: cancelled before it, it would leave a coroutine unawaited.
            self._loop.run_until_complete(asyncio.sleep(0))
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()
