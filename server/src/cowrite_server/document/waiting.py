"""Waiting: the parts of a document that wait for content which has not arrived, kept out of the library's document."""

from __future__ import annotations

from collections.abc import Callable

import pycrdt

from cowrite_server.document.bounds import first_clocks
from cowrite_server.document.ranges import Ranges, beyond, encode_ranges, joined, read_ranges
from cowrite_server.document.structs import brought, mentioned, skip_structs
from cowrite_server.document.updates import EMPTY_UPDATE, LISTED_AT_MOST, clocks, guarded, has_deletions
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import Reader

_LARGEST_CLOCK = 2**31
"""Behind this no client has written; close to the library's largest, at twice as much, it fails."""

_LONG_LIST = 64 * 1024
"""Bytes of a list of deletions from which on the library is asked, which has to read the document's own for it."""


class Waiting:
    """What waits in one document.

    Attributes:
        update: it.
    """

    __slots__ = ("_mentioned", "_units", "update")

    def __init__(self, update: bytes) -> None:
        self.update = update
        self._units: Ranges | None = None  # those of it; None where nobody has read them yet
        self._mentioned = _mentioned(update)  # the clients that it has to do with; None for any

    def is_apart(self, update: bytes) -> bool:
        """Whether an update brings nothing of the clients that what waits has to do with."""
        try:
            brought = {client for client, _ in first_clocks(update)}
        except BrokenUpdate:  # content that only the library knows
            return False
        return self._mentioned is not None and self._mentioned.isdisjoint(brought)

    def goes_on(self, update: bytes, state: Callable[[], bytes]) -> bool:
        """Whether an update is nothing but what its writers wrote on, right behind what waits of theirs.

        Then the document stays as it is, and no gap is added: Yrs reads a second one of a client wrongly at times.

        Args:
            update: it.
            state: gives the document's state vector.
        """
        if len(update) > LISTED_AT_MOST:
            return False  # to read it here would take longer
        try:
            units, deleted = brought(update)
            if self._units is None:  # of very many letters it takes longer than to add one
                self._units = joined(brought(self.update)[0])
        except BrokenUpdate:  # content that only the library knows
            return False
        here = clocks(state())
        for client, found in joined(units).items():
            behind = self._units.get(client, [])
            ends = [at + length for at, length in (*behind, *found)]
            if len(behind) != 1 or len(found) != 1 or behind[0][0] <= here.get(client, 0):
                return False
            if found[0][0] != ends[0] or ends[1] > _LARGEST_CLOCK:
                return False
        return joined(beyond(deleted, here)) == joined(deleted)

    def go_on(self, update: bytes, both: bytes) -> None:
        """An update that goes on with what waits (see `goes_on`) waits as well.

        Args:
            update: it.
            both: what waits now.
        """
        more, units = _mentioned(update), self._units
        assert units is not None, "it was read to see that"
        for client, found in brought(update)[0].items():
            units[client] = joined({client: [*units[client], *found]})[client]
        self.update = both
        self._mentioned = None if more is None or self._mentioned is None else self._mentioned | more


def part_that_waits(update: bytes, state: bytes, own: Callable[[bytes], bytes]) -> bytes | None:
    """The part of an update that waits for content that has not arrived, as an update; None where none does.

    Args:
        update: one that a document has just taken.
        state: the document's state vector.
        own: gives what the document has beyond a state vector, as an update.

    Raises:
        BrokenUpdate: it is none, or deletes too much that has not come.
    """
    with guarded():
        rest = pycrdt.get_update(update, state)
    if rest == EMPTY_UPDATE:
        return None
    reader = Reader(rest)
    try:
        skip_structs(reader, reader.var_uint())
    except BrokenUpdate:  # content that only the library knows
        return rest
    structs = rest[: reader.position]
    deleted = _not_deleted(reader.rest(), state, own)
    return structs + encode_ranges(deleted) if deleted or structs != b"\x00" else None


def _not_deleted(listed: bytes, state: bytes, own: Callable[[bytes], bytes]) -> Ranges:
    """What waits of a list of deletions; mostly nothing, as the library says of a long one at next to no cost."""
    if len(listed) > _LONG_LIST and has_deletions(own(state), b"\x00" + listed):
        return {}
    if len(listed) > LISTED_AT_MOST:
        raise BrokenUpdate("it deletes too much that has not come")
    return beyond(read_ranges(Reader(listed)), clocks(state))


def _mentioned(update: bytes) -> set[int] | None:
    try:
        return mentioned(update)
    except BrokenUpdate:  # content that only the library knows
        return None
