"""Nesting: how deep shared types lie within one another, such as a map in a map.

Without I/O.

WORKAROUND: where a type is deleted, Yrs (pycrdt 0.14.13) deletes what is in it recursively and without a limit. Some
forty thousand maps, each in the one before, overflow the stack and end the process, and so does to write them as JSON.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from itertools import islice

from cowrite_server.document.neighbours import Neighbours, neighbours_in
from cowrite_server.document.pieces import in_turn
from cowrite_server.document.structs import TYPE, Id, structs_in
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader

TYPES_NESTED_AT_MOST = 100
"""Levels of types that an update may have, and below which it may put some: many times what programs write."""

_TYPE = re.compile(rb"[\x07\x27\x47\x67\x87\xa7\xc7\xe7]")
"""How a struct that holds a shared type may begin."""

_LONG = 64 * 1024
"""Bytes of an update that is not read only to see whether it has a type."""


def brings_types(update: bytes) -> bool:
    """Whether an update brings shared types; it may say so of a long one that brings none."""
    if _TYPE.search(update) is None:
        return False
    try:
        return len(update) > _LONG or any(struct.content == TYPE for _, _, struct in structs_in(Reader(update)))
    except (MalformedMessage, BrokenUpdate):  # content that only the library knows
        return True


def check_nesting(update: bytes, most: int = TYPES_NESTED_AT_MOST) -> None:
    """Makes sure that an update does not itself nest types too deeply.

    Args:
        update: the update.
        most: levels that it may have.

    Raises:
        BrokenUpdate: it has more.
    """
    types = _TYPE.finditer(update)
    if next(islice(types, most, None), None) is None:  # as nearly all
        return
    try:
        levels = _levels(update)
    except BrokenUpdate:  # content that only the library knows
        return
    if levels > most:
        raise too_deep()


def too_deep() -> BrokenUpdate:
    """What is raised where types are nested too deeply."""
    return BrokenUpdate(f"its types are nested deeper than {TYPES_NESTED_AT_MOST} levels")


def _levels(update: bytes) -> int:
    """How many levels of types an update has, below what it does not have itself."""
    of: dict[int, list[Neighbours]] = defaultdict(list)
    for units in neighbours_in(update):
        of[units.first[0]].append(units)
    clocks: dict[int, list[int]] = defaultdict(list)
    levels: dict[int, list[int]] = defaultdict(list)

    def level(id: Id | None) -> int:
        at = 0 if id is None else bisect_right(clocks[id[0]], id[1])
        return levels[id[0]][at - 1] if id is not None and at else 0

    most = 0
    for units in in_turn(of, lambda each: (each.left, each.right, each.holder)):
        found = level(units.holder) + 1 if units.parent else max(level(units.left), level(units.right))
        clocks[units.first[0]].append(units.clock)
        levels[units.first[0]].append(found)
        most = max(most, found)
    return most
