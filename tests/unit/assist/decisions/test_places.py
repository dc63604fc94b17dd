"""Which places of a transcript a question is about, and how the quotes are shared out among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from cowrite.assist.decisions.places import ELSEWHERE, MOST_QUOTES, QUOTES, Place, chances, shared_out

FAR = 10 * ELSEWHERE
PLAIN = Place(0, 0.0, topic=0.5, part=0.5, asked=0.5, judged=-30.0)


def places_at(distances: Sequence[float]) -> list[Place]:
    return [replace(PLAIN, index=number, at=at) for number, at in enumerate(distances)]


@pytest.mark.parametrize("better", [{"topic": 1.0}, {"part": 1.0}, {"asked": 1.0}, {"judged": -20.0}, {"named": 1.0}])
def test_a_place_is_the_likelier_the_more_speaks_for_it(better: dict[str, float]) -> None:
    one, other = chances([PLAIN, replace(PLAIN, index=1, at=FAR, **better)])  # type: ignore[arg-type]
    assert 0.0 < one < other < 1.0


def test_the_model_decides_between_places_for_which_the_words_say_the_same_and_not_against_them() -> None:
    most, doubted, liked = chances(
        [
            Place(0, 0.0, 1.0, 1.0, 1.0, -30.0),
            Place(1, FAR, 0.4, 0.4, 0.1, -40.0),
            Place(2, 2 * FAR, 0.4, 0.4, 0.1, -20.0),
        ]
    )
    assert most > liked > doubted


def test_what_the_model_says_of_a_place_counts_for_those_beside_it() -> None:
    _, beside, far = chances([replace(PLAIN, judged=-20.0), replace(PLAIN, at=120.0), replace(PLAIN, at=FAR)])
    assert beside > far


def test_a_single_place_needs_no_comparison() -> None:
    (chance,) = chances([Place(0, 0.0, 1.0, 1.0, 1.0, -30.0, 1.0)])
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
    assert shared_out(places_at([number * FAR for number in range(len(probabilities))]), probabilities) == counts
    assert sum(counts) <= QUOTES


def test_a_quote_goes_rather_to_a_place_elsewhere_than_to_one_beside_the_best() -> None:
    assert shared_out(places_at([0.0, ELSEWHERE / 2, FAR]), [0.5, 0.4, 0.2], quotes=2) == [1, 0, 1]
    assert shared_out(places_at([0.0, FAR, 2 * FAR]), [0.5, 0.4, 0.2], quotes=2) == [1, 1, 0]
