"""Nesting: how deep shared types lie within one another, such as a map in a map.

Without I/O.

WORKAROUND: where a type is deleted, Yrs (pycrdt 0.14.13) deletes what is in it recursively and without a limit. Some
forty thousand maps, each in the one before, overflow the stack and end the process, and so does to write them as JSON.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import pycrdt

from cowrite_server.document.census import Counted
from cowrite_server.document.neighbours import Neighbours, neighbours_in
from cowrite_server.document.pieces import in_turn
from cowrite_server.document.structs import TYPE, TYPE_BEGINS, Id, structs_in
from cowrite_server.document.view import BODY
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader

TYPES_NESTED_AT_MOST = 100
"""Levels of types that an update may have, and below which it may put some: many times what programs write."""

_ID = rb"(?:[\x80-\xff]{0,9}[\x00-\x7f]){2}"
_KIND = rb"[\x00-\x0f]"
_TYPE_WITHIN = re.compile(
    rb"[\x07\x27]\x00|[\x47\x67\x87\xa7]" + _ID + _KIND + rb"|[\xc7\xe7]" + _ID + _ID + _KIND, re.DOTALL
)
"""How a struct may begin that holds a shared type and does not say that it lies in a root."""

_LONG = 64 * 1024
"""Bytes of an update that is not read only to see whether it has a type."""


def brings_types(update: bytes) -> bool:
    """Whether an update brings shared types; it may say so of a long one that brings none."""
    if TYPE_BEGINS.search(update) is None:
        return False
    try:
        return len(update) > _LONG or any(struct.content == TYPE for _, _, struct in structs_in(Reader(update)))
    except (MalformedMessage, BrokenUpdate):  # content that only the library knows
        return True


class Levels(NamedTuple):
    """How deep an update nests types.

    Attributes:
        deepest: how many levels it has, below what it does not have itself.
        lacks: whether a type of it lies in something that it does not have.
    """

    deepest: int
    lacks: bool


def check_nesting(counted: Counted, most: int = TYPES_NESTED_AT_MOST) -> None:
    """Makes sure that an update does not itself nest types too deeply.

    Args:
        counted: the update.
        most: levels that it may have.

    Raises:
        BrokenUpdate: it has more, or nobody can tell.
    """
    if types_within(counted, most + 1) > most and levels_in(counted.update, most).deepest > most:
        raise too_deep(most)


def types_within(counted: Counted, most: int) -> int:
    """How many types an update has that do not lie in a root themselves, or more; as cheap as can be.

    Args:
        counted: the update.
        most: how many from which on it does not matter how many there are.

    Raises:
        BrokenUpdate: nobody can tell.
    """
    if not counted.is_counted:
        found = sum(1 for _ in islice(_TYPE_WITHIN.finditer(counted.update), most))
        if found < most:
            return found
    return min(most, counted.census().types)


def too_deep(most: int = TYPES_NESTED_AT_MOST) -> BrokenUpdate:
    """What is raised where types are nested too deeply."""
    return BrokenUpdate(f"its types are nested deeper than {most} levels")


def watch_depths(doc: pycrdt.Doc[Any], depths: list[int]) -> list[object]:
    """Has it noted, for as long as what this gives is held, how deep the types lie in which something changes.

    Args:
        doc: a document.
        depths: gets how deep.
    """
    watched: list[object] = []
    for name in doc.keys():  # noqa: SIM118 - it is no mapping
        kind: Any = pycrdt.Text if name == BODY else pycrdt.Map
        root = doc.get(name, type=kind)
        watched += root, root.integrated.observe_deep(partial(_note, depths))
    return watched


def levels_in(update: bytes, most: int) -> Levels:
    """How deep an update nests types.

    Args:
        update: the update.
        most: levels beyond which it does not matter how many there are.

    Raises:
        BrokenUpdate: nobody can tell.
    """
    of: dict[int, list[Neighbours]] = defaultdict(list)
    for units in neighbours_in(update):
        of[units.first[0]].append(units)
    clocks: dict[int, list[int]] = defaultdict(list)
    levels: dict[int, list[Levels]] = defaultdict(list)

    def level(id: Id | None) -> Levels:
        at = 0 if id is None else bisect_right(clocks[id[0]], id[1])
        return levels[id[0]][at - 1] if id is not None and at else Levels(0, lacks=True)

    deepest, lacks = 0, False
    for units in in_turn(of, lambda each: (each.left, each.right, each.holder)):
        if units.parent:
            around = Levels(0, lacks=False) if units.holder is None else level(units.holder)
            found = Levels(around.deepest + 1, around.lacks)
        else:
            left, right = level(units.left), level(units.right)
            found = Levels(max(left.deepest, right.deepest), left.lacks and right.lacks)
        clocks[units.first[0]].append(units.clock)
        levels[units.first[0]].append(found)
        deepest = max(deepest, found.deepest)
        lacks = lacks or (units.content == TYPE and found.lacks)
        if deepest > most:
            break
    return Levels(deepest, lacks)


def _note(depths: list[int], events: list[Any]) -> None:
    depths += [len(event.path) for event in events]
