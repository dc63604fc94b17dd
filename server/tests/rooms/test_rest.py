"""Rest: how long a room gathers before it passes on again."""

from __future__ import annotations

import pytest

from cowrite_server.rooms.rest import Rest


class Clock:
    """Goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def spent(clock: Clock, taken: float, receivers: int, most: float = 0.01) -> tuple[Rest, int]:
    """A room that has passed on until it has to rest, without a pause; and how often it did."""
    rest, times = Rest(most, clock), 0
    while rest.over:
        rest.begin(taken, receivers)
        times += 1
    return rest, times


def wait_for(rest: Rest, clock: Clock) -> float:
    """Seconds until a rest is over, to a hundredth of a millisecond."""
    begun = clock.now
    while not rest.over:
        clock.now += 0.00001
    return clock.now - begun


def test_a_room_that_has_passed_nothing_on_does_not_wait(clock: Clock) -> None:
    assert Rest(0.01, clock).over


def test_a_room_in_which_little_happens_never_rests_however_many_it_writes_to(clock: Clock) -> None:
    rest = Rest(0.01, clock)
    for _ in range(1000):
        rest.begin(0.001, 50)
        assert rest.over
        clock.now += 0.005


def test_after_a_pause_it_passes_on_several_times_at_once(clock: Clock) -> None:
    rest, times = spent(clock, 0, 100)
    assert times > 10
    clock.now += 10
    again = 0
    while rest.over:
        rest.begin(0, 100)
        again += 1
    assert again == times


def test_having_spent_all_it_rests_for_as_long_as_passing_on_takes(clock: Clock) -> None:
    rest, _ = spent(clock, 0.003, 1)
    wait_for(rest, clock)
    rest.begin(0.003, 1)
    assert wait_for(rest, clock) == pytest.approx(0.003, abs=0.0001)


@pytest.mark.parametrize(("receivers", "rest_for"), [(10, 0.000057), (50, 0.00168), (100, 0.00686)])
def test_what_it_rests_for_goes_by_the_square_of_the_people(clock: Clock, receivers: int, rest_for: float) -> None:
    rest, _ = spent(clock, 0, receivers)
    begun = clock.now
    for _ in range(100):
        assert rest.left == pytest.approx(wait_for(rest, clock), abs=0.00002)
        rest.begin(0, receivers)
    assert (clock.now - begun) / 100 == pytest.approx(rest_for, rel=0.05)


def test_a_hundred_people_rest_no_longer_than_until_five_updates_wait(clock: Clock) -> None:
    rest, _ = spent(clock, 0, 100)
    assert not rest.is_over_with(4)
    assert rest.is_over_with(5)


def test_the_more_people_the_more_updates_have_to_wait(clock: Clock) -> None:
    rest, _ = spent(clock, 0, 200)
    assert not rest.is_over_with(16)
    assert rest.is_over_with(17)


def test_however_many_wait_it_rests_for_as_long_as_passing_on_took(clock: Clock) -> None:
    rest, _ = spent(clock, 0.003, 100)
    clock.now += 0.0029
    assert not rest.is_over_with(1000)
    clock.now += 0.0002
    assert rest.is_over_with(1000)


def test_what_the_updates_that_waited_have_saved_it_need_not_rest_later(clock: Clock) -> None:
    rest, _ = spent(clock, 0, 100)
    for _ in range(100):
        rest.begin(0, 100)
    assert wait_for(rest, clock) == pytest.approx(0.00686, abs=0.0001)


def test_to_one_there_is_nothing_to_write(clock: Clock) -> None:
    rest = Rest(0.01, clock)
    for _ in range(1000):
        rest.begin(0, 1)
    assert rest.over


def test_it_never_rests_longer_than_the_settings_allow(clock: Clock) -> None:
    rest, _ = spent(clock, 3, 5000)
    assert wait_for(rest, clock) == pytest.approx(0.01, abs=0.0001)
