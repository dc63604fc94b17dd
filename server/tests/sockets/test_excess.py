"""Excess: for how long somebody was beyond their rate, and what pauses make good of it."""

from __future__ import annotations

from cowrite_server.sockets.excess import Excess, Excesses


def test_whoever_always_waits_has_had_enough_after_so_many_seconds() -> None:
    excess = Excess(10.0)
    assert not any(excess.waited(start, start + 1) for start in range(100, 110))
    assert excess.waited(110, 110.1)


def test_whoever_waits_for_less_than_half_of_the_time_never_has() -> None:
    excess = Excess(10.0)
    assert not any(excess.waited(start, start + 0.4) for start in range(100, 10_000))


def test_two_connections_that_wait_at_one_time_wait_once() -> None:
    excess = Excess(10.0)
    for start in range(100, 110):
        assert not excess.waited(start, start + 1)
        assert not excess.waited(start + 0.2, start + 0.9)


def test_whoever_comes_again_goes_on_with_what_is_left_of_it() -> None:
    excesses = Excesses(10.0)
    excess = excesses.of("ann")
    assert excess.waited(100, 111)
    excesses.left("ann", 111)
    del excess
    assert excesses.of("ann").waited(112, 114)
    assert not excesses.of("ben").waited(112, 114)


def test_nothing_is_remembered_of_those_who_have_made_it_good() -> None:
    excesses = Excesses(10.0)
    excesses.of("ben").waited(100, 101)
    excesses.left("ben", 101)
    excess = excesses.of("ann")
    excess.waited(100, 105)
    excesses.left("ann", 105)
    del excess
    excesses.left("ann", 111)
    assert not excesses.of("ann").waited(111, 120)
    assert list(excesses._remembered) == []
