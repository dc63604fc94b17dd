"""State vectors of Yjs read as numbers: how far a document knows each client's edits.

A state vector is a var_uint n and then n pairs of var_uint client id and var_uint clock. It says nothing about
deletions: those travel whole with every update.
"""

from __future__ import annotations

from cowrite_server.encoding import Reader

EMPTY = b"\x00"
"""The state vector of a document in which nothing was ever written."""


def clocks(state_vector: bytes) -> dict[int, int]:
    """Client ids and the number of each client's units that are known.

    Raises:
        MalformedMessage: the bytes are no state vector.
    """
    reader = Reader(state_vector)
    return {reader.var_uint(): reader.var_uint() for _ in range(reader.var_uint())}


def are_strangers(left: bytes, right: bytes) -> bool:
    """Whether both documents hold something and have no writer in common: neither comes from the other.

    Raises:
        MalformedMessage: one of them is no state vector.
    """
    one, other = clocks(left), clocks(right)
    return bool(one) and bool(other) and one.keys().isdisjoint(other)


def is_ahead(left: bytes, right: bytes) -> bool:
    """Whether `left` knows anything that `right` does not.

    Raises:
        MalformedMessage: one of them is no state vector.
    """
    return bool(clients_ahead(left, right))


def clients_ahead(left: bytes, right: bytes) -> frozenset[int]:
    """The client ids of whose edits `left` knows some that `right` does not.

    Raises:
        MalformedMessage: one of them is no state vector.
    """
    if left == right:
        return frozenset()
    known = clocks(right)
    return frozenset(client for client, clock in clocks(left).items() if clock > known.get(client, 0))
