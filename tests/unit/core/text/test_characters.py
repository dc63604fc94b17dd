"""Characters by their names."""

from __future__ import annotations

import pytest

from cowrite.core.text.characters import COMMON, MOST, found_by, name_of


@pytest.mark.parametrize(
    ("words", "character"),
    [
        ("em dash", "—"), ("arrow right", "→"), ("Euro", "€"), ("tick", "✓"), ("smile", "🙂"), ("infin", "∞"),
        ("not equal", "≠"), ("alpha", "α"), ("thumbs up", "👍"), ("é", "é"), ("U+2014", "—"), ("🌍", "🌍"),
        ("less-than or equal", "≤"), ("three-em", "⸻"), ("em-dash", "—"),
    ],
)  # fmt: skip
def test_a_character_is_found_first_by_the_words_that_people_use_for_it(words: str, character: str) -> None:
    assert found_by(words)[0] == character


@pytest.mark.parametrize("words", ["no such sign", "u+0007", "u+d800", "x" * 1000, "(", "*", "-", "->"])
def test_what_no_character_is_called_finds_none(words: str) -> None:
    assert found_by(words) == []


def test_all_that_is_offered_has_a_name_and_no_search_finds_more_than_can_be_looked_through() -> None:
    assert found_by(" ") == list(COMMON)
    assert len(set(COMMON)) == len(COMMON)
    assert all(map(name_of, COMMON))
    assert len(found_by("letter")) == MOST
