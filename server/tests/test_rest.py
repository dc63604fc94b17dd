"""Rest: how long a room gathers before it passes on again."""

from __future__ import annotations

import pytest

from cowrite_server.rest import Rest


class Clock:
    """Goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def rest_after(clock: Clock, taken: float, receivers: int, most: float = 0.01) -> float:
    rest = Rest(most, clock)
    rest.begin(taken, receivers)
    return rest.left


def test_a_room_that_has_passed_nothing_on_does_not_wait(clock: Clock) -> None:
    assert Rest(0.01, clock).left <= 0


def test_it_waits_as_long_as_passing_on_took(clock: Clock) -> None:
    assert rest_after(clock, 0.003, 1) == pytest.approx(0.003)


def test_the_more_people_it_writes_to_the_longer_it_waits(clock: Clock) -> None:
    assert rest_after(clock, 0, 1) == 0
    assert rest_after(clock, 0, 2) < 0.0001
    assert rest_after(clock, 0, 100) == pytest.approx(0.005, rel=0.02)


def test_its_writes_take_a_fifth_of_a_core_at_most(clock: Clock) -> None:
    write = 10e-6
    for receivers in (10, 50, 100, 200):
        assert receivers * write / rest_after(clock, 0, receivers) <= 0.2 * receivers / (receivers - 1) + 1e-9


def test_it_never_waits_longer_than_the_settings_allow(clock: Clock) -> None:
    assert rest_after(clock, 3, 5000) == pytest.approx(0.01)


def test_the_wait_ends(clock: Clock) -> None:
    rest = Rest(0.01, clock)
    rest.begin(0.002, 1)
    clock.now += 0.0021
    assert rest.left <= 0
