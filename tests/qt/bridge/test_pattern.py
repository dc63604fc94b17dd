"""Patterns: where a regular expression is found in a text."""

from __future__ import annotations

from itertools import count
from time import thread_time

import pytest

from cowrite.bridge.pattern import PATIENCE, BadPattern, Pattern, SlowPattern, as_pattern


def places(pattern: str, text: str, *, match_case: bool = False, whole_words: bool = False) -> list[tuple[int, int]]:
    return [each.place for each in Pattern(pattern, match_case=match_case, whole_words=whole_words).find_all(text)]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\d+", "😀 12 漢 345\n6", [(3, 5), (8, 11), (12, 13)]),
        (r"\bé\w+", "un été, l'éte\u0301", [(3, 6), (10, 14)]),
        (r"(\w+) \1", "the the way to to", [(0, 7), (12, 17)]),
        ("^", "one\n\ntwo\n", [(0, 0), (4, 4), (5, 5)]),
        ("$", "one\n\ntwo\n", [(3, 3), (4, 4), (8, 8)]),
        ("^t.*$", "one\ntwo three\u2028too\n", [(4, 13), (14, 17)]),
        ("x*", "axb\n", [(0, 0), (1, 2), (2, 2), (3, 3)]),
        (r"e\s*t", "one\ntwo", []),
        (r"e\nt", "one\ntwo one\u2028two", [(10, 13)]),
        ("", "ab\n", [(0, 0), (1, 1), (2, 2)]),
        (".", "", []),
    ],
)
def test_places_are_in_utf16_units_and_each_within_a_line(
    pattern: str, text: str, found: list[tuple[int, int]]
) -> None:
    assert places(pattern, text) == found


def test_capitals_matter_and_whole_words_are_looked_for_only_when_asked() -> None:
    assert places("ÉTÉ|cat", "été Cat") == [(0, 3), (4, 7)]
    assert places("ÉTÉ|cat", "été Cat cat", match_case=True) == [(8, 11)]
    assert places("cat|catalogue", "concat catalogue cat", whole_words=True) == [(7, 16), (17, 20)]


def test_groups_are_told_and_those_that_are_nowhere_too() -> None:
    assert [found.groups for found in Pattern("(a)|(b)(c)?").find_all("x\nab")] == [
        ((2, 3), None, None),
        (None, (3, 4), None),
    ]


@pytest.mark.parametrize(
    ("pattern", "text"), [("👩", "👩‍👩‍👧"), ("e", "e\u0301"), ("👍", "👍🏽"), ("x*", "e\u0301"), (r"\C", "😀")]
)
def test_a_part_of_a_letter_or_sign_is_not_found(pattern: str, text: str) -> None:
    assert all(place in ((0, 0), (len(text), len(text))) for place in places(pattern, text))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(a", r"A ( is not closed; \( is the sign itself."),
        ("a{2,1}b", "Numbers out of order in {} quantifier."),
        ("((a{1000}){1000}){1000}", "Regular expression is too large."),
    ],
)
def test_what_is_no_pattern_is_said_in_a_sentence(pattern: str, said: str) -> None:
    with pytest.raises(BadPattern) as bad:
        Pattern(pattern)
    assert str(bad.value) == said


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"((\w|\w\w)+\s?)+[#;]", "words and words without an end, " * 40 + "\n"),
        (r"(?=(\w{1,2}\s?){0,11}+;)|(\w{1,2}\s?){0,11};", "words and words and no end " * 300 + "\n"),
        (r"(?=.*#)|#", "x" * 300_000),
        (r"(x+x+)+\1[yz]", "x" * 10_000),
        ("(?:(?R))", "x\n" * 1000),
    ],
)
def test_a_pattern_that_would_run_for_ever_is_stopped(pattern: str, text: str) -> None:
    begun = thread_time()
    with pytest.raises(SlowPattern):
        Pattern(pattern).find_all(text * 50)
    assert thread_time() - begun < 3 * PATIENCE


def test_more_places_are_not_looked_for_than_there_is_time_for() -> None:
    ticks = count()
    pattern = Pattern(".", clock=lambda: next(ticks) * PATIENCE / 100)
    with pytest.raises(SlowPattern):
        pattern.find_all("x" * 1000)


def test_words_as_a_pattern_are_found_as_they_are() -> None:
    words = r"(1+1)*2 = $4.^2 [a|b]{3}? \w"
    assert places(as_pattern(words), words) == [(0, len(words))]
    assert as_pattern("plain - words, ünd so") == "plain - words, ünd so"
