"""What is remembered of a document's sync between two connections."""

from __future__ import annotations

from typing import NamedTuple

from cowrite.sync.state_vector import EMPTY, is_ahead
from cowrite_server.wire.encoding import MalformedMessage


class SyncRecord(NamedTuple):
    """What of the sync is kept in the document file.

    Attributes:
        epoch: identity of the server's document, or None when it has never been met.
        state_vector: what the server has confirmed or sent itself.
        waiting: number of local changes that were not confirmed.
    """

    epoch: str | None = None
    state_vector: bytes = EMPTY
    waiting: int = 0

    def is_behind(self, state_vector: bytes) -> bool:
        """Whether a document with this state vector has what is not confirmed; a damaged record confirms nothing."""
        try:
            return is_ahead(state_vector, self.state_vector)
        except MalformedMessage:
            return is_ahead(state_vector, EMPTY)
