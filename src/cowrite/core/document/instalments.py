"""Instalments: an update of very many parts, cut into updates that a server takes one after the other.

Runs on any thread. A server refuses what would keep everybody waiting (`update_seconds`), as a word that is replaced at
a hundred thousand places, or a long document that is put into a room. What comes to the same in several updates it
takes: others can write in between.

Where one is refused, so are those that follow, for each has something that builds on the one before. So what an update
deletes goes along with what it puts there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice

from cowrite.core.document.portions import encoded, parts_of
from cowrite_server.document.ranges import Ranges, encode_ranges, read_ranges
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader

PARTS = 10_000
"""Structs and deleted stretches of an instalment, at most: a small part of what a server gives an update by default."""


def instalments(update: bytes, most: int = PARTS) -> tuple[bytes, ...]:
    """Cuts an update.

    Args:
        update: in Yjs' encoding (v1); whoever gets it lacks nothing on which it builds.
        most: parts of an instalment.

    Returns:
        What comes to the same, in this order; the update as it is where it is small enough, or cannot be cut.
    """
    try:
        return tuple(_cut(update, most)) or (update,)
    except (MalformedMessage, BrokenUpdate):
        return (update,)


def _cut(update: bytes, most: int) -> Iterator[bytes]:
    """Its instalments; none where it stays whole."""
    parts = parts_of(update)
    if parts is None:
        return
    ranges = {client: deque(sorted(found)) for client, found in read_ranges(Reader(parts.deleted)).items()}
    structs, waiting = sum(map(len, parts.of.values())), sum(map(len, ranges.values()))
    count = -(-(structs + waiting) // most)
    if count < 2:
        return
    share, parts_left = max(1, -(-structs // count)), parts.in_turn()
    come = {client: found[0].clock for client, found in parts.of.items() if found}
    while (some := list(islice(parts_left, share))) or waiting:
        come |= {part.client: part.end for part in some}
        due = -(-waiting * len(some) // structs) if some else most
        structs -= len(some)
        gone = _taken(ranges, come if structs else {}, min(due, most - len(some)))
        waiting -= sum(map(len, gone.values()))
        yield encoded(some, encode_ranges(gone))


def _taken(ranges: Mapping[int, deque[tuple[int, int]]], come: Mapping[int, int], most: int) -> Ranges:
    """Takes out of some ranges those that are there, but no more than so many.

    Args:
        ranges: by their clients, the first clock of each and how many units.
        come: of the clients from whom something is still to come, the clock up to which it is there.
        most: how many.
    """
    there: Ranges = {}
    for client, left in ranges.items():
        while most > 0 and left and (client not in come or sum(left[0]) <= come[client]):
            there.setdefault(client, []).append(left.popleft())
            most -= 1
    return there
