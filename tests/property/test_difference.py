"""The difference of any two texts makes the one the other; quotes are where they are said to be."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from cowrite.assist.text.difference import apply, difference, partial_difference, smallest_difference
from cowrite.assist.text.quotes import find_quote
from cowrite.assist.text.sentences import lines, paragraphs, pieces, sentences, words

LETTERS = st.text(alphabet=" \n\tab.,'-1é中文。\u0301\u200d👩💻\u00a0“”", max_size=60)
TEXTS = st.one_of(LETTERS, st.text(max_size=60), st.lists(st.sampled_from(["one", "two", " ", "\n", "."])).map("".join))


@given(TEXTS, TEXTS)
def test_a_difference_makes_the_old_text_the_new_one(old: str, new: str) -> None:
    for compare in (difference, smallest_difference):
        changes = compare(old, new)
        assert apply(old, changes) == new
        assert all(old[change.start : change.end] == change.old for change in changes)
        assert all(one.end <= other.start for one, other in itertools.pairwise(changes))
        assert all(change.old != change.new for change in changes)


@given(TEXTS, TEXTS)
def test_a_partial_difference_has_all_that_is_written_and_stays_in_the_old_text(old: str, new: str) -> None:
    changes = partial_difference(old, new)
    assert all(old[change.start : change.end] == change.old for change in changes)
    result = apply(old, changes)
    assert result.startswith(new) or new in result


@given(TEXTS)
def test_pieces_cover_a_text_and_parts_stand_where_they_say(text: str) -> None:
    assert "".join(pieces(text)) == text
    for cut in (paragraphs, lines, sentences):
        found = cut(text)
        assert all(text[piece.start : piece.end] == piece.text for piece in found)
        assert all(one.end <= other.start for one, other in itertools.pairwise(found))


@given(TEXTS, st.integers(0, 60), st.integers(1, 30))
def test_a_quote_is_found_where_its_words_stand(text: str, start: int, length: int) -> None:
    quote = find_quote(text, text[start : start + length])
    if quote is not None:
        assert text[quote.start : quote.end] == quote.text
        same = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})
        assert " ".join(quote.text.translate(same).split()) in " ".join(text.translate(same).split())


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=6, max_size=12), st.data())
def test_words_of_a_text_are_always_found_however_they_are_spaced(said: list[str], data: st.DataObject) -> None:
    spaces = st.sampled_from([" ", "  ", "\n", " \n "])
    source = "".join(word + data.draw(spaces) for word in said)
    claimed = "".join(word + data.draw(spaces) for word in said[1:5])
    quote = find_quote(source, f"“{claimed}”")
    assert quote is not None
    assert words(quote.text) == said[1:5]
