"""Merging: two versions of a short text or list into one, while one of them is still being typed.

Runs anywhere. What either side put in stays, and what either side took out goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TypeVar

Part = TypeVar("Part")

_COMPARED = 2_000_000
"""Pairs of parts that are compared at most, which takes a fraction of a second."""


def merged_text(base: str, mine: str, theirs: str) -> str:
    """What two people made of a text, letter by letter.

    Args:
        base: the text that both began with.
        mine, theirs: what each made of it. Where both put something in at one place, theirs comes first; where it is
            the same, it comes once.
    """
    return "".join(merged(base, mine, theirs))


def merged_list(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """The same of a list, entry by entry; what both put in comes as often as one of them has it."""
    if mine == base or theirs == base:
        return tuple(theirs if mine == base else mine)
    left = Counter(mine) | Counter(theirs)
    kept = []
    for entry in merged(base, mine, theirs):
        if left[entry]:
            left[entry] -= 1
            kept.append(entry)
    return tuple(kept)


def merged(base: Sequence[Part], mine: Sequence[Part], theirs: Sequence[Part]) -> list[Part]:
    """The same of what has any parts, such as letters with their looks."""
    mine_new, mine_gone = _changes(base, mine)
    theirs_new, theirs_gone = _changes(base, theirs)
    pieces: list[Part] = []
    for at in range(len(base) + 1):
        pieces.extend(theirs_new.get(at, ()))
        if mine_new.get(at, ()) != theirs_new.get(at, ()):
            pieces.extend(mine_new.get(at, ()))
        if at < len(base) and at not in mine_gone and at not in theirs_gone:
            pieces.append(base[at])
    return pieces


def _changes(base: Sequence[Part], made: Sequence[Part]) -> tuple[dict[int, Sequence[Part]], set[int]]:
    """What was put in, by the place in `base` before which it stands, and which of its letters or entries went. What
    would take long to compare counts as written anew, from the first difference to the last."""
    new: dict[int, Sequence[Part]] = {}
    gone: set[int] = set()
    head = common_beginning(base, made)
    tail = common_beginning(base[head:][::-1], made[head:][::-1])
    old, fresh = base[head : len(base) - tail], made[head : len(made) - tail]
    if len(old) * len(fresh) > _COMPARED:
        return {head: fresh}, set(range(head, head + len(old)))
    for kind, start, stop, begin, end in SequenceMatcher(None, old, fresh, autojunk=False).get_opcodes():
        if kind != "equal":
            gone |= set(range(head + start, head + stop))
            new[head + start] = fresh[begin:end]
    return new, gone


def common_beginning(one: Sequence[Part], other: Sequence[Part]) -> int:
    """With how many parts both begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (left, right) in pairs if left != right), min(len(one), len(other)))
