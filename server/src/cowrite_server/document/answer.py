"""Answer: what a document with one state vector lacks of another, kept for those who ask for the same next.

When many join at once, all ask for the whole document, and somebody types meanwhile. To write it anew for each would
take the server as long each time, and each would be sent a copy of their own.
"""

from __future__ import annotations

_LONG = 256 * 1024
"""Bytes from which on it is worth it: until what has come since has reached them, clients lack that."""

_LATER_BYTES = 16 * 1024
"""So much may have come since: as long as an answer is kept, so is what it takes in memory."""


class Answer:
    """What documents with one state vector lack, as one long update and the short ones that have come since."""

    __slots__ = ("_size", "later", "state", "update")

    def __init__(self, state: bytes, update: bytes) -> None:
        """An answer that is all.

        Args:
            state: the state vector.
            update: what a document lacks that has it.
        """
        self.state = state
        self.update = update
        self.later: list[bytes] = []
        """What has come since, as it came: merged, updates that contradict each other may say something else."""
        self._size = 0

    def take(self, update: bytes) -> bool:
        """The document has taken an update; gives whether this is an answer still.

        What deletes something ends it: nobody who comes later is to be sent what is gone.
        """
        self._size += len(update)
        if len(self.update) < _LONG or not update.endswith(b"\x00") or self._size > _LATER_BYTES:
            return False
        self.later.append(update)
        return True
