"""Frames: in which one a note is, and where notes go that are put into one.

Pure. A frame holds what has its middle in it. No note names its frame, so that moving one and moving the other never
conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cowrite.core.board.items import Frame, Place
from cowrite.core.board.layout import GAP

MARGIN = 40.0  # around the notes of a frame, in the board's units
STEP = 0.08  # of a frame by which things that lie on each other are shifted


def frame_of(place: Place, frames: Iterable[Frame]) -> Frame | None:
    """The frame that holds a place, of nested ones the innermost; None where none does."""
    holding = [frame for frame in frames if frame.place.holds(place)]
    return min(holding, key=lambda frame: (frame.place.width * frame.place.height, frame.id), default=None)


def room_in(frame: Place, sizes: Sequence[Place], others: Sequence[Place]) -> tuple[list[Place], Place]:
    """Where things go that are put into a frame: row by row where nothing lies yet.

    A frame without room grows, downwards, but never over what is not in it; there they lie in its middle, on what is
    there.

    Args:
        frame: where it is.
        sizes: the things, each as large as it is.
        others: what else is on the board.

    Returns:
        Their places, and the frame's.
    """
    width, height = (max((size for each in sizes if (size := getattr(each, name))), default=0) for name in _SIZES)
    columns = max(1, int((frame.width - 2 * MARGIN + GAP) // (width + GAP)))
    inside = [other for other in others if frame.holds(other)]
    row: list[Place] = []
    found: list[Place] = []
    cell = 0
    while len(found) < len(sizes):
        x = frame.x + MARGIN + cell % columns * (width + GAP)
        y = frame.y + MARGIN + cell // columns * (height + GAP)
        if cell % columns == 0:
            row = [other for other in inside if other.y < y + height and y < other.y + other.height]
        place = replace(sizes[len(found)], x=x, y=y)
        if not any(place.overlaps(other) for other in row):
            found.append(place)
        cell += 1
    right = max((place.x + place.width + MARGIN for place in found), default=0)
    bottom = max((place.y + place.height + MARGIN for place in found), default=0)
    grown = replace(frame, width=max(frame.width, right - frame.x), height=max(frame.height, bottom - frame.y))
    if all(frame.holds(other) for other in others if grown.holds(other)):
        return found, grown
    return [_in_the_middle(frame, size, number) for number, size in enumerate(sizes)], frame


_SIZES = ("width", "height")


def _in_the_middle(frame: Place, size: Place, number: int) -> Place:
    shift = STEP * (number % 5)  # so that each can be seen
    x = frame.x + (frame.width - size.width) / 2 + shift * frame.width
    y = frame.y + (frame.height - size.height) / 2 + shift * frame.height
    return replace(size, x=x, y=y)
