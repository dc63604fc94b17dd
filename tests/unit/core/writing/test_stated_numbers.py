"""Numbers that items state: which list goes on with one that is typed, and who has it when its item goes."""

from __future__ import annotations

import pytest

from cowrite.core.text.richtext import Span
from cowrite.core.writing.habits import apply_habit
from cowrite.core.writing.line import stated_number
from cowrite.core.writing.lines import delete, press_backspace, press_enter, set_style, toggle_list
from cowrite.core.writing.pasting import in_style_of, insert_rich_text
from helpers.drafts import draft, lines

ORDERED = {"list": "ordered"}
FIVE = {**ORDERED, "start": 5}
BULLET = {"list": "bullet"}


def typed(document) -> object:
    """What becomes of the last line, which was just typed."""
    apply_habit(document, document.length - document.is_closed)
    return lines(document)[-1]


@pytest.mark.parametrize("text", ["24. ", "2. ", "0. ", "01. "])
def test_a_number_with_which_no_list_goes_on_stays_text(text):
    assert typed(draft("words", text)) == text
    assert typed(draft(("one", ORDERED), ("two", ORDERED), "words", text)) == text


@pytest.mark.parametrize(
    "above",
    [
        [("one", ORDERED), ("two", ORDERED), "words", ""],
        [("one", ORDERED), ("a", {**ORDERED, "indent": 1}), ("more", {"indent": 1}), ("two", ORDERED), "words"],
        [("two", {**ORDERED, "start": 2}), ("of another list", BULLET)],
        [("one", ORDERED), ("two", ORDERED), *["words"] * 49],
    ],
)
def test_a_list_goes_on_below_other_lines_with_its_next_number(above):
    assert typed(draft(*above, "3. ")) == ("", {**ORDERED, "start": 3})
    assert typed(draft(*above, "4. ")) == "4. "


def test_a_list_far_above_does_not_go_on():
    assert typed(draft(("one", ORDERED), *["words"] * 50, "2. ")) == "2. "


FIVE_SIX = [("five", FIVE), ("six", ORDERED)]


@pytest.mark.parametrize(
    ("before", "start", "stop", "after"),
    [
        (FIVE_SIX, 0, 5, [("six", FIVE)]),
        (["x", *FIVE_SIX], 2, 7, ["x", ("six", FIVE)]),
        (["x", *FIVE_SIX], 1, 2, ["xfive", ("six", FIVE)]),
        ([("x", ORDERED), *FIVE_SIX, ("end", ORDERED)], 1, 8, [("xix", ORDERED), ("end", FIVE)]),
        ([("five", FIVE), ("a", {**ORDERED, "indent": 1}), ("six", ORDERED)], 0, 5, [
            ("a", {**ORDERED, "indent": 1}), ("six", FIVE)]),
        ([("five", FIVE), "words", ("one", ORDERED)], 0, 5, ["words", ("one", ORDERED)]),
        ([("five", FIVE), "words", ("one", ORDERED)], 0, 11, [("one", ORDERED)]),
        ([("five", FIVE), ("nine", {**ORDERED, "start": 9})], 0, 5, [("nine", {**ORDERED, "start": 9})]),
        ([*FIVE_SIX, ("seven", ORDERED)], 0, 8, [("", FIVE), ("seven", ORDERED)]),
        (FIVE_SIX, 1, 6, [("fix", FIVE)]),
        (FIVE_SIX, 0, 4, [("", FIVE), ("six", ORDERED)]),
        (["x", *FIVE_SIX, ("seven", ORDERED)], 0, 10, ["", ("seven", FIVE)]),
    ],
)  # fmt: skip
def test_the_next_item_takes_over_the_number_of_one_that_goes(before, start, stop, after):
    document = draft(*before)
    delete(document, start, stop)
    assert lines(document) == after
    document.undo()
    assert lines(document) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda document: press_backspace(document, 0),
        lambda document: toggle_list(document, 0, 0, "ordered"),
        lambda document: set_style(document, 0, 0, "paragraph"),
    ],
)
def test_the_next_item_takes_over_the_number_of_one_that_becomes_body_text(change):
    document = draft(*FIVE_SIX)
    change(document)
    assert lines(document) == ["five", ("six", FIVE)]


def test_what_comes_in_the_place_of_an_item_leaves_its_number_with_the_list():
    document = draft(*FIVE_SIX, ("seven", ORDERED))
    insert_rich_text(document, 0, 5, [Span("words")])
    assert lines(document) == [("wordssix", FIVE), ("seven", ORDERED)]


@pytest.mark.parametrize("at", [0, 3, 6])
def test_of_an_item_that_states_its_number_the_part_below_counts_on(at):
    document = draft(("onetwo", FIVE))
    press_enter(document, at)
    assert lines(document) == [
        ("onetwo"[:at], FIVE), ("onetwo"[at:], ORDERED)
    ]  # fmt: skip


@pytest.mark.parametrize("item", ["", "is "])
def test_lines_that_are_pasted_into_an_item_that_states_its_number_count_on_from_it(item):
    document = draft((item, FIVE))
    insert_rich_text(document, len(item), len(item), in_style_of(document, len(item), [Span("a\nb\nc")]))
    assert lines(document) == [(f"{item}a", FIVE), ("b", ORDERED), ("c", ORDERED)]


def test_items_that_are_pasted_into_a_numbered_list_go_on_with_it():
    document = draft(("one", ORDERED), ("", ORDERED))
    pasted = [Span("a\n", FIVE), Span("b\n", ORDERED)]
    insert_rich_text(document, 4, 4, in_style_of(document, 4, pasted))
    assert lines(document) == [(word, ORDERED) for word in ("one", "a", "b")]


@pytest.mark.parametrize("kind", ["ordered", "bullet"])
def test_what_is_no_numbered_item_any_more_states_no_number(kind):
    document = draft(("one", FIVE))
    toggle_list(document, 0, 0, kind)
    assert lines(document) == [("one", BULLET) if kind == "bullet" else "one"]


def test_a_number_that_another_program_has_written_is_one_or_is_none():
    assert stated_number({"list": "ordered", "start": 0}) == 0
    for value in (-1, True, "5", 10**9, 2.5, None):
        assert stated_number({"list": "ordered", "start": value}) is None
    assert stated_number({"list": "bullet", "start": 5}) is None
