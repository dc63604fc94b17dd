"""Unfinished: what has come of messages, or of blobs in parts, that are not whole yet, from all clients of a server.

A message or a blob may be large, and its sender slow. Many who send large ones and never end them would take all of the
memory, so together they have a bound, beyond which the one that holds most of it is cut. Runs on the server's event
loop.
"""

from __future__ import annotations

from typing import Protocol

_WORTH_COUNTING = 64 * 1024
"""Bytes; less is what every connection may have on its way."""


class Sender(Protocol):
    """A connection on which messages or blobs come."""

    def cut(self) -> None:
        """Ends it; what has come is forgotten."""


class Unfinished:
    """The senders of large messages, or of large blobs, that are not whole yet."""

    def __init__(self, most: int) -> None:
        """Nobody yet.

        Args:
            most: bytes of all of them together.
        """
        self._most = most
        self._sizes: dict[Sender, int] = {}
        self._total = 0

    def note(self, sender: Sender, size: int) -> None:
        """Takes note of what one has sent of what is not whole; 0 where nothing is under way.

        Args:
            sender: who.
            size: bytes of it.
        """
        if size <= _WORTH_COUNTING:
            size = 0
        self._total += size - self._sizes.pop(sender, 0)
        if size:
            self._sizes[sender] = size
        if self._total > self._most:
            largest = max(self._sizes, key=self._sizes.__getitem__)
            self._total -= self._sizes.pop(largest)
            largest.cut()
