"""Probe: asks a store again and again whether anything is otherwise, and knows by that whether the store answers.

Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
import logging
from time import monotonic

from cowrite_server.errors import StoreFailed
from cowrite_server.store.store import Store

_logger = logging.getLogger(__name__)

_ANSWER_SECONDS = 2.0
"""A store that has left a question without an answer for so long is not to be counted on."""


class Probe:
    """That of one store."""

    def __init__(self, store: Store) -> None:
        """Of a store that answers as long as it was not asked."""
        self._store = store
        self._asked: float | None = None
        self._silent = False
        self.has_answered = True
        """Whether the store could be read when it was asked last."""

    @property
    def is_answered(self) -> bool:
        """Whether the store could be read when it was asked last, and has not been silent since for too long."""
        return self.has_answered and (self._asked is None or monotonic() - self._asked < _ANSWER_SECONDS)

    async def changes(self) -> int:
        """See `Store.changes_by_others`.

        Raises:
            StoreFailed: it could not be read.
        """
        self._asked = monotonic()
        silence = asyncio.get_running_loop().call_later(_ANSWER_SECONDS, self._tell_silence)
        try:
            number = await self._store.changes_by_others()
        except StoreFailed:
            self.has_answered = False
            raise
        finally:
            self._asked = None
            silence.cancel()
        self.has_answered = True
        if self._silent:
            self._silent = False
            _logger.warning("The database answers again.")
        return number

    def _tell_silence(self) -> None:
        if not self._silent:
            self._silent = True
            _logger.error("The database does not answer; look whether it is stopped, overloaded or cut off.")
