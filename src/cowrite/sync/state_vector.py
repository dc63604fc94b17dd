"""State vectors of Yjs read as numbers: how far a document knows each client's edits.

A state vector is a var_uint n and then n pairs of var_uint client id and var_uint clock. It says nothing about
deletions: those travel whole with every update.
"""

from __future__ import annotations

from cowrite.core.structs import read_clocks

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
