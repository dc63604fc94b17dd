"""Names of versions in the window of a document's history: said, gone through, given and taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cowrite.gui.history.moment_words import RowName, told
from cowrite.gui.history.moments_list import PLACE_ROLE
from cowrite.gui.history.name_dialog import NameDialog
from cowrite.gui.history.window import HistoryWindow
from cowrite.gui.look.theme import named
from helpers.history_window import ADA, NOW, ROWS, history_window, named_rows, row
from helpers.mnemonics import doubled


@pytest.fixture(params=["light", "dark"])
def window(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[HistoryWindow]:
    yield from history_window(named(request.param), qtbot)


def test_a_name_is_said_before_all_else_with_who_gave_it_and_when(window: HistoryWindow) -> None:
    rows = named_rows("<b>Sent</b>")
    assert told(rows[1], NOW).startswith("“<b>Sent</b>”, named by Ben today at ")
    assert "named" not in told(rows[0], NOW)
    window.show_moments(rows, NOW)
    window.show_at(1)
    shown = [each.accessibleName() for each in window.findChildren(QLabel)]
    assert "“<b>Sent</b>”" in shown
    assert any("named by Ben today at " in each for each in shown)
    assert window.foot.slider.accessibleDescription().startswith("“<b>Sent</b>”")
    index = window.side.moments.currentIndex()
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == told(rows[1], NOW)
    assert window.side.moments.sizeHintForIndex(index).height() > window.side.moments.sizeHintForRow(1)


def test_the_list_is_narrowed_to_named_versions_and_gone_through_by_keys(window: HistoryWindow, qtbot: QtBot) -> None:
    assert not window.side.only_named.isVisible()  # there are none
    rows = (*named_rows(), replace(row(1, ADA), name=RowName("Final", ADA, NOW)))
    window.show_moments(rows, NOW)
    window.show_at(3)
    QTest.mouseClick(
        window.side.only_named, Qt.MouseButton.LeftButton, pos=QPoint(8, window.side.only_named.height() // 2)
    )
    model = window.side.moments.model()
    places = [model.index(line, 0).data(PLACE_ROLE) for line in range(model.rowCount())]
    assert places == [-1, 3, 1]
    assert window.side.moments.currentIndex().data(PLACE_ROLE) == 3
    with qtbot.waitSignal(window.moment_wanted) as wanted:
        QTest.keyClick(window.side.moments, Qt.Key.Key_Down)
    assert wanted.args == [1]
    window.show_at(2)  # which is not listed
    assert not window.side.moments.currentIndex().isValid()
    with qtbot.waitSignal(window.moment_wanted) as wanted:
        QTest.keyClick(window.side.moments, Qt.Key.Key_Down)
    assert wanted.args == [3]
    window.show_moments(ROWS, NOW)  # the names are gone
    assert window.side.moments.model().rowCount() == 5
    assert not window.side.only_named.isVisible()


def test_arrows_with_ctrl_go_from_one_named_version_to_the_next(window: HistoryWindow, qtbot: QtBot) -> None:
    rows = (*named_rows(), replace(row(1, ADA), name=RowName("Final", ADA, NOW)))
    window.show_moments(rows, NOW)
    for part in (window.page, window.foot.slider, window.side.moments):
        for at, which, wanted in ((0, Qt.Key.Key_Right, 1), (1, Qt.Key.Key_Right, 3), (3, Qt.Key.Key_Left, 1)):
            window.show_at(at)
            with qtbot.waitSignal(window.moment_wanted) as told_:
                QTest.keyClick(part, which, Qt.KeyboardModifier.ControlModifier)
            assert told_.args == [wanted], part
        for at, which in ((3, Qt.Key.Key_Right), (1, Qt.Key.Key_Left)):
            window.show_at(at)
            with qtbot.assertNotEmitted(window.moment_wanted):
                QTest.keyClick(part, which, Qt.KeyboardModifier.ControlModifier)


def test_what_can_be_done_about_a_name_is_offered_with_the_reason_where_it_cannot(
    window: HistoryWindow, qtbot: QtBot
) -> None:
    window.allow_naming("", renames=True)
    assert (window.head.name.text(), window.head.name.accessibleName()) == ("Rename…", "Rename")
    with qtbot.waitSignal(window.head.name.clicked):
        window.head.name.click()
    window.allow_naming("You are offline.", renames=False)
    assert (window.head.name.text(), window.head.name.isEnabled()) == ("Name…", False)
    assert window.head.name.toolTip() == window.head.name.accessibleDescription() == "You are offline."
    with qtbot.waitSignal(window.head.since.toggled) as wanted:
        window.head.since.click()
    assert wanted.args == [True]
    window.show_compared("", "“Sent to Ben”, today at 14:00")
    assert window.head.when.accessibleName() == "Since “Sent to Ben”, today at 14:00"
    assert window.head.since.isChecked()
    window.show_compared("")
    assert not window.head.since.isChecked()


def test_the_dialog_gives_a_name_and_stays_until_that_is_done(qtbot: QtBot) -> None:
    dialog = NameDialog("", "It stands for now.")
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.give.isEnabled()
    assert not dialog.take.isVisible()
    assert doubled(["&Name of the version", dialog.give.text(), dialog.take.text()]) == []
    QTest.keyClicks(dialog.name, "  Sent ")
    with qtbot.waitSignal(dialog.name_wanted) as wanted:
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert wanted.args == ["Sent"]
    assert dialog.isVisible()
    assert not dialog.give.isEnabled()
    dialog.show_problem("You are offline.")
    assert dialog.message.isVisible()
    assert dialog.give.isEnabled()
    QTest.keyClicks(dialog.name, "!")
    assert not dialog.message.isVisible()
    again = NameDialog("Sent", "It stands for then.")
    qtbot.addWidget(again)
    again.show()
    assert not again.give.isEnabled()  # it is called so already
    with qtbot.waitSignal(again.name_wanted) as wanted:
        again.take.click()
    assert wanted.args == [""]
