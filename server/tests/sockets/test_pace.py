"""Pace: how long somebody who sends too much has to wait, and who has had enough of the server's time."""

from __future__ import annotations

import pytest

from cowrite_server.sockets.pace import Pace, Paces
from cowrite_server.wire.protocol import Limits

LIMITS = Limits(updates_per_second=10, bytes_per_second=1000)


def test_whoever_keeps_to_the_rate_never_waits() -> None:
    pace = Pace(LIMITS, 0.1)
    assert all(pace.spend(1, 100, 100 + number * 0.1) <= 1e-9 for number in range(100))


def test_a_second_s_worth_may_come_at_once() -> None:
    pace = Pace(LIMITS, 0.1)
    assert pace.spend(10, 0, 100) <= 0
    assert pace.spend(1, 0, 100) == pytest.approx(0.1)


def test_bytes_count_where_they_cost_more_than_messages() -> None:
    assert Pace(LIMITS, 0.1).spend(1, 3000, 100) == pytest.approx(2)


def test_after_the_wait_the_rate_is_as_allowed() -> None:
    pace = Pace(LIMITS, 0.1)
    now, messages = 100.0, 0
    while now < 200:
        wait = pace.spend(3, 0, now)
        messages += 3
        now += max(wait, 0)
    assert messages == pytest.approx(1000, abs=15)


def test_whoever_keeps_to_their_part_of_the_server_s_time_has_had_enough_at_no_moment() -> None:
    pace = Pace(LIMITS, 0.1)
    assert not any(pace.work(0.01, 100 + number * 0.1 + 0.001) for number in range(100))


def test_whoever_takes_more_of_the_server_s_time_has_had_enough_until_that_is_made_up_for() -> None:
    pace = Pace(LIMITS, 0.1)
    assert not pace.work(0.1, 100)  # a second's worth
    assert pace.work(0.05, 100)
    assert pace.is_used_up(100.49)
    assert not pace.is_used_up(100.51)


def test_all_connections_of_one_person_have_one_pace() -> None:
    paces = Paces(LIMITS, 0.1)
    first, second, other = paces.of(7), paces.of(7), paces.of(8)
    assert first.spend(10, 0, 100) <= 0
    assert second.spend(10, 0, 100) == pytest.approx(1)
    assert other.spend(10, 0, 100) <= 0


def test_whoever_is_not_told_from_others_has_a_pace_for_each_connection() -> None:
    paces = Paces(LIMITS, 0.1)
    first, second = paces.of(None), paces.of(None)
    assert first.spend(10, 0, 100) <= 0
    assert second.spend(10, 0, 100) <= 0


def test_nothing_is_kept_of_those_who_have_left() -> None:
    paces = Paces(LIMITS, 0.1)
    pace = paces.of(7)
    assert list(paces) == [7]
    del pace
    assert list(paces) == []
