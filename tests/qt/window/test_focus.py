"""Focus: the page alone, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton

from cowrite.gui.ideas.idea_input import IdeaInput


def test_focus_shows_the_page_alone_and_everything_comes_back(draft, heard):
    window = draft.window

    def way_back() -> list[QToolButton]:
        return [each for each in window.findChildren(QToolButton) if each.text() == "Leave focus" and each.isVisible()]

    for by_key in (True, False):
        window.actions_["focus_mode"].trigger()
        assert not window.menuBar().isVisible()
        (button,) = way_back()
        if by_key:
            QTest.keyClick(draft.editor, Qt.Key.Key_Escape)
        else:
            button.click()
        assert window.menuBar().isVisible()
        assert not way_back()
    window.actions_["focus_mode"].trigger()
    offer = window.offer.ask()
    assert not any(part.isVisible() for part in (window.toolbar, window.people, window.menuBar(), offer))
    assert not any(offer.accessibleName() in said for said in heard)
    window.actions_["focus_mode"].trigger()
    assert all(part.isVisible() for part in (window.toolbar, window.people, window.menuBar(), offer))
    assert any(offer.accessibleName() in said for said in heard)
    heard.clear()
    window.actions_["show_assistant"].trigger()
    assert not offer.isVisible()  # the panel asks the same
    window.actions_["show_assistant"].trigger()
    assert offer.isVisible()
    assert not any(offer.accessibleName() in said for said in heard)
    window.actions_["view_board"].trigger()
    offer.findChild(QAbstractButton).setFocus()
    window.actions_["focus_mode"].trigger()
    assert not offer.isVisible()
    assert window.focusWidget().accessibleName() == "Board"
    window.actions_["focus_mode"].trigger()


def test_escape_leaves_focus_from_the_line_for_ideas_too(draft):
    window = draft.window
    window.activateWindow()
    window.actions_["view_ideas"].trigger()
    window.actions_["focus_mode"].trigger()
    line = window.findChild(IdeaInput)
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert not window.actions_["focus_mode"].isChecked()
    window.actions_["focus_mode"].trigger()
    QTest.keyClicks(line, "mint\r")
    QTest.qWait(0)
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is not line  # but in the list, where the key leads on
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not window.actions_["focus_mode"].isChecked()
