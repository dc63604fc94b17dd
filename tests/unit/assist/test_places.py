"""Which places of a transcript a question is about, and how the quotes are shared out among them."""

from __future__ import annotations

import pytest

from cowrite.assist.places import MOST_QUOTES, QUOTES, Place, chances, shared_out


def test_a_place_is_the_likelier_the_more_speaks_for_it() -> None:
    plain = Place(0, topic=0.5, asked=0.5, judged=-30.0)
    for better in (Place(1, 1.0, 0.5, -30.0), Place(1, 0.5, 1.0, -30.0), Place(1, 0.5, 0.5, -20.0)):
        one, other = chances([plain, better])
        assert 0.0 < one < other < 1.0


def test_the_model_decides_between_places_for_which_the_words_say_the_same_and_not_against_them() -> None:
    most, doubted, liked = chances([Place(0, 1.0, 1.0, -30.0), Place(1, 0.4, 0.1, -40.0), Place(2, 0.4, 0.1, -20.0)])
    assert most > liked > doubted


def test_a_single_place_needs_no_comparison() -> None:
    (chance,) = chances([Place(0, 1.0, 1.0, -30.0)])
    assert chance > 0.5
    assert chances([]) == []


@pytest.mark.parametrize(
    ("probabilities", "counts"),
    [
        ([0.95, 0.2, 0.1], [MOST_QUOTES, 1, 0]),
        ([0.3, 0.3, 0.3, 0.3, 0.3], [1, 1, 1, 1, 1]),
        ([0.9], [MOST_QUOTES]),
        ([0.5, 0.0], [MOST_QUOTES, 0]),
        ([], []),
    ],
)
def test_a_sure_place_gets_most_quotes_and_of_several_doubtful_ones_each_gets_one(
    probabilities: list[float], counts: list[int]
) -> None:
    assert shared_out(probabilities) == counts
    assert sum(counts) <= QUOTES
