"""Where notes of a session stand on the board before anybody has put them anywhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count
from math import ceil, sqrt

from cowrite.core.board.frames import MARGIN, frame_of, room_in
from cowrite.core.board.items import Frame, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.sessions.sessions import Session

COLUMNS = 6
"""Notes side by side, as long as these are few."""

SHAPE = 1.6  # width by height in which many are laid out, so that a screen has all of them as large as can be
STEP_X, STEP_Y = 200.0, 140.0  # from note to note, in the board's units
GAP = 80.0  # below what is there already


def laid_out(brainstorm: Brainstorm, session: str) -> dict[str, dict[str, Place]]:
    """Places for the notes of a session beside each other, below all else that is on the board; those in a frame have
    theirs from the reveal."""
    frames = brainstorm.board.frames()
    notes = [note for note in brainstorm.visibility.published() if not note.group]
    mine = [note for note in notes if note.session == session and frame_of(note.place, frames) is None]
    top = bottom(brainstorm, (note.place for note in notes if note.session != session))
    columns = max(COLUMNS, ceil(sqrt(len(mine) * SHAPE * STEP_Y / STEP_X)))
    places = free_places(top, (), len(mine), columns)
    return {note.id: {"place": place} for note, place in zip(mine, places, strict=True)}


def places_for(
    brainstorm: Brainstorm, session: Session | None, prompt: str, many: int
) -> tuple[list[Place], dict[str, dict[str, Place]]]:
    """Places for notes that somebody writes: in the frame that is called as the prompt which they see, or else beside
    what the session has.

    Args:
        session: for which they are written.
        prompt: what stands above them, such as "For: What speaks for it?"; empty for none.
        many: how many they are.

    Returns:
        Their places, and what changes on the board for them: a frame may grow. While a session seals nothing does, for
        that could be seen; the reveal lays out what is in a frame.
    """
    notes = brainstorm.visibility.notes()
    mine = [note.place for note in notes if session is not None and note.session == session.id]
    others = [note.place for note in notes if session is None or note.session != session.id]
    frame = _frame_called(brainstorm, prompt.partition(":")[0])
    if frame is None:
        frames = brainstorm.board.frames()
        loose = [place.y for place in mine if frame_of(place, frames) is None]
        top = min(loose, default=bottom(brainstorm, others))
        return free_places(top, [*mine, *others, *(each.place for each in frames)], many), {}
    places, grown = room_in(frame.place, [Place(0, 0)] * many, [*mine, *others])
    if session is not None and session.seals:
        first = replace(places[0], x=frame.place.x + MARGIN, y=frame.place.y + MARGIN)
        return [place if frame.place.holds(place) else first for place in places], {}
    return places, {} if grown == frame.place else {frame.id: {"place": grown}}


def _frame_called(brainstorm: Brainstorm, title: str) -> Frame | None:
    """The frame of that title; of several, the lowest: a session puts its own below all else."""
    called = [frame for frame in brainstorm.board.frames() if frame.title.casefold() == title.casefold() != ""]
    return max(called, key=lambda frame: (frame.place.y, frame.id), default=None)


def standing_for(brainstorm: Brainstorm, session: str) -> list[str]:
    """The ids of what stands on the board for a session: its notes, and the frames below all other notes."""
    notes = brainstorm.visibility.notes()
    others = [note.place for note in notes if note.session != session]
    top = max((place.y + place.height for place in others), default=float("-inf"))
    frames = [frame.id for frame in brainstorm.board.frames() if frame.place.y >= top]
    return [*(note.id for note in notes if note.session == session), *frames]


def bottom(brainstorm: Brainstorm, places: Iterable[Place]) -> float:
    """Where there is room below frames and places."""
    every = [*places, *(frame.place for frame in brainstorm.board.frames())]
    return max((place.y + place.height for place in every), default=-GAP) + GAP


def free_places(top: float, taken: Sequence[Place], many: int, columns: int = COLUMNS) -> list[Place]:
    """The first places of a grid that nothing stands in."""
    below = deque(sorted(taken, key=lambda place: place.y))
    near: list[Place] = []  # what reaches into a row
    found: list[Place] = []
    for number in count():
        if len(found) >= many:
            break
        row = [Place(column * STEP_X, top + number * STEP_Y) for column in range(columns)]
        near = [each for each in near if each.y + each.height > row[0].y]
        while below and below[0].y < row[0].y + row[0].height:
            near.append(below.popleft())
        found += [place for place in row if not any(place.overlaps(other) for other in near)]
    return found[:many]
