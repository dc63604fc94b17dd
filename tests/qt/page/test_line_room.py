"""The line in which somebody writes has room around it in the view of a long page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from helpers.drafts import draft
from helpers.seats import CTRL, Seat


@pytest.fixture
def seat(sit_at) -> Seat:
    """A page whose text is longer than its view."""
    return sit_at(draft("\n".join(f"Line {number}" for number in range(40))), height=300)


def below(seat: Seat) -> int:
    """How much of the view is below the caret."""
    return seat.editor.viewport().height() - seat.editor.cursorRect().bottom()


def test_who_writes_at_the_end_does_not_write_at_the_edge(seat):
    seat.press(Qt.Key.Key_End, CTRL)
    line = seat.editor.cursorRect().height()
    assert below(seat) >= line
    for _ in range(5):
        seat.type("\nmore")
        assert below(seat) >= line
    seat.compose("字")
    seat.commit("字")
    assert below(seat) >= line


def test_who_goes_to_the_beginning_sees_where_the_page_begins(seat):
    seat.press(Qt.Key.Key_End, CTRL)
    assert seat.editor.verticalScrollBar().value() > 0
    seat.press(Qt.Key.Key_Home, CTRL)
    assert seat.editor.verticalScrollBar().value() == 0


def test_who_goes_up_sees_the_line_above(seat):
    seat.press(Qt.Key.Key_End, CTRL)
    for _ in range(20):
        seat.press(Qt.Key.Key_Up)
        rect = seat.editor.cursorRect()
        assert rect.top() >= rect.height()


def test_a_click_brings_the_line_into_sight_and_makes_no_room(seat):
    view, bar = seat.editor.viewport(), seat.editor.verticalScrollBar()
    bar.setValue(100)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 2, view.height() - 3))
    assert below(seat) < seat.editor.cursorRect().height()


def test_with_typewriter_scrolling_the_line_stays_in_the_middle(seat):
    seat.editor.typewriter.switch(on=True)
    seat.press(Qt.Key.Key_End, CTRL)
    assert abs(seat.editor.cursorRect().center().y() - seat.editor.viewport().height() // 2) <= 1
