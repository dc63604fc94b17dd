"""SyncedDocument: what the sync needs of a document."""

from __future__ import annotations

from typing import Protocol


class SyncedDocument(Protocol):
    """What a SyncPeer needs of a document."""

    def state_vector(self) -> bytes:
        """How far the document knows each client's edits."""

    def update_since(self, state_vector: bytes) -> bytes:
        """All that the owner of the state vector lacks, as one update."""

    def apply_remote(self, update: bytes) -> None:
        """Takes an update in.

        Raises:
            CowriteError: the update cannot be read; the document is as it was.
        """
