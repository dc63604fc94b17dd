"""Ranges: which units of a document, by the client that wrote them and their clocks.

The encoding is that of the delete set at the end of an update, in Yjs' encoding version 1: count of clients, for each
its id, count of ranges, for each its first clock and length
(https://github.com/yjs/yjs/blob/main/src/utils/DeleteSet.js).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from cowrite_server.wire.encoding import MAX_VAR_UINT, Reader, var_uint

Ranges = dict[int, list[tuple[int, int]]]
"""Client id to (first clock, number of clocks)."""


def read_ranges(reader: Reader) -> Ranges:
    """Reads ranges as they stand in an update.

    Raises:
        MalformedMessage: the bytes are no ranges.
    """
    ranges: Ranges = {}
    for _ in range(reader.var_uint()):
        client = reader.var_uint()
        found = [(reader.var_uint(), reader.var_uint()) for _ in range(reader.var_uint())]
        ranges.setdefault(client, []).extend(found)
    return ranges


def encode_ranges(ranges: Ranges) -> bytes:
    """Ranges as they stand in an update."""
    encoded = bytearray(var_uint(len(ranges)))
    for client, found in ranges.items():
        encoded += var_uint(client) + var_uint(len(found))
        for at, length in found:
            encoded += var_uint(at) + var_uint(length)
    return bytes(encoded)


def deletion(ranges: Ranges) -> bytes:
    """An update that deletes these units and does nothing else."""
    return b"\x00" + encode_ranges(ranges)


def add_ranges(to: Ranges, more: Ranges) -> None:
    """Puts ranges to others, in no order; `joined` makes order."""
    for client, found in more.items():
        to.setdefault(client, []).extend(found)


def put(to: Ranges, more: Ranges) -> None:
    """Puts ranges to others that are in order and have none of their units, and keeps the order; what that takes does
    not grow with the others."""
    for client, found in more.items():
        known = to.setdefault(client, [])
        for at, length in found:
            index = bisect_right(known, (at, 0))
            first = end = index
            begin, behind = at, at + length
            if index and sum(known[index - 1]) == at:
                first, begin = index - 1, known[index - 1][0]
            if index < len(known) and known[index][0] == behind:
                end, behind = index + 1, sum(known[index])
            known[first:end] = [(begin, behind - begin)]


def joined(ranges: Ranges) -> Ranges:
    """The same units, clients and each one's ranges in order, and those that touch made one."""
    result: Ranges = {}
    for client, found in sorted(ranges.items()):
        kept: list[tuple[int, int]] = []
        for at, length in sorted(found):
            if kept and at <= kept[-1][0] + kept[-1][1]:
                first, known = kept[-1]
                kept[-1] = (first, max(known, at + length - first))
            elif length:
                kept.append((at, length))
        if kept:
            result[client] = kept
    return result


def clamped(ranges: Ranges, clocks: Mapping[int, int]) -> Ranges:
    """The units that a document with this state vector has.

    Args:
        ranges: the units.
        clocks: client id to the number of its units that are there.
    """
    result: Ranges = {}
    for client, found in ranges.items():
        end = clocks.get(client, 0)
        kept = [(at, min(length, end - at)) for at, length in found if at < end]
        if kept:
            result[client] = kept
    return result


def beyond(ranges: Ranges, clocks: Mapping[int, int]) -> Ranges:
    """The units that a document with this state vector has not; the others of `clamped`."""
    result: Ranges = {}
    for client, found in ranges.items():
        begin = clocks.get(client, 0)
        kept = [(max(at, begin), at + length - max(at, begin)) for at, length in found if at + length > begin]
        if kept:
            result[client] = kept
    return result


def without(ranges: Ranges, known: Ranges) -> Ranges:
    """The units of `ranges` that are not in `known`, whose ranges are in order, as `joined` gives them."""
    result: Ranges = {}
    for client, found in ranges.items():
        others = known.get(client, [])
        kept: list[tuple[int, int]] = []
        for first, length in found:
            at, end = first, first + length
            index = max(bisect_right(others, (at, MAX_VAR_UINT)) - 1, 0)
            while at < end and index < len(others) and others[index][0] < end:
                begin, size = others[index]
                if at < begin:
                    kept.append((at, begin - at))
                at = max(at, begin + size)
                index += 1
            if at < end:
                kept.append((at, end - at))
        if kept:
            result[client] = kept
    return result


def covers(outer: Ranges, inner: Ranges) -> bool:
    """Whether all units of `inner` are in `outer`."""
    outer = joined(outer)
    for client, found in inner.items():
        known = outer.get(client, [])
        for at, length in found:
            first, size = known[index - 1] if (index := bisect_right(known, (at, MAX_VAR_UINT))) else (0, 0)
            if length and first + size < at + length:
                return False
    return True


def count_units(ranges: Ranges) -> int:
    """How many units these are."""
    return sum(length for found in ranges.values() for _, length in found)
