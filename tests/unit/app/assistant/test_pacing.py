"""When a suggestion is asked for by itself: after a pause, never between two keys."""

from __future__ import annotations

import random

import pytest

from cowrite.app.assistant.pacing import AGAIN, LONGEST, SHORTEST, SLOWEST, Pacing


def test_a_suggestion_is_asked_for_once_after_a_pause() -> None:
    pacing = Pacing()
    pacing.typed(10.0)
    assert pacing.due == pytest.approx(10.0 + SHORTEST)
    assert not pacing.take(10.0 + SHORTEST - 0.01)
    assert pacing.take(10.0 + SHORTEST + 0.01)
    assert not pacing.take(11.0)


def test_the_next_key_begins_the_pause_anew() -> None:
    pacing = Pacing()
    pacing.typed(10.0)
    pacing.typed(10.2)
    assert not pacing.take(10.0 + SHORTEST + 0.01)
    assert pacing.take(10.2 + SHORTEST + 0.01)


def test_going_elsewhere_asks_for_nothing() -> None:
    pacing = Pacing()
    pacing.typed(10.0)
    pacing.moved()
    assert not pacing.take(20.0)


def test_the_pause_grows_with_the_time_that_the_model_takes_to_begin() -> None:
    pacing = Pacing()
    pacing.measured(0.45)
    assert pacing.pause == pytest.approx(0.45)
    pacing = Pacing()
    pacing.measured(1.2)
    assert pacing.pause == LONGEST
    pacing = Pacing()
    pacing.measured(0.02)
    assert pacing.pause == SHORTEST


def test_a_slow_model_is_not_asked_by_itself_until_it_is_quicker_and_tried_again_from_time_to_time() -> None:
    pacing = Pacing()
    pacing.typed(10.0)
    assert pacing.take(11.0)
    pacing.measured(2 * SLOWEST)
    pacing.typed(11.0 + AGAIN - 1)
    assert not pacing.take(100.0)
    pacing.typed(11.0 + AGAIN)
    assert pacing.take(12.0 + AGAIN)
    for _ in range(10):
        pacing.measured(0.1)
    pacing.typed(45.0)
    assert pacing.take(46.0)


def test_the_time_in_which_it_reads_a_draft_for_the_first_time_does_not_make_a_model_slow() -> None:
    pacing = Pacing()
    pacing.measured(30.0, 1000)
    assert pacing.latency == pytest.approx(0.48)
    assert pacing.is_fast_enough
    pacing.measured(5.0, 3)
    assert not pacing.is_fast_enough
    pacing.forget()
    assert pacing.is_fast_enough


def test_a_minute_of_typing_at_eight_keys_a_second_starts_nothing_within_the_pause() -> None:
    chance, pacing = random.Random(5), Pacing()
    now, last_key, starts = 0.0, 0.0, []
    next_key = 0.0
    while now < 60.0:
        if now >= next_key:
            pacing.typed(now)
            last_key = now
            next_key = now + (chance.uniform(0.4, 1.5) if chance.random() < 0.04 else chance.expovariate(8.0))
        if pacing.take(now):
            starts.append(now - last_key)
        now += 0.005
    assert starts
    assert min(starts) >= SHORTEST
