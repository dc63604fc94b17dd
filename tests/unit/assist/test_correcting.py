"""Which changes look like corrections."""

from __future__ import annotations

import pytest

from cowrite.assist.correcting import is_correction
from cowrite.assist.difference import smallest_difference


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We recieved it.", "We received it."),
        ("He go home.", "He goes home."),
        ("I am here", "I am here."),
        ("i am here", "I am here"),
        ("They is here.", "They are here."),
        ("He isnt here.", "He isn't here."),
        ("I went home last weak.", "I went home last week."),
        ("We wait here.", "We wait, here."),
    ],
)
def test_spelling_endings_small_words_capitals_and_signs_are_corrected(old: str, new: str) -> None:
    changes = smallest_difference(old, new)
    assert changes
    assert all(is_correction(change, old) for change in changes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We met in Lyon.", "We met in Paris."),
        ("It costs 300 euros.", "It costs 400 euros."),
        ("He is here.", "He is not here."),
        ("We recieved the large box.", "We recieved the box."),
        ("We wait.", "We wait patiently."),
        ("The parents' council pays.", "The parents council pays."),
    ],
)
def test_other_words_numbers_and_denials_are_not(old: str, new: str) -> None:
    assert not any(is_correction(change, old) for change in smallest_difference(old, new))
