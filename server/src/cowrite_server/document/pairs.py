"""Pairs: characters of two UTF-16 units, such as emoji, and which of them an update takes apart.

Without I/O. A program that counts units may write between the two, or delete one of them.

WORKAROUND y-crdt/y-crdt#399: where Yjs makes two replacement characters of such a character, yrs (pycrdt 0.14.13)
leaves it whole and counts it wrongly: what stands behind it moves or is lost, and not in the same way for everybody.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence, Set

from cowrite_server.document.ranges import Ranges, joined
from cowrite_server.document.second_units import may_hold_pairs, second_units
from cowrite_server.document.structs import seams
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MAX_VAR_UINT, MalformedMessage

Halved = Set[tuple[int, int]]
"""Characters that are taken apart: client id and clock of the second unit of each."""


class Pairs:
    """The characters of two units in one document: of each, eight bytes that say where its second unit is."""

    __slots__ = ("_halved", "_read", "_seconds", "_whole")

    def __init__(self) -> None:
        """None yet."""
        self._seconds: dict[int, array[int]] = {}  # clocks by client, in order
        self._halved: set[tuple[int, int]] = set()
        self._read: tuple[bytes, dict[int, list[int]]] | None = None  # one that was asked about and not added
        self._whole: bytes | None = None  # one that takes nothing apart, as was seen last

    @property
    def are_none(self) -> bool:
        """Whether the document has none."""
        return not self._seconds

    def add(self, update: bytes) -> Mapping[int, Sequence[int]]:
        """Takes note of those in an update; gives by client the clocks of their second units."""
        own = self._read[1] if self._read is not None and self._read[0] is update else _seconds(update)
        self._read = self._whole = None
        for client, seconds in own.items():
            known = self._seconds.setdefault(client, array("Q"))
            if known and seconds[0] <= known[-1]:
                self._seconds[client] = array("Q", sorted({*known, *seconds}))
            else:
                known.extend(seconds)
        return own

    def discard(self, halved: Halved) -> None:
        """In the place of these stand two characters now."""
        self._halved |= halved

    def halved_by(self, update: bytes) -> Halved:
        """Which of them, or of those in the update itself, it takes apart."""
        if update is self._whole:
            return frozenset()
        halved = self._looked_up(update)
        self._whole = None if halved else update
        return halved

    def halved_at(self, seams: Halved, pairs: Mapping[int, Sequence[int]]) -> Halved:
        """Which of some of them are taken apart.

        Args:
            seams: the units before which text is taken apart.
            pairs: the characters, as `add` gives them.
        """
        found = {(client, clock) for client, clocks in pairs.items() for clock in clocks}
        return (found & seams) - self._halved

    def _looked_up(self, update: bytes) -> Halved:
        found: set[tuple[int, int]] = set()
        own = _seconds(update, found)
        if own:
            self._read = update, own
        elif self._seconds:
            try:
                found = seams(update)
            except (MalformedMessage, BrokenUpdate):  # content that only the library knows
                return frozenset()
        return {
            (client, clock)
            for client, clock in found
            if _has(own.get(client, ()), clock) or _has(self._seconds.get(client, ()), clock)
        } - self._halved


def units_of(halved: Halved) -> Ranges:
    """Both units of each character, in order: yrs loses ranges without order where it merges updates."""
    ranges: Ranges = {}
    for client, clock in halved:
        ranges.setdefault(client, []).append((clock - 1, 2))
    return joined(ranges)


def _seconds(update: bytes, seams: set[tuple[int, int]] | None = None) -> dict[int, list[int]]:
    """By client the clocks of the second units in an update, in order.

    Args:
        update: the update.
        seams: gets the units before which it takes text apart, where there are such characters in it.
    """
    seconds: dict[int, list[int]] = {}
    if not may_hold_pairs(update):
        return seconds
    try:
        for client, clock in second_units(update, seams):
            seconds.setdefault(client, []).append(clock)
    except (MalformedMessage, BrokenUpdate):  # content that only the library knows
        return {}
    return {client: sorted(clocks) for client, clocks in seconds.items() if max(clocks) <= MAX_VAR_UINT}


def _has(seconds: Sequence[int], clock: int) -> bool:
    at = bisect_left(seconds, clock)
    return at < len(seconds) and seconds[at] == clock
