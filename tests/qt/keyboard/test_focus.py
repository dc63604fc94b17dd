"""Where the keyboard is, one sees, in a dialog of which a part is scrolled out of sight too."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cowrite.gui.dialogs.preferences_dialog import PreferencesDialog
from cowrite.gui.guide.page import GuideView
from cowrite.gui.history.earlier_page import EarlierPage
from cowrite.gui.look.theme import named
from cowrite.gui.widgets.dialog_parts import scrolling
from helpers.board_seat import BoardSeat
from helpers.called import the
from helpers.desk import Desk
from helpers.history_window import NoImages


@pytest.fixture
def preferences(desk: Desk) -> QDialog:
    """The preferences in a window too low for them."""
    draft = desk.new()
    draft.window.actions_["preferences"].trigger()
    (dialog,) = draft.window.findChildren(PreferencesDialog)
    dialog.resize(dialog.width(), 400)
    dialog.activateWindow()
    desk.until(dialog.isActiveWindow)
    return dialog


def height_seen() -> int:
    """Of what has the keyboard, in device-independent pixels."""
    here = QApplication.focusWidget()
    return here.visibleRegion().boundingRect().height()


def test_what_the_keyboard_comes_to_from_outside_of_what_is_scrolled_is_in_sight(preferences):
    name, close = the(preferences, QLineEdit, "Your name"), the(preferences, QPushButton, "Close")
    bar = preferences.findChild(QScrollArea).verticalScrollBar()
    close.setFocus()
    bar.setValue(bar.maximum())
    QTest.keyClick(close, Qt.Key.Key_Tab)
    assert name.hasFocus()
    assert height_seen() == name.height()
    QTest.keyClick(name, Qt.Key.Key_Backtab)
    assert close.hasFocus()
    QTest.keyClick(close, Qt.Key.Key_Backtab)
    assert height_seen() == QApplication.focusWidget().height()


@pytest.mark.parametrize("make", [
    lambda theme: BoardSeat().view.canvas,
    lambda theme: EarlierPage(theme, 1.0, NoImages()),
    GuideView,
], ids=["board", "history", "guide"])  # fmt: skip
def test_a_page_that_a_key_leads_to_has_a_ring_and_one_that_is_clicked_has_none(desk, qtbot, make):
    page = make(named("light"))
    qtbot.addWidget(page.window())
    page.window().show()
    page.activateWindow()
    desk.until(page.isActiveWindow)
    rings = []
    for reason in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason):
        page.clearFocus()
        page.setFocus(reason)
        rings.append(page.grab().toImage().pixelColor(0, page.height() // 2).name() == named("light").focus)
    assert rings == [False, True]


def test_where_one_has_scrolled_in_a_window_it_stays_when_one_comes_back(desk, qtbot):
    inside = QWidget()
    column = QVBoxLayout(inside)
    for _ in range(20):
        column.addWidget(QLineEdit())
    area, other = scrolling(inside, "Fields"), QLineEdit()
    for window in (area, other):
        qtbot.addWidget(window)
    area.resize(200, 200)
    area.show()
    area.activateWindow()
    first = column.itemAt(0).widget()
    first.setFocus()
    desk.until(first.hasFocus)
    bar = area.verticalScrollBar()
    bar.setValue(bar.maximum())
    other.show()
    other.activateWindow()
    desk.until(other.isActiveWindow)
    area.activateWindow()
    desk.until(first.hasFocus)
    assert bar.value() == bar.maximum() > 0


def test_what_is_clicked_where_one_sees_a_little_of_it_stays_under_the_pointer(desk, qtbot):
    inside, window, field = QWidget(), QWidget(), QLineEdit()
    column, rows = QVBoxLayout(inside), QVBoxLayout(window)
    buttons = [QPushButton("Press") for _ in range(20)]
    for button in buttons:
        column.addWidget(button)
    area = scrolling(inside, "Buttons")
    rows.addWidget(field)
    rows.addWidget(area)
    qtbot.addWidget(window)
    window.resize(200, 200)
    window.show()
    window.activateWindow()
    field.setFocus()
    desk.until(field.hasFocus)
    button, clicked = buttons[10], []
    button.clicked.connect(lambda: clicked.append(button))
    area.verticalScrollBar().setValue(button.y() - area.viewport().height() + 8)
    seen = button.visibleRegion().boundingRect()
    assert 0 < seen.height() < button.height()
    place = button.mapTo(window, seen.center())
    for act in (QTest.mousePress, QTest.mouseRelease):  # in the window, by which Qt knows what is held down
        act(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert button.hasFocus()
    assert clicked == [button]
