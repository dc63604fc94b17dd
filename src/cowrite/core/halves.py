"""Halves: what is left of a character of two UTF-16 units, such as an emoji, where another program writes between them.

Pure. The server adds to such an update that both are deleted.
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.core.errors import MalformedUpdate
from cowrite.core.structs import read_deletions
from cowrite_server.errors import BrokenUpdate
from cowrite_server.pairs import Pairs, units_of
from cowrite_server.ranges import deletion
from cowrite_server.structs import seams


def without_halves(update: bytes, state: Callable[[], bytes]) -> bytes | None:
    """The update that deletes the characters that another one takes apart, to be made before it; None for none.

    WORKAROUND y-crdt/y-crdt#399: see `cowrite_server.pairs`. What is deleted is no text any more, and is taken apart
    rightly.

    Args:
        update: in Yjs' encoding (v1).
        state: gives the whole document as one update; called where it may be needed, which is seldom.
    """
    try:
        deleted = read_deletions(update)
        if not any(_lies_within(deleted.get(client, []), clock) for client, clock in seams(update)):
            return None
        pairs = Pairs()
        pairs.add(state())
    except (MalformedUpdate, BrokenUpdate, ValueError):  # content that only the library knows
        return None
    halved = pairs.halved_by(update)
    return deletion(units_of(halved)) if halved else None


def _lies_within(ranges: list[range], clock: int) -> bool:
    return any(each.start < clock < each.stop for each in ranges)
