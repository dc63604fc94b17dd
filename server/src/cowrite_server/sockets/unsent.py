"""Unsent: the long answers that wait for clients to take them, of all clients of a server.

Whoever asks for a whole document and does not read has the server keep it. What several wait for is kept once; but the
document goes on, and each may ask for another state of it. So all of it together has a bound, beyond which those are
cut who have taken nothing for longest. Runs on the server's event loop.
"""

from __future__ import annotations

from typing import Protocol

WORTH_COUNTING = 64 * 1024
"""Bytes; less is what every connection may have on its way."""


class Reader(Protocol):
    """Somebody for whom answers wait."""

    def cut(self) -> None:
        """Ends it, and lets go of all that waits for it."""


class Unsent:
    """Who waits for long answers, and what these are."""

    def __init__(self, most: int) -> None:
        """Nobody yet.

        Args:
            most: bytes of all that is kept.
        """
        self._most = most
        self._total = 0
        self._readers: dict[Reader, int] = {}  # for how many answers each waits; first who took something longest ago
        self._keepers: dict[int, int] = {}  # how many wait for an answer, by what identifies it as long as it is kept

    def keep(self, reader: Reader, answer: bytes) -> None:
        """An answer waits for one who has asked just now, until it is let go of."""
        keepers = self._keepers.get(id(answer), 0)
        self._keepers[id(answer)] = keepers + 1
        if not keepers:
            self._total += len(answer)
        self._readers[reader] = self._readers.pop(reader, 0) + 1

    def let_go(self, reader: Reader, answer: bytes) -> None:
        """An answer does not wait for somebody any more."""
        self._keepers[id(answer)] -= 1
        if not self._keepers[id(answer)]:
            del self._keepers[id(answer)]
            self._total -= len(answer)
        self._readers[reader] -= 1
        if not self._readers[reader]:
            del self._readers[reader]

    def took(self, reader: Reader) -> None:
        """Somebody has taken some of what waits."""
        if reader in self._readers:
            self._readers[reader] = self._readers.pop(reader)

    def bound(self) -> None:
        """Cuts as many as it needs for no more to be kept than may; not the one that asked or took something last."""
        while self._total > self._most and len(self._readers) > 1:
            next(iter(self._readers)).cut()
