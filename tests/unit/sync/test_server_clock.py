"""What time it is at a server."""

from __future__ import annotations

import pytest

from cowrite.sync.server_clock import ServerClock

HOUR = 3_600_000  # milliseconds


class Clocks:
    def __init__(self) -> None:
        self.day, self.steady = 10 * HOUR, 5
        self.server = ServerClock(lambda: self.day, lambda: self.steady)

    def pass_by(self, milliseconds: int) -> None:
        self.day += milliseconds
        self.steady += milliseconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def test_nothing_is_known_before_the_server_has_said_its_time_nor_where_it_says_none(clocks: Clocks) -> None:
    assert clocks.server.ahead is None
    clocks.server.hear(clocks.day)
    assert clocks.server.ahead == 0
    clocks.server.hear(None)
    assert clocks.server.ahead is None


def test_it_is_as_far_ahead_however_much_time_passes(clocks: Clocks) -> None:
    clocks.server.hear(clocks.day + 2 * HOUR)
    for _ in range(100):
        clocks.pass_by(HOUR)
        clocks.steady += 1  # less than a second in a hundred hours
        assert clocks.server.ahead in range(2 * HOUR, 2 * HOUR + 1000)


def test_small_differences_between_two_clocks_change_nothing(clocks: Clocks) -> None:
    clocks.server.hear(clocks.day)
    clocks.day += 999
    assert clocks.server.ahead == 0


@pytest.mark.parametrize("by", [HOUR, -HOUR, 30 * 365 * 24 * HOUR])
def test_the_servers_time_stays_right_when_this_computers_clock_is_set(clocks: Clocks, by: int) -> None:
    clocks.server.hear(clocks.day + 7000)
    there = clocks.day + 7000
    clocks.day += by
    clocks.pass_by(60_000)
    assert clocks.server.ahead is not None
    assert clocks.day + clocks.server.ahead == there + 60_000
