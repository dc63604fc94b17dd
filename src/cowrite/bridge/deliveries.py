"""Deliveries: what other threads have done, told on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
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

        def tell(done: Future[Result]) -> None:
            if then is not None or done.cancelled() or done.exception() is not None:
                self._finished.emit(done, then, failed)

        work.add_done_callback(tell)

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
