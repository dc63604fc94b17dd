"""The signs of print in the place of those on a keyboard."""

from __future__ import annotations

import pytest

from cowrite.core.writing.typography import QUOTES, Quotes, printed

EN, DE, FR, IT = QUOTES["en"], QUOTES["de"], QUOTES["fr"], QUOTES["it"]


def typed(text: str, quotes=EN) -> str:
    """A line as it is after each of its characters was typed."""
    line = ""
    for character in text:
        line += character
        for sign in printed(line, quotes):
            line = line.removesuffix(sign.typed + sign.behind) + sign.print + sign.behind
    return line


@pytest.mark.parametrize(
    ("keys", "print_"),
    [
        ('"Yes," she said.', "“Yes,” she said."),
        ('("Yes")', "(“Yes”)"),
        ("He said 'yes'.", "He said ‘yes’."),
        ("It's the dogs' turn, isn't it?", "It’s the dogs’ turn, isn’t it?"),
        ("\"'Tis 'so'\"", "“‘Tis ‘so’”"),
        ("Well... no....", "Well… no…."),
        ("One -- or two -- of them", "One – or two – of them"),
        ("cmd --help, a--b", "cmd --help, a--b"),
        ('😀"', "😀”"),
        ("......", "……"),
    ],
)
def test_english_is_set_as_in_books(keys: str, print_: str) -> None:
    assert typed(keys) == print_


@pytest.mark.parametrize("language", sorted(QUOTES))
def test_quotes_within_quotes_may_begin_and_end_together(language: str) -> None:
    opening, closing, inner_opening, inner_closing = quotes = QUOTES[language]
    assert typed("a \"'b'\" d", quotes) == f"a {opening}{inner_opening}b{inner_closing}{closing} d"


def test_an_apostrophe_is_none_of_the_marks_that_others_close_by() -> None:
    assert typed('"Wie geht\'s?"', DE) == "„Wie geht’s?“"
    assert typed('l\'homme "qui rit"', FR) == "l’homme «\u202fqui rit\u202f»"


@pytest.mark.parametrize("language", sorted(QUOTES))
def test_what_is_quoted_opens_and_closes_in_every_language(language: str) -> None:
    quotes = QUOTES[language]
    inner = f"{quotes.inner_opening}b{quotes.inner_closing}"
    assert typed("a \"b 'b' c\" d", quotes) == f"a {quotes.opening}b {inner} c{quotes.closing} d"


@pytest.mark.parametrize(
    ("quotes", "keys", "print_"),
    [
        (EN, "\"She said 'don't'\"", "“She said ‘don’t’”"),
        (DE, "\"Er sagt 'Wie geht's, du?' und 'geht's'.\"", "„Er sagt ‚Wie geht’s, du?‘ und ‚geht’s‘.“"),
        (DE, "'ob's so ist, weiß 😀ich's nicht'", "‚ob’s so ist, weiß 😀ich’s nicht‘"),
        (FR, "\"Il dit 'l'homme qu'il'.\"", "«\u202fIl dit “l’homme qu’il”.\u202f»"),
        (IT, "'un'altra'", "“un’altra”"),
        (DE, "Tom‘s Haus", "Tom‘s Haus"),
    ],
)
def test_an_apostrophe_within_inner_quotes_closes_nothing(quotes: Quotes, keys: str, print_: str) -> None:
    assert typed(keys, quotes) == print_
