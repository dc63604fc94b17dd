"""A list that begins with a number of its own keeps it while one writes in it, with the real keys of the page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from helpers.drafts import lines

ORDERED = {"list": "ordered"}
FIVE = {**ORDERED, "start": 5}


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace, "cut"])
@pytest.mark.parametrize(
    ("selected", "left"),
    [
        ((6, 11), ["words", ("six", FIVE), ("seven", ORDERED)]),
        ((5, 10), ["words", ("six", FIVE), ("seven", ORDERED)]),
        ((8, 13), ["words", ("fix", FIVE), ("seven", ORDERED)]),
        ((3, 13), ["worx", ("seven", FIVE)]),
    ],
)
def test_the_list_begins_with_its_number_when_its_first_item_is_deleted(sit, selected, left, key):
    before = ["words", ("five", FIVE), ("six", ORDERED), ("seven", ORDERED)]
    seat = sit(*before)
    seat.editor.set_caret(*selected)
    if key == "cut":
        seat.editor.cut()
    else:
        seat.press(key)
    assert lines(seat.document) == left
    seat.document.undo()
    assert lines(seat.document) == before


def test_backspace_before_the_first_item_leaves_its_number_to_the_next(sit):
    seat = sit("words", ("five", FIVE), ("six", ORDERED))
    seat.editor.set_caret(6)
    seat.press(Qt.Key.Key_Backspace)
    assert lines(seat.document) == ["words", "five", ("six", FIVE)]
    seat.press(Qt.Key.Key_Backspace)
    assert lines(seat.document) == ["wordsfive", ("six", FIVE)]
