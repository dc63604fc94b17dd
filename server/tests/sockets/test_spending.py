"""Spending: for how long a connection has been beyond its pace by what it sends itself, and what pauses make good."""

from __future__ import annotations

from cowrite_server.sockets.pace import Pace
from cowrite_server.sockets.spending import Spending
from cowrite_server.wire.protocol import Limits

LIMITS = Limits(updates_per_second=10, bytes_per_second=1000)


def seconds_until_exceeded(spending: Spending, messages: int, size: int, most: float = 1000.0) -> float | None:
    """Floods, each time the pace lets it; gives when it has been beyond it for too long, or None."""
    now = begun = 100.0
    while now - begun < most:
        now += max(spending.spend(messages, size, now), 0.0)
        if spending.exceeded is not None:
            return now - begun
    return None


def test_whoever_floods_has_exceeded_the_limit_that_it_costs_most_of_after_so_many_seconds() -> None:
    by_messages, by_bytes = (Spending(Pace(LIMITS, 0.1), 10.0) for _ in range(2))
    assert 10 < (seconds_until_exceeded(by_messages, 3, 1) or 0) < 13
    assert by_messages.exceeded == "updates_per_second"
    assert 10 < (seconds_until_exceeded(by_bytes, 1, 300) or 0) < 13
    assert by_bytes.exceeded == "bytes_per_second"


def test_whoever_takes_the_server_s_time_without_a_pause_has_exceeded_that() -> None:
    spending, now = Spending(Pace(LIMITS, 0.1), 10.0), 100.0
    while spending.exceeded is None and now < 200:
        spending.work(0.1, now)
        now += 0.2
    assert 108 < now < 112
    assert spending.exceeded == "work_seconds"


def test_whoever_pauses_as_long_as_they_are_beyond_it_never_has() -> None:
    spending = Spending(Pace(LIMITS, 0.1), 10.0)
    for start in range(100, 10_000, 12):
        assert spending.spend(60, 1, start) <= 5  # a second's worth is free, and five seconds follow
    assert spending.exceeded is None


def test_whoever_keeps_to_the_pace_never_has() -> None:
    spending = Spending(Pace(LIMITS, 0.1), 1.0)
    for number in range(10_000):
        spending.spend(1, 10, 100 + number * 0.11)
        spending.work(0.01, 100 + number * 0.11)
    assert spending.exceeded is None


def test_nobody_answers_for_another_who_floods_at_the_same_pace() -> None:
    pace = Pace(LIMITS, 0.1)
    flooding, typing = Spending(pace, 10.0), Spending(pace, 10.0)
    now = 100.0
    while flooding.exceeded is None and now < 200:
        wait = flooding.spend(20, 1, now)
        typing.spend(1, 1, now + max(wait, 0) / 2)
        now += max(wait, 0)
    assert flooding.exceeded == "updates_per_second"
    assert typing._seconds < 2
