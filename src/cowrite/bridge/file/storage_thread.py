"""StorageThread: the thread for all that waits for the disk, and those beside it for what must not and what takes long.

Work is handed over as a function; what comes of it is delivered on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject

from cowrite.bridge.deliveries import Deliveries

Result = TypeVar("Result")


class StorageThread(QObject):
    """One thread for all that waits for the disk; work runs in the order in which it is given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._quick_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="quick-log")
        self._long_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="long-reading")
        self._deliveries = Deliveries(self)
        self._long_deliveries = Deliveries(self)

    def run(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Does work soon, and tells the result or the error on the GUI thread."""
        self._deliveries.run(self._executor, work, then, failed)

    def run_long(
        self, work: Callable[[], Result], then: Callable[[Result], None], failed: Callable[[Exception], None]
    ) -> None:
        """The same for what goes through many documents and changes none, on a thread of its own and in the order
        given: what is saved does not wait for it. The end of the application does, so it looks whether it is still
        wanted."""
        self._long_deliveries.run(self._long_executor, work, then, failed)

    def run_now(self, work: Callable[[], Result]) -> Result:
        """Does work behind all that was given before, and waits for it; raises what it raises."""
        return self._deliveries.run_now(self._executor, work)

    def run_quickly(
        self,
        work: Callable[[], None],
        then: Callable[[None], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """The same for work that asks for no fsync, on a thread of its own and in the order given; without `failed` an
        error is raised in the event loop."""
        self._deliveries.run(self._quick_executor, work, then, failed)

    def run_quickly_now(self, work: Callable[[], None]) -> None:
        """The same, and waits for it; raises what it raises."""
        self._deliveries.run_now(self._quick_executor, work)

    def finish(self) -> None:
        """Waits until all that was given is done and told, but for what takes long."""
        self._deliveries.finish()

    def close(self) -> None:
        """Finishes what was given, tells what came of it, and ends the threads."""
        self._long_deliveries.finish()
        self._deliveries.finish()
        self._executor.shutdown(wait=True)
        self._quick_executor.shutdown(wait=True)
        self._long_executor.shutdown(wait=True)
