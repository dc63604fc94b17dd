"""Rows: what somebody wrote in a row, where an update holds it in parts, and what takes it apart.

Without I/O; see `structs` for the format. The library joins the parts of a row between which nothing comes. It also
takes a row apart where something refers to its middle, and joins it again where that finds its place elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from cowrite_server.document.census import VALUE_BYTES
from cowrite_server.document.pieces import in_turn
from cowrite_server.document.ranges import joined, read_ranges
from cowrite_server.document.structs import ANY, GAP, STRING, Id, read_struct
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader


class Row(NamedTuple):
    """Units that one client wrote in a row, and that nothing keeps apart.

    Attributes:
        joints: the first units of its parts, without the first one's.
        tears: how many places within it something refers to that comes elsewhere.
        size: bytes of it.
    """

    joints: list[Id]
    tears: int
    size: int


class _Parts:
    """Parts that one client wrote in a row, where others may have come between."""

    __slots__ = ("begin", "bytes", "client", "end", "joints")

    def __init__(self, client: int, begin: int) -> None:
        self.client, self.begin, self.end, self.bytes = client, begin, begin, 0
        self.joints: list[int] = []


class _Builds(NamedTuple):
    """A struct that builds on units of other clients."""

    client: int
    clock: int
    on: list[Id]


def rows_in(update: bytes, known: Mapping[int, int]) -> Iterator[Row]:
    """The rows of an update that have joints or tears.

    Args:
        update: the update.
        known: how many units of each client the document has to which it is to be added.

    Raises:
        BrokenUpdate: it is no update.
    """
    try:
        return _Reading(update, known).rows()
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error


class _Reading:
    """What one reading of an update finds."""

    def __init__(self, update: bytes, known: Mapping[int, int]) -> None:
        self._known = known
        self._parts: list[_Parts] = []
        self._ends: dict[int, int] = {}  # behind what it brings of each client
        self._late: dict[int, int] = {}  # from where on a client's units find no place
        self._builds: dict[int, list[_Builds]] = {}
        self._tears: dict[int, set[int]] = defaultdict(set)
        self._between: list[tuple[Id, Id]] = []  # a unit, and one that comes right before it and behind the one before
        reader = Reader(update)
        for _ in range(reader.var_uint()):
            self._read(reader, update)
        self._deleted = joined(read_ranges(reader))

    def _read(self, reader: Reader, update: bytes) -> None:
        """Reads what one client wrote."""
        structs, client, clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
        if clock > self._known.get(client, 0):
            self._late[client] = clock
        builds = self._builds.setdefault(client, [])
        parts = _Parts(client, clock)
        before: tuple[int, Id | None] | None = None
        for _ in range(structs):
            at = reader.position
            near: list[Id | None] = []
            content, _, length = read_struct(reader, near=near)
            left, right = near or (None, None)
            goes_on = before == (content, right) and left == (client, clock - 1)
            if left is not None and not goes_on:
                self._tears[left[0]].add(left[1] + 1)
            if right is not None:
                self._tears[right[0]].add(right[1])
                if left is not None and right == (left[0], left[1] + 1):
                    self._between.append((right, (client, clock)))
            holder = None
            if left is None and right is None and near and update[at + 1] == 0:
                within = Reader(update, at + 2)
                holder = within.var_uint(), within.var_uint()
            if content == GAP:
                self._late.setdefault(client, clock)
            others = None
            for id in (left, right, holder):
                if id is None:
                    continue
                if id[0] != client:
                    others = [*(others or ()), id]
                elif id[1] >= clock:
                    self._late.setdefault(client, clock)
            if others is not None:
                builds.append(_Builds(client, clock, others))
            before = None
            if content in (STRING, ANY):
                if goes_on:
                    parts.joints.append(clock)
                else:
                    parts = _Parts(client, clock)
                    self._parts.append(parts)
                parts.end = clock + length
                parts.bytes += max(reader.position - at, VALUE_BYTES * length if content == ANY else 0)
                before = content, right
            clock += length
        self._ends[client] = clock

    def rows(self) -> Iterator[Row]:
        """See `rows_in`."""
        bounds: dict[int, set[int]] = defaultdict(set)
        self._find_late()
        for (client, clock), (by, first) in self._between:
            if first < self._late.get(by, first + 1):
                bounds[client].add(clock)
        for client, ranges in self._deleted.items():
            for at, length in ranges:
                bounds[client] |= {at, at + length}
        kept_apart = {client: sorted(found) for client, found in bounds.items()}
        torn = {client: sorted(found - bounds[client]) for client, found in self._tears.items()}
        for parts in self._parts:
            inside = _within(kept_apart.get(parts.client, []), parts.begin, parts.end)
            tears = torn.get(parts.client, [])
            for begin, end in pairwise((parts.begin, *inside, parts.end)):
                joints = _within(parts.joints, begin, end)
                count = len(_within(tears, begin, end))
                if joints or count:
                    size = parts.bytes * (end - begin) // (parts.end - parts.begin)
                    yield Row([(parts.client, clock) for clock in joints], count, size)

    def _find_late(self) -> None:
        """Finds out what finds no place, because it builds on what is not there."""
        try:
            for client, clock, on in in_turn(self._builds, lambda each: each.on):
                if any(self._lacks(*id) for id in on):
                    self._late[client] = min(clock, self._late.get(client, clock))
        except BrokenUpdate:  # parts build on each other in a circle
            self._late = dict.fromkeys(self._ends, 0)

    def _lacks(self, client: int, clock: int) -> bool:
        is_there = clock < self._known.get(client, 0)
        return not is_there and clock >= min(self._ends.get(client, 0), self._late.get(client, clock + 1))


def _within(clocks: list[int], begin: int, end: int) -> list[int]:
    """Those of some clocks, in their order, that lie behind one and before another."""
    return clocks[bisect_right(clocks, begin) : bisect_left(clocks, end)]
