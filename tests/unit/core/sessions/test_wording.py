"""Wording: questions put so that they open up."""

from __future__ import annotations

import pytest

from cowrite.core.sessions.wording import advice, as_how_might_we


@pytest.mark.parametrize(
    ("given", "worded"),
    [
        ("", "How might we …?"),
        ("We need to make the yard quieter.", "How might we make the yard quieter?"),
        ("how can we make the yard quieter", "How might we make the yard quieter?"),
        ("How might we make it quieter?", "How might we make it quieter?"),
        ("The noisy yard", "How might we … the noisy yard?"),
        ("NASA's yard", "How might we … NASA's yard?"),
    ],
)
def test_a_question_is_worded_as_how_might_we(given: str, worded: str):
    assert as_how_might_we(given) == worded


def test_wording_twice_changes_nothing_more():
    once = as_how_might_we("The noisy yard")
    assert as_how_might_we(once) == once


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Quieter yard", "As a question"),
        ("Should we plant trees?", "yes or no"),
        ("How might we rest by planting trees?", "means"),
        ("How might we get trees or benches?", "choice"),
        ("How might we … the yard?", "your own words"),
    ],
)
def test_it_is_said_what_would_open_a_question(question: str, word: str):
    assert word in advice(question)


@pytest.mark.parametrize("question", ["", "How might we rest in the yard?"])
def test_a_good_question_is_left_alone(question: str):
    assert advice(question) == ""
