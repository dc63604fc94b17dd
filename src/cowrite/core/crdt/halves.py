"""Halves: what is left of a character of two UTF-16 units, such as an emoji, where another program writes between them.

Pure. The server adds to such an update that both are deleted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from cowrite_server.document.pairs import Pairs, units_of
from cowrite_server.document.ranges import deletion, joined
from cowrite_server.document.second_units import may_hold_pairs
from cowrite_server.document.structs import brought, seams
from cowrite_server.document.updates import check_update
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage

_LARGE = 64 * 1024  # bytes


def without_halves(update: bytes, state: Callable[[], bytes]) -> bytes | None:
    """The update that deletes the characters that another one takes apart, to be made before it; None for none.

    WORKAROUND y-crdt/y-crdt#399: see `cowrite_server.document.pairs`. What is deleted is no text any more, and is
    taken apart rightly.

    Args:
        update: in Yjs' encoding (v1).
        state: gives the whole document as one update; called where it may be needed, which is seldom.
    """
    whole = b""
    if len(update) > _LARGE:  # in a long one it takes longer to look for what is taken apart
        whole = state()
        if not (may_hold_pairs(update) or may_hold_pairs(whole)):
            return None
    try:
        _, deletions = brought(update)
        deleted = joined(deletions)
        if not any(_lies_within(deleted.get(client, ()), clock) for client, clock in seams(update)):
            return None
        check_update(update)  # what is refused as a whole deletes nothing
        pairs = Pairs()
        pairs.add(whole or state())
    except (MalformedMessage, BrokenUpdate):  # content that only the library knows, or nobody
        return None
    halved = pairs.halved_by(update)
    return deletion(units_of(halved)) if halved else None


def _lies_within(ranges: Sequence[tuple[int, int]], clock: int) -> bool:
    """Whether a unit, but not the first, of one of some ranges in order has this clock."""
    index = bisect_left(ranges, (clock,)) - 1
    return index >= 0 and clock < sum(ranges[index])
