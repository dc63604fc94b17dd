"""Moving about on the board, and the bar above it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPinchGesture

from helpers.board_seat import CTRL, MIDDLE, NO_KEYS, SHIFT, BoardSeat, note, places

Key = Qt.Key


def wheel(seat: BoardSeat, at: QPoint, notches: int, modifiers: Qt.KeyboardModifier) -> None:
    where = QPointF(seat.canvas.viewport().mapToGlobal(at))
    event = QWheelEvent(
        QPointF(at), where, QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(seat.canvas.viewport(), event)


@pytest.mark.parametrize("how", ["middle button", "space"])
def test_the_board_is_panned_by_dragging(three, how):
    before = three.at(0, 0)
    if how == "space":
        QTest.keyPress(three.canvas, Key.Key_Space)
        three.drag(QPoint(300, 300), QPoint(250, 320))
        QTest.keyRelease(three.canvas, Key.Key_Space)
    else:
        three.drag(QPoint(300, 300), QPoint(250, 320), button=MIDDLE)
    assert three.at(0, 0) == before + QPoint(-50, 20)
    assert places(three, "one") == [(0, 0)]


def test_the_wheel_pans_and_with_ctrl_zooms_where_the_mouse_is(three):
    before = three.at(0, 0)
    wheel(three, QPoint(200, 100), 1, NO_KEYS)
    assert three.at(0, 0) == before + QPoint(0, 60)
    held = three.canvas.mapToScene(QPoint(200, 100))
    wheel(three, QPoint(200, 100), 1, CTRL)
    assert three.canvas.zoom == pytest.approx(1.2)
    now = three.canvas.mapToScene(QPoint(200, 100))
    assert (now - held).manhattanLength() < 2


def test_pinching_zooms_and_pans(three):
    held = three.canvas.mapToScene(QPoint(300, 200))
    pinch = QPinchGesture()
    at = QPointF(three.canvas.viewport().mapToGlobal(QPoint(300, 200)))
    pinch.setLastCenterPoint(at)
    pinch.setCenterPoint(at + QPointF(40, 30))
    pinch.setScaleFactor(1.5)
    three.canvas.pinch(pinch)
    assert three.canvas.zoom == pytest.approx(1.5)
    assert (three.canvas.mapToScene(QPoint(340, 230)) - held).manhattanLength() < 2


def test_the_bar_has_a_button_for_what_one_does_most(three):
    bar = three.view.bar
    buttons = {button.toolTip().split(" (")[0]: button for button in bar.findChildren(QAbstractButton)}
    buttons["Show the board larger"].click()
    assert three.canvas.zoom == pytest.approx(1.25)
    assert bar.zoom.text() == "125 %"
    buttons["Show the board smaller"].click()
    buttons["Show the board smaller"].click()
    assert bar.zoom.text() == "80 %"
    buttons["Show all"].click()
    assert three.canvas.viewport().rect().contains(three.middle("three"))
    bar.note.click()
    three.type("from the bar")
    three.press(Key.Key_Escape)
    assert "from the bar" in three.texts()
    bar.frame.click()
    three.press(Key.Key_Escape)
    assert len(three.brainstorm.board.frames()) == 1
    three.view.show_read_only("You may read this document but not change it.")
    assert not bar.note.isEnabled()


def test_shift_1_shows_all_and_shift_2_the_selection(three):
    three.add(note("far", 5000, 3000))
    three.press(Key.Key_Exclam, SHIFT)
    assert three.canvas.zoom < 0.3
    room = three.canvas.viewport().rect()
    assert all(room.contains(three.middle(text)) for text in three.texts())
    three.select("far")
    three.press(Key.Key_2, SHIFT)
    assert three.canvas.zoom == 1.0
    assert (three.middle("far") - room.center()).manhattanLength() < 4


def test_the_view_menu_zooms_the_board(three):
    three.view.show_zoom(2.0)
    assert three.canvas.zoom == 2.0


def test_arrow_keys_pan_where_nothing_is_selected(three):
    before = three.at(0, 0)
    three.press(Key.Key_Right)
    assert three.at(0, 0) == before - QPoint(80, 0)
