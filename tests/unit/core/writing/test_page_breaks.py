"""Page breaks: the line that begins a page."""

from __future__ import annotations

from typing import Any

import pytest

from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.core.writing.lines import (
    insert_divider,
    insert_page_break,
    press_backspace,
    press_enter,
    set_style,
    toggle_list,
)
from cowrite.core.writing.pasting import copied, in_style_of, insert_rich_text
from helpers.drafts import draft, lines

PAGE: dict[str, Any] = {"page-break": True}


@pytest.mark.parametrize(
    ("before", "at", "after", "caret"),
    [
        (["onetwo"], 3, ["one", ("two", PAGE)], 4),
        (["one", "two"], 4, ["one", ("two", PAGE)], 4),
        (["one", ("two", PAGE)], 4, ["one", ("", PAGE), ("two", PAGE)], 5),
        (["one"], 0, ["", ("one", PAGE)], 1),
        (["one"], 3, ["one", ("", PAGE)], 4),
        ([("Head", {"header": 1})], 4, [("Head", {"header": 1}), ("", PAGE)], 5),
        (["one", ("Head", {"header": 1})], 4, ["one", ("Head", {"header": 1, **PAGE})], 4),
        ([("ab", {"list": "ordered", "start": 4})], 1,
         [("a", {"list": "ordered", "start": 4}), ("b", {"list": "ordered", **PAGE})], 2),
        (["x", ("a", {"table": "1"}), ("b", {"table": "1"}), "y"], 3,
         ["x", ("a", {"table": "1"}), ("b", {"table": "1"}), ("y", PAGE)], 6),
    ],
)  # fmt: skip
def test_a_page_begins_at_the_caret_and_below_a_table(before, at, after, caret):
    document = draft(*before)
    assert insert_page_break(document, at, at) == caret
    assert lines(document) == after
    document.undo()
    assert lines(document) == before


def test_a_page_begins_in_the_place_of_what_is_selected():
    document = draft("one", "two", "three")
    assert insert_page_break(document, 2, 5) == 3
    assert lines(document) == ["on", ("wo", PAGE), "three"]


def test_a_page_begins_in_a_text_that_another_program_left_open():
    document = MendedDocument(clock=lambda: 0)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "open")
    insert_page_break(document, 4, 4)
    assert lines(document) == ["open", ("", PAGE)]


@pytest.mark.parametrize("at", [4, 6, 8])
def test_of_a_line_that_is_divided_the_first_half_begins_its_page(at):
    document = draft("one", ("twos", PAGE))
    press_enter(document, at)
    assert lines(document) == ["one", ("twos"[: at - 4], PAGE), "twos"[at - 4 :]]


def test_backspace_at_the_beginning_of_a_page_goes_on_with_the_page_above_and_keeps_the_style():
    document = draft("one", ("Head", {"header": 1, **PAGE}))
    assert press_backspace(document, 4) == 4
    assert lines(document) == ["one", ("Head", {"header": 1})]


def test_another_style_leaves_a_line_at_the_beginning_of_its_page():
    document = draft("one", ("two", PAGE))
    set_style(document, 4, 4, "heading_1")
    toggle_list(document, 4, 4, "bullet")
    assert lines(document) == ["one", ("two", {"list": "bullet", **PAGE})]


def test_lines_that_are_pasted_at_the_beginning_of_a_page_begin_it_once():
    for first in ("", "two"):
        document = draft("one", (first, PAGE))
        spans = in_style_of(document, 4, [Span("a\nb\nc")])
        insert_rich_text(document, 4, 4, spans)
        assert lines(document) == ["one", ("a", PAGE), "b", f"c{first}"]


def test_a_page_break_is_copied_and_pasted_with_its_line():
    document = draft("one", ("two", PAGE), "", "four")
    spans = copied(document, 0, 7)
    insert_rich_text(document, 8, 8, spans)
    assert lines(document) == ["one", ("two", PAGE), "one", ("two", PAGE), "four"]


def test_a_divider_at_the_beginning_of_a_page_begins_it():
    for words in ("", "two"):
        document = draft("one", (words, PAGE))
        insert_divider(document, 4, 4)
        assert lines(document)[:2] == ["one", ("\ufffc", PAGE)]
        assert lines(document)[2] == words
    document = draft(("one", PAGE))
    insert_divider(document, 2, 2)
    assert lines(document) == [("on", PAGE), "\ufffc", "e"]


def test_a_table_that_is_put_at_the_beginning_of_a_page_stands_below_the_line_that_begins_it():
    document = draft("one", ("", PAGE), "three")
    insert_rich_text(document, 4, 4, [Span("a"), Span("\n", {"table": "r"}), Span("b"), Span("\n", {"table": "r"})])
    row = document.rope.attributes_at(6)["table"]
    assert lines(document) == ["one", ("", PAGE), ("a", {"table": row}), ("b", {"table": row}), "", "three"]
