"""Where paragraphs, sentences and words begin and end."""

from __future__ import annotations

import pytest

from cowrite.assist.text.sentences import lines, paragraphs, pieces, sentences, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Lee came at 3 p.m. today. He left.", ["Dr. Lee came at 3 p.m. today.", "He left."]),
        ("It was J. Smith. We met in 2019. Then we left.", ["It was J. Smith.", "We met in 2019.", "Then we left."]),
        ("See e.g. Fig. 3 for this, etc. and more.", ["See e.g. Fig. 3 for this, etc. and more."]),
        ("1. Buy bread.\n2. Eat it.", ["1. Buy bread.", "2. Eat it."]),
        ("He said “Go.” Then he went.", ["He said “Go.”", "Then he went."]),
        ("Version 1.2.3 is out. Get it.", ["Version 1.2.3 is out.", "Get it."]),
        ("Well … perhaps. Yes", ["Well … perhaps.", "Yes"]),
        ("我們開會。大家都同意！好嗎？", ["我們開會。", "大家都同意！", "好嗎？"]),
        ("A heading\n\nA sentence.", ["A heading", "A sentence."]),
        ("The team grew.\nThis year we sold 500.\n", ["The team grew.", "This year we sold 500."]),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_a_reader_would_say_so(text: str, expected: list[str]) -> None:
    found = sentences(text)
    assert [piece.text for piece in found] == expected
    assert all(text[piece.start : piece.end] == piece.text for piece in found)


def test_paragraphs_are_parted_by_empty_lines_and_lines_by_breaks() -> None:
    text = "\n\nOne\nstill one\n \n\nTwo  \n"
    assert [piece.text for piece in paragraphs(text)] == ["One\nstill one", "Two  "]
    assert [piece.text for piece in lines(text)] == ["One", "still one", "Two"]
    padded = f"One\n{' ' * 400_000}\nTwo"  # each space is looked at once, or this would take minutes
    assert [piece.text for piece in lines(padded)] == ["One", "Two"]


def test_pieces_put_together_are_the_text() -> None:
    text = "It's 1,234.5 km — 我們去 co-write!\n\té\u0301 👩‍💻"
    assert "".join(pieces(text)) == text
    assert words("It's 1,234.5 km — 我們") == ["It's", "1,234.5", "km", "我", "們"]


def test_a_day_before_the_name_of_a_german_month_ends_no_sentence() -> None:
    assert [piece.text for piece in sentences("Wir nehmen den 15. Juni. Gut.")] == ["Wir nehmen den 15. Juni.", "Gut."]
