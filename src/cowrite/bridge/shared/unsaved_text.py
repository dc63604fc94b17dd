"""UnsavedText: what somebody wrote here and their server does not have, read beside the GUI thread where that is much.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject

from cowrite.bridge.deliveries import Deliveries
from cowrite.core.crdt.written import written_first
from cowrite.core.document.document import Document

LARGE = 64 * 1024  # bytes of an update that is read beside the GUI thread


class UnsavedText(QObject):
    """Reads it from one document.

    Args:
        document: it.
        parent: Qt parent.
    """

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._deliveries = Deliveries(self)
        self._executor: ThreadPoolExecutor | None = None

    def find(self, known: bytes, then: Callable[[str], None]) -> None:
        """Finds what was written since cowrite was started, or else before, and calls back with it.

        Args:
            known: the state vector of what the server has.
            then: gets the text, at once where that is soon read; not after `end`.
        """
        update, client = self._document.update_since(known), self._document.client_id
        if len(update) <= LARGE:
            then(written_first(update, client))
            return
        if self._executor is None:
            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="unsaved-text")
        self._deliveries.run(self._executor, lambda: written_first(update, client), lambda text: self._tell(text, then))

    def end(self) -> None:
        """Nobody wants to know any more."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _tell(self, text: str, then: Callable[[str], None]) -> None:
        if self._executor is not None:
            then(text)
