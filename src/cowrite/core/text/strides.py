"""Strides: the order in which many things are best put into a text.

Pure. Positions are UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import isqrt
from typing import TypeVar

Item = TypeVar("Item")


def in_strides(places: Sequence[int], lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The order in which something is best put in at places: the number of each, and where it is when those before have
    been.

    pycrdt cuts the run of characters in which a place lies, and copies what it cuts: thousands of cuts at the end of
    one long run take seconds. So a few that lie far apart come first, and the others in what these have left of it;
    both from the last one on, for it looks for each place from the beginning.

    Args:
        places: in UTF-16 units, in the order of the text.
        lengths: units of what is put in at each.
    """
    stride = isqrt(len(places)) or 1
    first = range(0, len(places), stride)
    grown = list(accumulate((lengths[number] for number in first), initial=0))  # before each of those that come first
    yield from ((number, places[number]) for number in reversed(first))
    for number in reversed(range(len(places))):
        if number % stride:
            yield number, places[number] + grown[number // stride + 1]


def far_apart_first(found: Sequence[Item]) -> list[Item]:
    """Things for places of a text, from left to right, in the order in which an update best names these.

    Whoever takes it in cuts the run in which a place lies, copies what it cuts, and makes room for the new run before
    all that follow: so a few that lie far apart come first, and the others from left to right.
    """
    stride = isqrt(len(found)) or 1
    return [*found[::stride], *(each for number, each in enumerate(found) if number % stride)]
