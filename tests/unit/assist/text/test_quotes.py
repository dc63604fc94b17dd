"""Quotes count where they stand word for word."""

from __future__ import annotations

import pytest

from cowrite.assist.text.quotes import find_quote, verified
from cowrite.core.text.quote import Quote

SOURCE = "🎬 The film is shown in Lyon.\nAbout 60\npeople come; “we can’t wait”, says Ada. The film is shown twice."


@pytest.mark.parametrize(
    ("claimed", "text"),
    [
        ("About 60 people come", "About 60\npeople come"),
        ('"The film  is shown in Lyon."', "The film is shown in Lyon."),
        ("we can't wait", "we can’t wait"),
        ('"we can\'t wait", says Ada', "we can’t wait”, says Ada"),
    ],
)
def test_white_space_and_the_shape_of_marks_are_forgiven(claimed: str, text: str) -> None:
    quote = find_quote(SOURCE, claimed)
    assert quote is not None
    assert quote.text == text
    assert SOURCE[quote.start : quote.end] == text


@pytest.mark.parametrize(
    "claimed", ["About 60 persons come", "the film is shown in lyon", "", "“”", "eople come", "The film is shown in Ly"]
)
def test_nothing_else_is_forgiven_and_words_are_whole(claimed: str) -> None:
    assert find_quote(SOURCE, claimed) is None


def test_a_footnote_or_picture_amid_the_words_is_none_of_them() -> None:
    source = "\ufffcIt rains\ufffc here.\nIt rains \ufffc here."
    assert find_quote(source, "It rains here.") == Quote("It rains\ufffc here.", 1, 16)
    assert find_quote(source, "rains\ufffc here", near=10) == Quote("rains \ufffc here", 20, 32)
    assert Quote("It rains\ufffc here.", 1, 16).in_a_line == "It rains here."


def test_of_several_places_the_nearest_one_behind_is_meant() -> None:
    first, second = SOURCE.index("The film"), SOURCE.rindex("The film")
    assert find_quote(SOURCE, "The film is shown") == Quote("The film is shown", first, first + 17)
    assert find_quote(SOURCE, "The film is shown", near=first + 1) == Quote("The film is shown", second, second + 17)


def test_invented_repeated_and_single_words_are_no_quotes() -> None:
    claims = ["The film is shown twice.", "It rains in Lyon.", "The film is shown twice.", "Lyon"]
    assert [quote.text for quote in verified(SOURCE, claims)] == ["The film is shown twice."]


def test_a_sentence_without_spaces_can_be_quoted() -> None:
    assert [quote.start for quote in verified("今天天氣很好。我們去公園。", ["我們去公園"])] == [7]


def test_a_quote_is_shown_in_a_line_without_the_marks_of_an_e_mail() -> None:
    text = "We agreed that\n>> the fence\r\n is > 2 m."
    assert Quote(text, 0, len(text)).in_a_line == "We agreed that the fence is > 2 m."
