"""Finding words in a draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.text.search import find_all


def test_places_are_counted_in_utf16_units():
    assert find_all("😀 ab 漢 ab", "ab") == [(3, 5), (8, 10)]


def test_places_do_not_overlap():
    assert find_all("aaaa", "aa") == [(0, 2), (2, 4)]


def test_nothing_is_found_for_nothing():
    assert find_all("text", "") == []


def test_capitals_matter_only_when_asked():
    assert find_all("Word word", "word") == [(0, 4), (5, 9)]
    assert find_all("Word word", "word", match_case=True) == [(5, 9)]
    assert find_all("ÉCRIT", "écrit") == [(0, 5)]


def test_whole_words_have_no_letters_beside_them():
    assert find_all("cat concat cat's", "cat", whole_words=True) == [(0, 3), (11, 14)]


@pytest.mark.parametrize("words", ["a.b", "(x", "[", "\\", "^$", "*"])
def test_signs_of_patterns_are_plain_characters(words):
    assert find_all(f"a {words} b", words) == [(2, 2 + len(words))]


@given(st.text(alphabet="aé漢😀\n", max_size=30), st.text(alphabet="aé漢😀", min_size=1, max_size=3))
def test_what_is_found_is_what_was_looked_for(text, words):
    encoded = text.encode("utf-16-le")
    for start, stop in find_all(text, words, match_case=True):
        assert encoded[2 * start : 2 * stop].decode("utf-16-le") == words


@pytest.mark.parametrize("written", ["caf\u00e9", "cafe\u0301"])
@pytest.mark.parametrize("looked_for", ["caf\u00e9", "CAFE\u0301"])
def test_a_letter_with_an_accent_is_found_in_one_character_and_in_two(written: str, looked_for: str) -> None:
    assert find_all(f"a {written} here", looked_for, whole_words=True) == [(2, 2 + len(written))]


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("👩‍👩‍👧 👩", "👩", [(9, 11)]),
        ("👩‍👩‍👧 👩", "👧", []),
        ("👩‍👩‍👧 👩", "👩‍👩‍👧", [(0, 8)]),
        ("👍🏽 👍", "👍", [(5, 7)]),
        ("👍🏽 👍", "👍🏽", [(0, 4)]),
        ("❤️ ❤", "❤", [(0, 2), (3, 4)]),
        ("❤️‍🔥 ❤️", "❤️", [(6, 8)]),
        ("Ada👍Bo", "👍", [(3, 5)]),
    ],
)
def test_a_part_of_a_sign_is_not_found_in_it(text: str, words: str, places: list[tuple[int, int]]) -> None:
    assert find_all(text, words) == places


@pytest.mark.parametrize(
    ("written", "looked_for", "places"),
    [
        ("\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd", [(0, 7)]),  # with niqqud
        ("\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd", []),
        ("\u0645\u064f\u062d\u064e\u0645\u062f", "\u0645\u062d\u0645\u062f", [(0, 6)]),
        ("\u0645\u062d\u0640\u0645\u062f", "\u0645\u062d\u0645\u062f", [(0, 5)]),  # drawn out
        ("ｶﾞﾗｽ ガラス", "ガラス", [(0, 4), (5, 8)]),
        ("ガラス", "ｶﾞﾗｽ", [(0, 3)]),
        ("ｶﾞﾗｽ", "カ", []),
        ("ＡＢＣ abc", "Abc", [(0, 3), (4, 7)]),
        ("abc", "ＡＢＣ", [(0, 3)]),
    ],
)  # fmt: skip
def test_words_are_found_with_their_vowels_and_in_another_width(written, looked_for, places) -> None:
    assert find_all(written, looked_for) == places


def test_a_letter_without_its_accent_is_another_one() -> None:
    assert find_all("cafe\u0301, caf\u00e9, cafe", "cafe") == [(13, 17)]


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [
        ("Vi\u00ea\u0323t", "vi\u1ec7t"),
        ("Vie\u0302\u0323t", "vi\u1ec7t"),
        ("Vi\u1ec7t", "vie\u0323\u0302t"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("STRASSE", "straße"),
        ("Straße", "STRASSE"),
        ("STRAẞE", "strasse"),
        ("I\u0307stanbul", "istanbul"),
        ("\u0130stanbul", "i\u0307stanbul"),
        ("ısparta", "ISPARTA"),
        ("oﬃce", "office"),
        ("office", "oﬃce"),
        ("don’t", "don't"),
        ("“so”", '"so"'),
        ("100\u00a0km", "100 km"),
    ],
)
def test_a_word_is_found_however_it_is_written_and_where_it_stands(written: str, looked_for: str) -> None:
    assert find_all(f"😀 {written} here", looked_for, whole_words=True) == [(3, 3 + len(written))]


def test_where_capitals_matter_a_double_s_is_no_sharp_one_and_an_i_has_its_dot() -> None:
    assert find_all("Straße ısparta", "strasse", match_case=True) == []
    assert find_all("ısparta", "isparta", match_case=True) == []
    assert find_all("oﬃce", "office", match_case=True) == [(0, 4)]


def test_a_letter_in_kana_is_not_found_in_its_voiced_one() -> None:
    assert find_all("か\u3099", "か") == []
    assert find_all("か\u3099", "が") == [(0, 2)]
