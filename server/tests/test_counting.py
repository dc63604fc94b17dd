"""Counting: a number with its noun."""

from __future__ import annotations

import pytest

from cowrite_server.counting import counted


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 notes"), (1, "1 note"), (1.0, "1 note"), (2, "2 notes"), (1.5, "1.5 notes"), (1234, "1,234 notes")],
)
def test_a_noun_goes_with_its_number(number: float, words: str) -> None:
    assert counted(number, "note") == words


def test_a_noun_can_have_a_plural_of_its_own() -> None:
    assert [counted(number, "person is", "people are") for number in (1, 2)] == ["1 person is", "2 people are"]
