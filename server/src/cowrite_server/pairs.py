"""Pairs: characters of two UTF-16 units, such as emoji, and which of them an update takes apart.

Without I/O. A program that counts units may write between the two, or delete one of them.

WORKAROUND y-crdt/y-crdt#399: where Yjs makes two replacement characters of such a character, yrs (pycrdt 0.14.13)
leaves it whole and counts it wrongly: what stands behind it moves or is lost, and not in the same way for everybody.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence, Set

from cowrite_server.encoding import MalformedMessage
from cowrite_server.errors import BrokenUpdate
from cowrite_server.ranges import Ranges, joined
from cowrite_server.structs import PAIR, seams, texts_with_pairs

Halved = Set[tuple[int, int]]
"""Characters that are taken apart: client id and clock of the second unit of each."""


class Pairs:
    """The characters of two units in one document."""

    __slots__ = ("_halved", "_texts")

    def __init__(self) -> None:
        """None yet."""
        self._texts: dict[int, list[tuple[int, bytes]]] = {}
        self._halved: set[tuple[int, int]] = set()

    def add(self, update: bytes) -> bool:
        """Takes note of those in an update; gives whether there are any."""
        own = _texts(update)
        for client, texts in own.items():
            known = self._texts.setdefault(client, [])
            for clock, text in texts:
                if not _holds(known, clock + len(text) // 2 - 1):
                    known.insert(bisect_right(known, clock, key=_clock), (clock, text))
        return bool(own)

    def discard(self, halved: Halved) -> None:
        """In the place of these stand two characters now."""
        self._halved |= halved

    def halved_by(self, update: bytes) -> Halved:
        """Which of them, or of those in the update itself, it takes apart."""
        own = _texts(update)
        if not self._texts and not own:
            return frozenset()
        try:
            found = seams(update)
        except (MalformedMessage, BrokenUpdate):  # content that only the library knows
            return frozenset()
        return {
            (client, clock)
            for client, clock in found
            if _is_second(own.get(client, ()), clock) or _is_second(self._texts.get(client, ()), clock)
        } - self._halved


def units_of(halved: Halved) -> Ranges:
    """Both units of each character, in order: yrs loses ranges without order where it merges updates."""
    ranges: Ranges = {}
    for client, clock in halved:
        ranges.setdefault(client, []).append((clock - 1, 2))
    return joined(ranges)


def _texts(update: bytes) -> dict[int, list[tuple[int, bytes]]]:
    """By client the texts of an update that have such characters, each with its clock, in their order."""
    texts: dict[int, list[tuple[int, bytes]]] = {}
    if PAIR.search(update) is not None:
        try:
            for client, clock, text in texts_with_pairs(update):
                texts.setdefault(client, []).append((clock, text))
        except (MalformedMessage, BrokenUpdate):  # content that only the library knows
            return {}
    return texts


def _clock(text: tuple[int, bytes]) -> int:
    return text[0]


def _holder(texts: Sequence[tuple[int, bytes]], clock: int) -> tuple[int, bytes]:
    at = bisect_right(texts, clock, key=_clock) - 1
    return texts[at] if at >= 0 else (clock, b"")


def _holds(texts: Sequence[tuple[int, bytes]], clock: int) -> bool:
    begin, text = _holder(texts, clock)
    return clock < begin + len(text) // 2


def _is_second(texts: Sequence[tuple[int, bytes]], clock: int) -> bool:
    begin, text = _holder(texts, clock)
    at = 2 * (clock - begin) + 1
    return at < len(text) and 0xDC <= text[at] <= 0xDF
