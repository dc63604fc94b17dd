"""Moving lines of a page up and down, with what is selected and the comments on them."""

from __future__ import annotations

from PySide6.QtCore import Qt

from cowrite.gui.page.line_moves import move_lines
from helpers.drafts import lines
from helpers.player import check_page
from helpers.seats import CTRL


def test_lines_that_are_moved_stay_selected(sit):
    seat = sit("one", ("two", {"list": "bullet"}), "three")
    seat.editor.set_caret(2, 6)
    move_lines(seat.editor, up=False)
    assert lines(seat.document) == ["three", "one", ("two", {"list": "bullet"})]
    assert seat.editor.caret() == (12, 8)
    move_lines(seat.editor, up=False)  # there is nothing below
    move_lines(seat.editor, up=True)
    assert seat.editor.caret() == (6, 2)
    seat.press(Qt.Key.Key_Z, CTRL)
    assert lines(seat.document) == ["three", "one", ("two", {"list": "bullet"})]
    seat.editor.setReadOnly(True)
    move_lines(seat.editor, up=True)
    assert lines(seat.document) == ["three", "one", ("two", {"list": "bullet"})]
    check_page(seat.editor, seat.document)


def test_a_row_of_a_table_is_moved_with_the_caret_in_it(sit):
    row = [(text, {"table": (text in "ab" and "1") or "2"}) for text in "abcd"]
    seat = sit("above", *row, "below")
    seat.editor.set_caret(8)
    move_lines(seat.editor, up=False)
    assert lines(seat.document) == ["above", *row[2:], *row[:2], "below"]
    assert seat.document.text()[seat.editor.caret()[0]] == "b"
    check_page(seat.editor, seat.document)
