"""Unsent: the long answers that wait for clients to take them, of all clients of a server.

Whoever asks for a whole document and does not read has the server keep it. What several wait for is kept once; but the
document goes on, and each may ask for another state of it. So all of it together has a bound, beyond which whoever has
taken least is cut: who reads nothing goes first, and who has nearly everything gets the rest. Otherwise many on slow
lines would cut each other, and none would ever get all. Runs on the server's event loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

WORTH_COUNTING = 64 * 1024
"""Bytes; less is what every connection may have on its way."""


class Reader(Protocol):
    """Somebody for whom answers wait."""

    def cut(self) -> None:
        """Ends it, and lets go of all that waits for it."""


@dataclass(slots=True)
class _Wait:
    """For how many answers one waits, and how many bytes of what waited they have taken."""

    answers: int = 0
    taken: int = 0


class Unsent:
    """Who waits for long answers, and what these are."""

    def __init__(self, most: int) -> None:
        """Nobody yet.

        Args:
            most: bytes of all that is kept.
        """
        self._most = most
        self._total = 0
        self._waits: dict[Reader, _Wait] = {}
        self._keepers: dict[int, int] = {}  # how many wait for an answer, by what identifies it as long as it is kept

    def keep(self, reader: Reader, answer: bytes) -> None:
        """An answer waits for one who has asked, until it is let go of.

        Args:
            reader: who has asked.
            answer: what they are to get; the same object for all who wait for it, so that it counts once.
        """
        keepers = self._keepers.get(id(answer), 0)
        self._keepers[id(answer)] = keepers + 1
        if not keepers:
            self._total += len(answer)
        self._waits.setdefault(reader, _Wait()).answers += 1

    def let_go(self, reader: Reader, answer: bytes) -> None:
        """An answer does not wait for somebody any more."""
        self._keepers[id(answer)] -= 1
        if not self._keepers[id(answer)]:
            del self._keepers[id(answer)]
            self._total -= len(answer)
        self._waits[reader].answers -= 1
        if not self._waits[reader].answers:
            del self._waits[reader]

    def took(self, reader: Reader, size: int) -> None:
        """Somebody has taken so many bytes of what waited."""
        if reader in self._waits:
            self._waits[reader].taken += size

    def bound(self, asker: Reader) -> None:
        """Cuts others than whoever has just asked, first who has taken least, until no more is kept than may be."""
        while self._total > self._most:
            others = [each for each in self._waits if each is not asker]
            if not others:
                return
            min(others, key=lambda each: self._waits[each].taken).cut()
