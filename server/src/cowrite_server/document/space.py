"""How much a document may still grow, so that it can always be opened and exported. Without I/O."""

from __future__ import annotations

from collections.abc import Callable

_DELETIONS = 8
"""Deletions may go beyond the limit by one part in this many: they are how a full document gets smaller."""

_REST = 50
"""After measuring, this many times as long passes before it is measured again."""


class Space:
    """The size of one document, as far as it has to be known.

    Adding up updates gives a size that is hardly ever too small. Only where that sum reaches the limit is the document
    measured, and not again before it can have changed much.
    """

    __slots__ = ("_clock", "_limit", "_limit_of_deletions", "_measure", "_rest_until", "size")

    def __init__(self, limit: int, size: int, measure: Callable[[], int], clock: Callable[[], float]) -> None:
        """The space of a document that was just read.

        Args:
            limit: bytes that the document may have.
            size: bytes that it has at most.
            measure: gives the bytes that it has; takes time.
            clock: gives seconds.
        """
        self._limit = limit
        self._limit_of_deletions = max(limit, size) * (_DELETIONS + 1) // _DELETIONS
        self.size = size
        """Bytes that the document has at most; who has measured it may say so."""
        self._measure = measure
        self._clock = clock
        self._rest_until = 0.0

    def take(self, update: bytes, part: int = 1) -> bool:
        """Makes room for an update; gives whether there is room. Where there is none, nothing has changed.

        Args:
            update: the update.
            part: its sender may fill one part in so many of the space.
        """
        size, limit = self.size + len(update), self._limit // part
        if size > limit:
            return self._take_measured(update, limit)
        self.size = size
        return True

    def _take_measured(self, update: bytes, limit: int) -> bool:
        if self._clock() >= self._rest_until:
            begun = self._clock()
            self.size = self._measure()
            ended = self._clock()
            self._rest_until = ended + _REST * (ended - begun)
        deletes_only = update[:1] == b"\x00"  # no client has new content in it
        if self.size + len(update) > (self._limit_of_deletions if deletes_only else limit):
            return False
        self.size += len(update)
        return True
