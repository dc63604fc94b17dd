"""Where things on the board go: grids, edges, free places. Positions and sizes are in the board's units.

Pure functions on places; knows no Qt and no document.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum

from cowrite.core.board.items import Place

GRID = 10.0  # in the board’s units, as all here
GAP = 20.0
TITLE = 40.0
"""Height above the notes of a group that its title takes."""


class Edge(Enum):
    """What of several things is brought into one line."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


def bounds(places: Iterable[Place]) -> Place:
    """The smallest place that holds all of them; an empty one at the origin for none."""
    held = list(places)
    if not held:
        return Place(0, 0, 0, 0)
    left, top = min(each.x for each in held), min(each.y for each in held)
    right = max(each.x + each.width for each in held)
    bottom = max(each.y + each.height for each in held)
    return Place(left, top, right - left, bottom - top)


def snapped(value: float) -> float:
    """The nearest line of the grid."""
    return round(value / GRID) * GRID


def aligned(places: Mapping[str, Place], edge: Edge) -> dict[str, Place]:
    """The places with one edge, or their middles, in one line."""
    whole = bounds(places.values())
    share = {Edge.LEFT: 0.0, Edge.TOP: 0.0, Edge.CENTRE: 0.5, Edge.MIDDLE: 0.5, Edge.RIGHT: 1.0, Edge.BOTTOM: 1.0}[edge]
    if edge in (Edge.LEFT, Edge.CENTRE, Edge.RIGHT):
        return {id: replace(each, x=whole.x + (whole.width - each.width) * share) for id, each in places.items()}
    return {id: replace(each, y=whole.y + (whole.height - each.height) * share) for id, each in places.items()}


def distributed(places: Mapping[str, Place], *, across: bool) -> dict[str, Place]:
    """The places with equal gaps between them, from the first to the last, from left to right or downwards."""
    if len(places) < 3:
        return dict(places)
    whole = bounds(places.values())
    size = "width" if across else "height"
    axis = "x" if across else "y"
    order = sorted(places, key=lambda id: (getattr(places[id], axis), id))
    spare = getattr(whole, size) - sum(getattr(each, size) for each in places.values())
    gap, at, result = spare / (len(places) - 1), getattr(whole, axis), {}
    for id in order:
        result[id] = replace(places[id], **{axis: at})
        at += getattr(places[id], size) + gap
    return result


def reading_order(places: Mapping[str, Place], *, from_right: bool = False) -> list[str]:
    """The ids row by row, as one reads: what begins in the upper half of a row's first is in that row."""
    rows: list[list[str]] = []
    for id in sorted(places, key=lambda id: (places[id].y, places[id].x, id)):
        first = places[rows[-1][0]] if rows else None
        if first is not None and places[id].y < first.y + first.height / 2:
            rows[-1].append(id)
        else:
            rows.append([id])
    side = -1 if from_right else 1
    return [id for row in rows for id in sorted(row, key=lambda id: (side * places[id].x, id))]


def columns_for(count: int) -> int:
    """In how many columns that many notes look like a block."""
    return max(1, math.ceil(math.sqrt(count)))


def gridded(sizes: Sequence[Place], x: float, y: float, columns: int = 0) -> list[Place]:
    """Places of these sizes, row by row in a grid whose upper left corner is at (x, y)."""
    columns = columns or columns_for(len(sizes))
    width = max((each.width for each in sizes), default=0)
    result: list[Place] = []
    for start in range(0, len(sizes), columns):
        row = sizes[start : start + columns]
        result += [replace(each, x=x + at * (width + GAP), y=y) for at, each in enumerate(row)]
        y += max(each.height for each in row) + GAP
    return result


def tidied(blocks: Sequence[Mapping[str, Place]], loose: Mapping[str, Place]) -> dict[str, Place]:
    """Groups as blocks beside each other, what is in none below them; where the whole began, it begins again.

    Args:
        blocks: the places of each group's notes.
        loose: the places of the notes in no group.
    """
    everything = [place for block in (*blocks, loose) for place in block.values()]
    if not everything:
        return {}
    whole = bounds(everything)
    left, at = snapped(whole.x), snapped(whole.y)
    area = sum((each.width + GAP) * (each.height + GAP) for each in everything)
    room = max(1.4 * math.sqrt(area), *(each.width for each in everything))
    result: dict[str, Place] = {}
    x, y, tallest = left, at + (TITLE if blocks else 0), 0.0
    for block in sorted(filter(None, blocks), key=lambda block: (bounds(block.values()).y, bounds(block.values()).x)):
        order = reading_order(block)
        laid = gridded([block[id] for id in order], x, y)
        size = bounds(laid)
        if x > left and x + size.width > left + room:
            x, y, tallest = left, y + tallest + 2 * GAP + TITLE, 0.0
            laid = gridded([block[id] for id in order], x, y)
        result |= dict(zip(order, laid, strict=True))
        x, tallest = x + size.width + 3 * GAP, max(tallest, size.height)
    if loose:
        order = reading_order(loose)
        below = y + tallest + 2 * GAP if result else at
        width = max(each.width for each in loose.values())
        columns = max(1, min(len(loose), round(room / (width + GAP)) if result else columns_for(len(loose))))
        result |= dict(zip(order, gridded([loose[id] for id in order], left, below, columns), strict=True))
    return result


def gathered(places: Mapping[str, Place], taken: Iterable[Place]) -> dict[str, Place]:
    """The notes of a group beside each other where the first of them is; in the order that they have where nothing
    else lies between them. Their title has room above them.

    Args:
        places: of the notes, the first one first.
        taken: what else is there.
    """
    whole, others = bounds(places.values()), list(taken)
    near = sum(each.width * each.height for each in places.values()) * 3 >= whole.width * whole.height
    if not places or (near and not any(whole.overlaps(other) for other in others)):
        return clear_of(places, others, title=TITLE)
    first, *_ = places.values()
    size = bounds(gridded(list(places.values()), first.x, first.y))
    found = free(replace(size, y=size.y - TITLE, height=size.height + TITLE), others)
    return dict(zip(places, gridded(list(places.values()), found.x, found.y + TITLE), strict=True))


def brought(places: Mapping[str, Place], there: Sequence[Place], taken: Iterable[Place]) -> dict[str, Place]:
    """Those of some places that lie far from others, below these.

    Args:
        places: of notes that belong to others from now on.
        there: the places of those others; for none nothing is moved.
        taken: what else is there, the others included.
    """
    if not there:
        return {}
    whole, others = bounds(there), list(taken)
    result: dict[str, Place] = {}
    lowest: dict[tuple[float, float], float] = {}
    for id, place in places.items():
        if place.overlaps(whole, max(place.width, place.height)):
            others.append(place)
            continue
        size = place.width, place.height
        # Where there was no room for one of this size there is none for the next.
        y = lowest.get(size, whole.y + whole.height + GAP)
        result[id] = found = free(replace(place, x=whole.x, y=y), others)
        lowest[size] = found.y
        others.append(found)
    return result


def clear_of(places: Mapping[str, Place], taken: Iterable[Place], *, title: float = 0.0) -> dict[str, Place]:
    """The places where they are, or all of them further down where one would lie on something.

    Args:
        places: of things that stay together.
        taken: what is there already.
        title: height above them that has to be free, too.
    """
    others, whole = list(taken), bounds(places.values())
    around = replace(whole, y=whole.y - title, height=whole.height + title)
    near = [other for other in others if around.overlaps(other)]
    above = [replace(whole, y=whole.y - title, height=title)] if title else []
    if not any(place.overlaps(other) for place in (*places.values(), *above) for other in near):
        return dict(places)
    found = free(around, others)
    return {id: replace(place, y=place.y + found.y + title - whole.y) for id, place in places.items()}


def free(wanted: Place, taken: Iterable[Place], *, step: tuple[float, float] = (0, 1)) -> Place:
    """The first place from `wanted` on that nothing lies on.

    Args:
        wanted: where it should be.
        taken: what is there already.
        step: in which direction to look on; (1, 0) is to the right.
    """
    across, near = step[0], GAP / 2
    if across:
        line = [
            each
            for each in taken
            if wanted.y < each.y + each.height + near and each.y < wanted.y + wanted.height + near
        ]
    else:
        line = [
            each for each in taken if wanted.x < each.x + each.width + near and each.x < wanted.x + wanted.width + near
        ]
    found = wanted
    # In the order in which one comes to them: what was passed is never come to again.
    for each in sorted(line, key=lambda each: -each.x - each.width if across < 0 else each.x if across else each.y):
        if not found.overlaps(each, near):
            continue
        if across > 0:
            found = replace(found, x=each.x + each.width + GAP)
        elif across < 0:
            found = replace(found, x=each.x - found.width - GAP)
        else:
            found = replace(found, y=each.y + each.height + GAP)
    return found
