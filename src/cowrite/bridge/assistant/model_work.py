"""ModelWork: downloads, hashes and copies of models, on a thread of their own.

Used from the GUI thread. Work is known by the model that it is about; how far it is and what came of it are told on
the GUI thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from cowrite.bridge.deliveries import Deliveries
from cowrite.models.errors import Cancelled
from cowrite.models.progress import IsCancelled, Progress, Report

Result = TypeVar("Result")

REPORTS = 0.1  # seconds between two reports of one work

Work = Callable[[Report, IsCancelled], Result]
"""What is done: is given what to tell of its progress, and what to ask whether it should end."""


class _Given(NamedTuple):
    """Work that was given to the thread.

    Attributes:
        cancelled: set when it is to end.
        future: ends with it.
        failed: is called with an error where nothing came of it.
    """

    cancelled: threading.Event
    future: Future[None]
    failed: Callable[[Exception], None]


class ModelWork(QObject):
    """Long work on models, one piece after the other.

    Args:
        parent: Qt parent.
    """

    begun = Signal(str)
    """The model's id: what comes before the work on it is done."""
    progressed = Signal(str, object)
    """The model's id, and progress.Progress."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="models")
        self._deliveries = Deliveries(self)
        self._given: dict[str, _Given] = {}
        self._is_closed = False

    def is_busy(self, model: str) -> bool:
        """Whether there is work on a model."""
        return model in self._given

    def run(
        self,
        model: str,
        work: Work[Result],
        then: Callable[[Result], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Does work on a model soon; does nothing where there is work on it already, or after `close`."""
        if model in self._given or self._is_closed:
            return
        cancelled = threading.Event()
        last = 0.0

        def report(progress: Progress) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= REPORTS or progress.done == progress.total:
                last = now
                self.progressed.emit(model, progress)

        def begin() -> Result:
            self.begun.emit(model)
            return work(report, cancelled.is_set)

        def done(result: Result) -> None:
            self._given.pop(model, None)
            if not self._is_closed:
                then(result)

        def not_done(error: Exception) -> None:
            self._given.pop(model, None)
            if not self._is_closed:
                failed(error)

        future = self._deliveries.run(self._executor, begin, done, not_done)
        self._given[model] = _Given(cancelled, future, not_done)

    def cancel(self, model: str) -> None:
        """Ends the work on a model: at once where it has not begun, else as soon as it looks."""
        given = self._given.get(model)
        if given is not None:
            given.cancelled.set()
            if given.future.cancel():
                QTimer.singleShot(0, self, lambda: given.failed(Cancelled(model)))

    def close(self) -> None:
        """Ends all work and the thread, and waits for it; nothing is told any more."""
        self._is_closed = True
        for given in self._given.values():
            given.cancelled.set()
        self._executor.shutdown(wait=True, cancel_futures=True)
