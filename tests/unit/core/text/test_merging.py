"""Two versions of a text or a list become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.text.merging import merged_list, merged_text


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


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        ("", "use", "begin", "begin use"),
        ("use", "use begin", "people use", "people use begin"),
        ("use begin", "use", "use begin people", "use people"),
        ("use", "uses", "used", "used uses"),
        ("use", "begin use", "use begin", "begin use"),
        ("", "use begin", "use", "use begin"),
        ("use begin", "begin use", "use begin people", "begin use people"),
    ],
)
def test_an_entry_that_either_put_in_stays_and_is_there_once(base, mine, theirs, both):
    assert merged_list(base.split(), mine.split(), theirs.split()) == tuple(both.split())


lists = st.lists(st.sampled_from("abcd"), max_size=4)


@given(lists, lists)
def test_a_list_that_one_side_alone_changed_is_as_that_side_has_it(base, made):
    assert merged_list(base, made, base) == merged_list(base, base, made) == tuple(made)


wishes = st.lists(st.sampled_from("abcd"), unique=True)


@given(wishes, wishes, wishes)
def test_every_entry_that_somebody_put_in_or_nobody_took_out_is_in_the_list(base, mine, theirs):
    both = set(merged_list(base, mine, theirs))
    assert (set(mine) | set(theirs)) - set(base) <= both <= set(mine) | set(theirs)
    assert set(base) & set(mine) & set(theirs) <= both


def test_what_is_long_and_wholly_different_is_merged_without_comparing_all_of_it():
    base, mine, theirs = "a" * 100_000, "b" * 100_000, "c" + "a" * 100_000
    assert merged_text(base, mine, theirs) == "c" + mine
    assert merged_text(base, base + "d", theirs) == theirs + "d"
