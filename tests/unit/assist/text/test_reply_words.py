"""Words by which people reply to what was said."""

from __future__ import annotations

import pytest

from cowrite.assist.text.reply_words import is_assent, is_only_assent


def test_agreeing_is_known_and_agreeing_only_too() -> None:
    assert is_assent("Yeah, sounds good.")
    assert is_assent("Okay, and the battery?")
    assert is_only_assent("Yeah, sounds good.")
    assert not is_only_assent("Okay, and the battery?")
    assert is_only_assent("+1, fine with me")
    assert not is_assent("Good question, I'll ask.")


@pytest.mark.parametrize(
    "sentence", ["Yesterday it rained.", "Gute Nacht!", "Rightly so?", "January is cold.", "Okinawa"]
)
def test_a_word_that_begins_like_a_yes_is_none(sentence: str) -> None:
    assert not is_assent(sentence)
