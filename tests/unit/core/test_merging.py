"""Two versions of a text become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.merging import merged_text


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        ("Herbs by the wall", "Herbs by the sunny wall", "Many herbs by the wall", "Many herbs by the sunny wall"),
        ("Herbs", "Herbs!", "Herbs!", "Herbs!"),
        ("Herbs", "Herbs and roses", "Herbs or thyme", "Herbs or thyme and roses"),
        ("one two three", "one three", "one two three four", "one three four"),
        ("👩‍👩‍👧 here", "👩‍👩‍👧 are here", "here", "are here"),
    ],
)
def test_what_both_wrote_stays(base, mine, theirs, both):
    assert merged_text(base, mine, theirs) == both


texts = st.text("ab c\n", max_size=12)


@given(texts, texts)
def test_a_change_of_one_side_alone_is_that_change(base, made):
    assert merged_text(base, made, base) == made
    assert merged_text(base, base, made) == made


@given(texts, texts, texts)
def test_nothing_comes_that_nobody_wrote(base, mine, theirs):
    assert set(merged_text(base, mine, theirs)) <= set(base + mine + theirs)
