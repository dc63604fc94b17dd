"""How long texts are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.text.word_count import Counter, Length, word_count


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("one two\nthree", 3), ("it's 3.5 x", 3), ("שלום עולם", 2), ("한국어 문단", 2)]
)
def test_words_are_what_stands_between_white_space(text, count):
    assert word_count(text) == count


def test_of_chinese_and_japanese_each_character_counts_as_word_processors_have_it():
    assert word_count("東京の会議。abc def 100年") == 5 + 2 + 2
    assert word_count("カタカナー") == 5


@given(st.lists(st.text(alphabet="a \n\ufffc\u2003é😀東。", max_size=5)))
def test_a_text_in_pieces_is_as_long_as_the_whole(pieces: list[str]) -> None:
    counter = Counter()
    for piece in pieces:
        counter.add(piece)
    whole = "".join(pieces).replace("\ufffc", "\n")
    letters = "".join(whole.split())
    assert counter.length == Length(word_count(whole), len(whole.replace("\n", "")), len(letters))
