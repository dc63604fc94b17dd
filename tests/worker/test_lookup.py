"""What may come next, looked up in what stands there."""

from __future__ import annotations

from cowrite.worker.lookup import Lookup


def test_what_followed_the_last_time_is_guessed() -> None:
    lookup = Lookup([1, 2, 3, 4, 5, 9, 1, 2, 3, 7, 8, 9, 0])
    for token in (1, 2, 3):
        lookup.add(token)
    assert lookup.ahead(10) == (7, 8, 9, 0), "the latest place counts, and no more than four"
    assert lookup.ahead(2) == (7, 8)
    assert lookup.ahead(0) == ()


def test_two_equal_tokens_are_too_few_to_guess() -> None:
    lookup = Lookup([1, 2, 3, 4])
    lookup.add(9)
    lookup.add(2)
    lookup.add(3)
    assert lookup.ahead(4) == ()


def test_a_text_that_repeats_itself_is_guessed_from_itself() -> None:
    lookup = Lookup([])
    for token in [5, 6, 7, 5, 6, 7, 5, 6, 7]:
        lookup.add(token)
    assert lookup.ahead(4) == (5, 6, 7), "up to where the text is"


def test_guessing_ends_where_it_does_not_pay() -> None:
    lookup = Lookup([1, 2, 3, 4, 5, 1, 2, 3])
    while lookup.is_on:
        assert lookup.ahead(4)
        lookup.learn(1, 4)
    assert lookup.ahead(4) == ()


def test_guessing_goes_on_where_it_pays() -> None:
    lookup = Lookup([1, 2, 3, 4, 5, 1, 2, 3])
    for _ in range(100):
        lookup.learn(3, 4)
    assert lookup.is_on
