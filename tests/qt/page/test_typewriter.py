"""Typewriter scrolling: the line in which one writes stands in the middle of the view."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest

from cowrite.gui.look.theme import named
from helpers.desk import Desk
from helpers.seats import CTRL, Seat, Teammate

Key = Qt.Key


def off(seat: Seat) -> int:
    """By how many pixels the line with the caret stands below the middle."""
    return seat.editor.cursorRect().center().y() - seat.editor.viewport().height() // 2


def scroll(seat: Seat, notches: int) -> None:
    at, nowhere = QPointF(50, 50), QPoint()
    where, phase = seat.editor.viewport().mapToGlobal(at), Qt.ScrollPhase.NoScrollPhase
    none, held = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(at, where, nowhere, QPoint(0, -120 * notches), none, held, phase, False)
    QCoreApplication.sendEvent(seat.editor.viewport(), event)


def written(sit, lines: int) -> Seat:
    """Somebody who writes at the end of some lines, as on a typewriter."""
    seat = sit("a line\n" * lines + "end")
    seat.editor.typewriter.switch(True)
    seat.press(Key.Key_End, CTRL)
    return seat


@pytest.mark.parametrize("lines", [0, 9, 300])
def test_what_is_written_stays_in_the_middle_however_much_is_there(sit, lines):
    seat = written(sit, lines)
    for text in (" more", "\n", "a word " * 30, "\n\n\n# A title", "\n- item"):
        seat.type(text)
        assert off(seat) == 0
    seat.press(Key.Key_Z, CTRL)
    seat.commit("字")
    assert off(seat) == 0
    for key, held in ((Key.Key_Home, CTRL), (Key.Key_Down, Qt.KeyboardModifier.NoModifier), (Key.Key_End, CTRL)):
        seat.press(key, held)
        assert off(seat) == 0


def test_an_empty_page_has_nothing_to_scroll_and_a_short_one_hardly_anything(sit):
    seat = written(sit, 0)
    bar = seat.editor.verticalScrollBar()
    seat.press(Key.Key_A, CTRL)
    seat.press(Key.Key_Delete)
    assert (bar.minimum(), off(seat)) == (bar.maximum(), 0)
    seat.type("x")
    assert off(seat) == 0
    assert 0 < bar.maximum() - bar.minimum() < 2 * seat.editor.cursorRect().height()


def test_nothing_moves_for_whoever_reads_until_a_key_goes_or_writes_somewhere(sit):
    seat = written(sit, 300)
    scroll(seat, -10)
    at = seat.editor.verticalScrollBar().value()
    assert off(seat) > 0
    for key, held in ((Key.Key_Control, CTRL), (Key.Key_C, CTRL), (Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier)):
        seat.press(key, held)
    Teammate(seat).insert(0, "new\n")
    scroll(seat, 0)
    QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    seat.editor.setReadOnly(True)
    seat.press(Key.Key_Left)
    seat.editor.setReadOnly(False)
    line = seat.editor.cursorRect().height()
    assert abs(seat.editor.verticalScrollBar().value() - at) < 3 * line
    assert off(seat) < -line
    seat.type("x")
    assert off(seat) == 0


def test_whoever_selects_with_the_mouse_is_not_led_away_by_what_a_teammate_writes(sit):
    seat = written(sit, 300)
    QTest.mousePress(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 60))
    at = seat.place(seat.editor.caret()[1]).y()
    Teammate(seat).insert(0, "new\n")
    # Lines may be so many pixels and a part of one high, and the page scrolls by whole ones.
    assert abs(seat.place(seat.editor.caret()[1]).y() - at) <= 1
    QTest.mouseRelease(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 60))


def test_the_line_stays_in_the_middle_when_the_view_or_the_text_above_becomes_larger(sit):
    seat = written(sit, 300)
    Teammate(seat).insert(seat.document.length - 20, "new\nand new\n")
    assert off(seat) == 0
    for height in (300, 800):
        seat.editor.resize(600, height)
        assert off(seat) == 0
    seat.editor.show_theme(named("dark"), 1.5)
    assert abs(off(seat)) <= 1


def test_switched_off_the_page_scrolls_as_before(sit):
    seat = sit("a line\n" * 300)
    bar = seat.editor.verticalScrollBar()
    seat.type("x")
    usual = bar.minimum(), bar.maximum()
    seat.editor.typewriter.switch(True)
    assert bar.minimum() < 0
    seat.editor.typewriter.switch(False)
    assert (bar.minimum(), bar.maximum()) == usual
    seat.press(Key.Key_Home, CTRL)
    at = bar.value()
    seat.press(Key.Key_Down, times=3)
    assert bar.value() == at


def test_typewriter_scrolling_is_chosen_for_every_window_and_kept_for_the_next_start(desk: Desk, tmp_path, qtbot):
    one, other = desk.new(), desk.new()
    one.window.actions_["typewriter"].trigger()
    assert other.window.actions_["typewriter"].isChecked()
    assert one.editor.typewriter.is_on
    assert other.editor.typewriter.is_on
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    new = again.new()
    assert new.editor.typewriter.is_on
    again.until(lambda: new.editor.cursorRect().center().y() == new.editor.viewport().height() // 2)
    again.leave()
