"""What differs between two versions of a text, word by word."""

from __future__ import annotations

import pytest

from cowrite.assist.text.difference import (
    Rewording,
    apply,
    difference,
    difference_by_line,
    partial_difference,
    smallest_difference,
)

OLD = "Their is two reasons why the projekt failed."
NEW = "There are two reasons why the project failed."


def shown(old: str, new: str) -> list[tuple[str, str]]:
    return [(change.old, change.new) for change in difference(old, new)]


def test_words_are_replaced_whole_and_what_is_the_same_stays() -> None:
    assert shown(OLD, NEW) == [("Their is", "There are"), ("projekt", "project")]
    assert difference(OLD, OLD) == ()


def test_each_change_can_be_accepted_by_itself() -> None:
    changes = difference(OLD, NEW)
    assert apply(OLD, changes) == NEW
    assert apply(OLD, changes[1:]) == "Their is two reasons why the project failed."
    assert apply(OLD, []) == OLD


def test_positions_are_code_points_of_the_old_text() -> None:
    old, new = "👩‍💻 says: hello wrld", "👩‍💻 says: hello world"
    (change,) = difference(old, new)
    assert change == Rewording(len(old) - 4, len(old), "wrld", "world")


def test_a_chance_match_of_a_small_word_does_not_cut_a_phrase_in_two() -> None:
    old = "The reason why the server was slow is due to the fact that the disk was full."
    assert shown(old, "The server was slow because the disk was full.")[0][0].startswith("reason why")


def test_scripts_without_spaces_differ_by_characters() -> None:
    changes = smallest_difference("我們昨天開會。", "我們今天開會。")
    assert [(change.old, change.new) for change in changes] == [("昨", "今")]


@pytest.mark.parametrize(("old", "new"), [("a  b\n\n c\t", "a b\n c"), ("", "new"), ("gone", ""), ("a\r\nb", "a\nb")])
def test_white_space_is_kept_as_each_version_has_it(old: str, new: str) -> None:
    assert apply(old, difference(old, new)) == new


@pytest.mark.parametrize(
    ("begun", "expected"),
    [("", []), ("One two", []), ("One 2", [("two", "2")]), ("One 2 three four. Five", [("two", "2")])],
)
def test_while_the_new_text_is_being_written_the_rest_of_the_old_one_stays(
    begun: str, expected: list[tuple[str, str]]
) -> None:
    old = "One two three four. Five six seven eight. Nine ten."
    assert [(change.old, change.new) for change in partial_difference(old, begun)] == expected


def test_more_different_words_than_there_are_letters_below_the_surrogates_are_told_apart() -> None:
    old = " ".join(f"w{number}" for number in range(60_000))
    new = old.replace("w59999", "last")
    assert shown(old, new) == [("w59999", "last")]


def test_of_as_many_lines_each_differs_by_itself_and_no_break_is_touched() -> None:
    old, new = "🎬 Plan\nBuy bread.\nEnd", "🎬 Aims\nEat cake.\nStop"
    found = difference_by_line(old, new)
    assert apply(old, found) == new
    assert [each.old for each in found] == ["Plan", "Buy bread", "End"]
    assert apply(old, difference_by_line(old, "One line.")) == "One line."
