"""A person at a board in a real window."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from helpers.board_seat import BoardSeat, note

Key = Qt.Key


@pytest.fixture
def sit(qapp: QApplication) -> Iterator[Callable[..., BoardSeat]]:
    """Seats a person at a board, see BoardSeat."""
    seats: list[BoardSeat] = []

    def sit(*args, **kwargs) -> BoardSeat:
        seats.append(BoardSeat(*args, **kwargs))
        return seats[-1]

    yield sit
    for seat in seats:
        seat.close()


@pytest.fixture
def three(sit) -> BoardSeat:
    """A board with three notes in a row."""
    seat = sit()
    seat.add(note("one", 0, 0), note("two", 200, 0), note("three", 400, 30))
    return seat


@pytest.fixture
def seat(sit) -> BoardSeat:
    """A board with the notes one, two in a group, and three and four in none."""
    seat = sit()
    seat.add(note("one", -400, -200), note("two", -200, -200), note("three", -400, 50), note("four", 200, 50))
    seat.brainstorm.board.group(seat.ids("one", "two"), "Pair")
    return seat
