"""Dividers and what else stands alone on its line: what keys do beside it."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.writing.alone import line_beside, press_backspace, press_delete
from cowrite.core.writing.lines import insert_divider
from helpers.drafts import draft, lines

DIVIDER = "\ufffc"
DIVIDED = ["above", DIVIDER, "below"]


def divided() -> Document:
    document = draft("above", "below")
    insert_divider(document, 6, 6)
    assert lines(document) == DIVIDED
    return document


def test_backspace_below_a_divider_and_delete_above_it_take_it_out():
    document = divided()
    assert press_backspace(document, 8) == 6
    assert lines(document) == ["above", "below"]
    document = divided()
    assert press_delete(document, 5) == 5
    assert lines(document) == ["above", "below"]


def test_delete_behind_a_divider_joins_no_words_to_it():
    document = divided()
    assert press_delete(document, 7) == 8
    assert lines(document) == DIVIDED


def test_backspace_before_a_divider_joins_it_to_no_words():
    document = divided()
    assert press_backspace(document, 6) == 5
    assert lines(document) == DIVIDED


@pytest.mark.parametrize(
    ("at", "caret", "lines_then"), [(6, 6, ["above", "", DIVIDER, "below"]), (7, 8, ["above", DIVIDER, "", "below"])]
)
def test_what_is_written_beside_a_divider_comes_on_a_line_of_its_own(at, caret, lines_then):
    document = divided()
    assert line_beside(document, at) == caret
    assert lines(document) == lines_then


def test_beside_an_image_one_writes_in_its_line():
    document = draft("")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(0, {"image": "sha256:ab"})
    assert line_beside(document, 1) == 1
    assert press_delete(document, 0) is None
