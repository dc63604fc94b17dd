"""What a person has typed survives kill -9 of application and server; more rounds: `tests/run_crashes.py`."""

from __future__ import annotations

import pytest

from helpers.crashes import play

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("seed", "people"), [(1, 1), (2, 2), (3, 2)])
def test_nothing_is_lost_doubled_or_different_when_processes_are_killed_under_typing(seed: int, people: int) -> None:
    outcome = play(seed, stops=2, people=people)
    assert not outcome.wrong, str(outcome)
    assert outcome.typed > 0
    assert outcome.acknowledged > 0
