"""UnsavedText: what somebody wrote here and their server does not have, read beside the GUI thread where that is much.

Runs on the GUI thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QObject

from cowrite.bridge.job_thread import JobThread
from cowrite.bridge.network_thread import NetworkThread
from cowrite.core.crdt.written import written_first
from cowrite.core.document.document import Document

LARGE = 64 * 1024  # bytes of an update that is read beside the GUI thread

_Then = Callable[[str], None]


class UnsavedText(QObject):
    """Reads it from one document.

    Args:
        document: it.
        network: beside whose loop it is read.
        parent: Qt parent.
    """

    def __init__(self, document: Document, network: NetworkThread, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._network = network
        self._reading: Future[None] | None = None
        self._update = b""  # is being read
        self._asked: list[_Then] = []  # for what it says
        self._next: tuple[bytes, list[_Then]] = b"", []  # is read behind it, and for whom

    def find(self, known: bytes, then: _Then) -> None:
        """Finds what was written since cowrite was started, or else before, and calls back with it. Of all that is
        asked for while much is read, the newest is read for everybody.

        Args:
            known: the state vector of what the server has.
            then: gets the text, at once where that is soon read; not after `end`.
        """
        update = self._document.update_since(known)
        if len(update) <= LARGE:
            then(written_first(update, self._document.client_id))
        elif self._reading is None:
            self._begin(update, [then])
        elif update == self._update:
            self._asked.append(then)
        else:
            self._next = update, [*self._next[1], then]

    def end(self) -> None:
        """Nobody wants to know any more; what is being read nobody waits for."""
        if self._reading is not None:
            self._reading.cancel()
        self._over()
        self._next = b"", []

    def _begin(self, update: bytes, asked: list[_Then]) -> None:
        client = self._document.client_id
        thread = JobThread("unsaved-text")

        async def read() -> str:
            try:
                return await asyncio.get_running_loop().run_in_executor(thread, written_first, update, client)
            finally:
                thread.shutdown()

        self._update, self._asked = update, asked
        self._reading = self._network.run(read(), self._tell)

    def _tell(self, text: str) -> None:
        if self._reading is None:  # it had been read when nobody wanted it any more
            return
        asked = self._asked
        self._over()
        update, others = self._next
        if others:
            self._next = b"", []
            self._begin(update, others)
        for then in asked:
            then(text)

    def _over(self) -> None:
        self._reading, self._update, self._asked = None, b"", []
