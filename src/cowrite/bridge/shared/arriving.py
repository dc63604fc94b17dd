"""Arriving: a long document that a server has sent, on its way into the one that is open and blank.

Runs on the GUI thread. It is read on another thread, and taken in by some milliseconds' work in each turn of the event
loop: so the window answers meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.job_thread import JobThread
from cowrite.bridge.network_thread import NetworkThread
from cowrite.bridge.single_shot import single_shot
from cowrite.core.document.document import Document
from cowrite.core.document.prepared import LARGE, Prepared, prepare
from cowrite.core.errors import MalformedUpdate

_TURN = 0.02  # seconds that it is taken in at a time


class Arriving(QObject):
    """What is on its way into one document.

    Args:
        document: the open one.
        network: beside whose loop it is read.
        here: is called with what does the rest: little, unless the document is not blank any more or the update is no
            sound one; that may raise a MalformedUpdate.
        parent: Qt parent.
    """

    changed = Signal(bool)
    """Whether something is on its way."""

    def __init__(
        self, document: Document, network: NetworkThread, here: Callable[[Callable[[], None]], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._network = network
        self._here = here
        self._update = b""
        self._reading: Future[None] | None = None
        self._steps: Iterator[None] | None = None
        self._timer = single_shot(self, self._go_on)

    def __bool__(self) -> bool:
        """Whether something is on its way."""
        return bool(self._update)

    def takes(self, update: bytes) -> bool:
        """Whether an update is so large, and the document blank, that it comes in this way."""
        return len(update) > LARGE and self._document.is_blank

    def begin(self, update: bytes) -> None:
        """Has an update come in."""

        thread = JobThread("arriving")

        async def read() -> Prepared | None:
            try:
                return await asyncio.get_running_loop().run_in_executor(thread, prepare, update)
            finally:
                thread.shutdown()

        self._update = update
        self.changed.emit(True)
        self._reading = self._network.run(read(), self._fill, self._failed)

    def end(self) -> bool:
        """Nothing comes in any more; what the document has begun to take in it has as a whole.

        Returns:
            Whether there was something of which it had begun so: nobody else hears that it is there.
        """
        if self._reading is not None:
            self._reading.cancel()
        self._timer.stop()
        steps = self._steps
        self._over()
        if steps is None:
            return False
        try:
            for _ in steps:
                pass
        except MalformedUpdate:  # of which nobody wants to hear any more
            return False
        return True

    def _fill(self, prepared: Prepared | None) -> None:
        if not self._update:  # it had been read when all was over
            return
        self._reading = None
        if prepared is None or not self._document.is_blank:
            self._end_with(self._document.apply_remote)
            return
        try:
            self._steps = self._document.fill(prepared)
        except MalformedUpdate as error:
            self._end_with(partial(_raise, error))
        else:
            self._go_on()

    def _failed(self, error: Exception) -> None:
        self._fill(None)
        if not isinstance(error, MalformedUpdate):
            raise error

    def _go_on(self) -> None:
        until = time.monotonic() + _TURN
        try:
            for _ in self._steps or ():
                if time.monotonic() > until:
                    self._timer.start(0)
                    return
        except MalformedUpdate as error:
            self._end_with(partial(_raise, error))
        else:
            self._end_with(lambda _update: None)

    def _end_with(self, rest: Callable[[bytes], None]) -> None:
        update = self._update
        self._over()
        self._here(lambda: rest(update))

    def _over(self) -> None:
        self._reading = self._steps = None
        if self._update:
            self._update = b""
            self.changed.emit(False)


def _raise(error: MalformedUpdate, _update: bytes) -> None:
    raise error
