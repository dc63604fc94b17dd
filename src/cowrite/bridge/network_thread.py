"""NetworkThread: the thread for all that talks to other computers.

Work is handed over as a coroutine; what comes of it is delivered on the GUI thread. What it tells meanwhile it puts
into an Inbox.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from cowrite.bridge.deliveries import Deliveries
from cowrite.sync.network_loop import NetworkLoop
from cowrite_server.background import end_tasks

Result = TypeVar("Result")
Event = TypeVar("Event")


class Inbox(Generic[Event]):
    """What a coroutine in the loop tells somebody on the GUI thread, in order.

    The loop holds this one and not who is told: that would be destroyed there, where the loop lets go of it last.

    Args:
        ring: has `tell` called on the GUI thread soon.
        told: takes out of `waiting` what is in it.
    """

    def __init__(self, ring: Callable[[Inbox[Event]], None], told: Callable[[], None]) -> None:
        self.waiting: deque[Event] = deque()
        self._ring = ring
        self._told: Callable[[], None] | None = told

    def put(self, event: Event) -> None:
        """Adds an event; the bell rings for the first that waits."""
        self.waiting.append(event)
        if len(self.waiting) == 1:
            self.ring()

    def ring(self) -> None:
        """Has the events that wait told."""
        self._ring(self)

    def tell(self) -> None:
        """Has them told now, on the GUI thread."""
        if self._told is not None:
            self._told()

    def close(self) -> None:
        """Tells nothing any more, and lets go of who was told."""
        self._told = None
        self.waiting.clear()


class NetworkThread(QObject):
    """One asyncio loop on a thread of its own."""

    _rang = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop = NetworkLoop()
        self._deliveries = Deliveries(self)
        self._rang.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._serve, name="network", daemon=True)
        self._thread.start()

    def inbox(self, told: Callable[[], None]) -> Inbox[Any]:
        """A way from the loop to somebody on the GUI thread."""
        return Inbox(self._ring, told)

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
        """Cancels what still runs, ends the thread, and tells what came of all that was done."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5.0)
        self._deliveries.tell_now()

    def _ring(self, inbox: Inbox[Any]) -> None:
        self._rang.emit(inbox)

    def _tell(self, inbox: Inbox[Any]) -> None:
        inbox.tell()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            # What was begun last gets its first turn: cancelled before it, it would leave a coroutine unawaited.
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.run_until_complete(end_tasks(asyncio.all_tasks(self._loop)))
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()
