"""How ordered lists count, and what stands before their items."""

from __future__ import annotations

from cowrite.convert.numbering import NO_COUNTS, count, label, numbers, numbers_of
from cowrite.core.text.richtext import Line


def test_items_of_one_list_count_up():
    assert numbers_of([("ordered", 0), ("ordered", 0), ("ordered", 0)]) == [1, 2, 3]


def test_each_depth_counts_for_itself_and_goes_on_after_deeper_items():
    items = [("ordered", 0), ("ordered", 1), ("ordered", 1), ("ordered", 0), ("ordered", 1)]
    assert numbers_of(items) == [1, 1, 2, 2, 1]


def test_a_paragraph_between_two_lists_makes_the_second_start_again():
    assert numbers_of([("ordered", 0), (None, 0), ("ordered", 0)]) == [1, None, 1]


def test_a_paragraph_indented_below_an_item_does_not_interrupt_its_list():
    assert numbers_of([("ordered", 0), ("ordered", 1), (None, 1), ("ordered", 1), ("ordered", 0)]) == [1, 1, None, 1, 2]


def test_a_bullet_of_the_same_depth_makes_the_list_start_again():
    assert numbers_of([("ordered", 0), ("bullet", 0), ("ordered", 0)]) == [1, None, 1]


def test_bullets_below_an_item_do_not_interrupt_its_list():
    assert numbers_of([("ordered", 0), ("bullet", 1), ("checked", 2), ("ordered", 0)]) == [1, None, None, 2]


def test_an_item_deeper_than_anything_above_it_starts_at_one():
    assert numbers_of([("ordered", 3), ("ordered", 3), ("ordered", 1), ("ordered", 0)]) == [1, 2, 1, 1]


def test_an_item_that_states_its_number_has_it_and_those_below_count_on():
    items = [("ordered", 0), ("ordered", 0, 5), ("ordered", 1, 9), ("ordered", 1), ("ordered", 0), ("ordered", 0, 1)]
    assert numbers_of(items) == [1, 5, 9, 10, 6, 1]


def test_the_lines_of_a_document_are_numbered_by_their_attributes():
    lines = [Line((), {"list": "ordered"}), Line((), {"header": 1}), Line((), {"list": "ordered", "indent": 2})]
    assert numbers(lines) == [1, None, 1]


def test_counting_can_be_taken_up_at_any_line_and_stops_mattering_where_the_counts_are_equal():
    items = [("ordered", 0), ("ordered", 1), (None, 0), ("ordered", 0), ("bullet", 1), ("ordered", 0)]
    counts, kept, found = NO_COUNTS, [], []
    for kind, depth in items:
        counts, number = count(counts, kind, depth)
        kept.append(counts)
        found.append(number)
    assert found == numbers_of(items)
    for start in range(1, len(items)):
        counts = kept[start - 1]
        assert [(counts, _) for counts, _ in [count(counts, *items[start])]] == [(kept[start], found[start])]


def test_ordered_labels_are_decimal_lettered_and_roman_by_turns_of_depth():
    assert [label("ordered", depth, 4) for depth in range(4)] == ["4.", "d.", "iv.", "4."]
    assert [label("ordered", 1, number) for number in (0, 1, 26, 27, 52, 703)] == [
        "0.",
        "a.",
        "z.",
        "aa.",
        "az.",
        "aaa.",
    ]
    assert [label("ordered", 2, number) for number in (0, 9, 14, 1999, 4000)] == [
        "0.",
        "ix.",
        "xiv.",
        "mcmxcix.",
        "4000.",
    ]


def test_bullets_change_their_shape_with_depth_and_check_boxes_do_not():
    assert [label("bullet", depth) for depth in range(4)] == ["•", "◦", "▪", "•"]
    assert [label(kind, 5) for kind in ("checked", "unchecked")] == ["☑", "☐"]
