"""State vectors of Yjs read as numbers: how far a document knows each client's edits.

A state vector is a var_uint n and then n pairs of var_uint client id and var_uint clock. It says nothing about
deletions: those travel whole with every update.
"""

from __future__ import annotations

from cowrite.core.crdt.clocks import clocks_of, with_clocks
from cowrite.core.crdt.structs import read_clocks
from cowrite_server.document.ranges import clamped, deletion, joined, read_ranges
from cowrite_server.document.structs import brought, skip_structs
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import Reader

EMPTY = b"\x00"
"""The state vector of a document in which nothing was ever written."""


def are_strangers(left: bytes, right: bytes) -> bool:
    """Whether both documents hold something and have no writer in common: neither comes from the other.

    Raises:
        MalformedMessage: one of them is no state vector.
    """
    one, other = read_clocks(left), read_clocks(right)
    return bool(one) and bool(other) and one.keys().isdisjoint(other)


def is_ahead(left: bytes, right: bytes) -> bool:
    """Whether `left` knows anything that `right` does not.

    Raises:
        MalformedMessage: one of them is no state vector.
    """
    if left == right:
        return False
    known = read_clocks(right)
    return any(clock > known.get(client, 0) for client, clock in read_clocks(left).items())


def with_update(known: bytes, update: bytes) -> bytes:
    """The state vector of a document that has taken in an update, as far as no gap is left before what it brings."""
    try:
        units, _ = brought(update)
    except BrokenUpdate:  # holds what only the library reads
        return known
    before = clocks_of(known, units)
    after: dict[int, int] = {}
    for client, found in joined(units).items():
        for first, length in found:
            if first <= after.get(client, before.get(client, 0)) < first + length:
                after[client] = first + length
    return with_clocks(known, after)


def deletions_of_known(update: bytes, known: bytes) -> bytes:
    """An update with those of another's deletions that are of what a document with this state vector has.

    Raises:
        BrokenUpdate, MalformedMessage: one of them cannot be read.
    """
    reader = Reader(update)
    skip_structs(reader, reader.var_uint())
    return deletion(clamped(read_ranges(reader), read_clocks(known)))
