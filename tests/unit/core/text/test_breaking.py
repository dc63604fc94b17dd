"""Where a line may break within a long word."""

from __future__ import annotations

import pytest

from cowrite.core.text.breaking import LONGEST, breakable

LONG = "Rindfleischetikettierungsüberwachung"


def test_a_line_may_break_anywhere_in_a_long_word_and_in_no_other() -> None:
    shown = breakable(f"The {LONG} law")
    assert shown.replace("\u200b", "") == f"The {LONG} law"
    assert (shown[:5], shown[-5:], shown.count("\u200b")) == ("The R", "g law", len(LONG) - 1)
    assert breakable("x" * LONGEST) == "x" * LONGEST


@pytest.mark.parametrize("letters", ["لماذا" * 8, "नमस्ते" * 8, "e\u0301" * 30, "👩‍🚀" * 30, "ภาษาไทย" * 8])
def test_nothing_comes_between_letters_that_are_joined(letters: str) -> None:
    assert breakable(letters) == letters
