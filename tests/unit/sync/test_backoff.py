"""The waits between attempts to connect."""

from __future__ import annotations

from random import Random

from cowrite.sync.backoff import Backoff


class Longest(Random):
    """Chance that always draws the upper end."""

    def uniform(self, a: float, b: float) -> float:
        return b


def test_the_longest_wait_doubles_from_a_quarter_second_to_two_and_a_half_seconds() -> None:
    backoff = Backoff(Longest())
    assert [backoff.next() for _ in range(8)] == [0.25, 0.5, 1.0, 2.0, 2.5, 2.5, 2.5, 2.5]


def test_a_wait_is_drawn_from_the_whole_range_so_that_clients_do_not_knock_together() -> None:
    waits = []
    for seed in range(200):
        backoff = Backoff(Random(seed))
        waits.append([backoff.next() for _ in range(7)][-1])
    assert min(waits) < 0.25
    assert max(waits) > 2.25


def test_a_server_that_wants_to_be_left_alone_is_for_so_long_at_least_and_for_twice_as_long_at_most() -> None:
    waits = [Backoff(Random(seed)).next(30.0) for seed in range(200)]
    assert 30 <= min(waits) < 35
    assert 55 < max(waits) <= 60


def test_it_begins_again_after_a_stable_connection() -> None:
    backoff = Backoff(Longest())
    for _ in range(5):
        backoff.next()
    backoff.reset()
    assert backoff.next() == 0.25
