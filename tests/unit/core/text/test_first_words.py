"""What a text without a title is called."""

from __future__ import annotations

import pytest

from cowrite.core.text.first_words import first_words, shortened
from cowrite.core.text.richtext import Span


def noted(*lines: str, language: str = "yaml") -> list[Span]:
    return [span for line in lines for span in (Span(line), Span("\n", {"code-block": language}))]


@pytest.mark.parametrize(
    ("above", "called"),
    [
        (noted("author: Ada", 'title: "The courtyard"', "lang: en"), "The courtyard"),
        (noted("title = 'The courtyard'", language="toml"), "The courtyard"),
        (noted("author: Ada", "lang: en"), "Summary"),
        (noted("title:"), "Summary"),
        (noted(f"title:{' ' * 500_000}"), "Summary"),
        (noted("title: x", language="python"), "title: x"),
        ([], "Summary"),
    ],
)
def test_a_text_is_called_by_the_title_noted_at_its_head_and_never_by_what_else_is_noted_there(above, called):
    assert first_words([*above, Span("\nSummary\nWords")]) == called


def test_a_text_is_called_by_whole_letters_and_signs():
    family = "👨\u200d👩\u200d👧"
    assert first_words([Span(family * 60)]) == family * 16
    assert first_words([Span("e\u0301" * 60)]) == "e\u0301" * 40
    assert first_words([Span("x" + "e\u0301" * 60)]) == "x" + "e\u0301" * 39


def test_a_text_of_notes_alone_is_called_by_the_first_of_them():
    assert first_words(noted("", "author: Ada", "lang: en")) == "author: Ada"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Benches along the wall", "Benches along the wall"),
        ("Benches along the walls of the yard", "Benches along the…"),
        ("Benches along the sunny walls", "Benches along the…"),
        ("a" * 40, "a" * 21 + "…"),
        ("a" * 19 + "👩\u200d👩\u200d👧 and more", "a" * 19 + "…"),
    ],
)
def test_a_long_text_is_cut_behind_a_word_or_a_whole_sign(text, shown):
    assert shortened(text, 22) == shown
