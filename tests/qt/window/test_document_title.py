"""A document's title beside the tabs of its views: it is seen there, and changed there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from cowrite.app.draft.draft import Draft
from cowrite.gui.window.document_title import DocumentTitle
from helpers.desk import Desk, write

Key = Qt.Key


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    draft.window.activateWindow()
    desk.until(draft.window.isActiveWindow)
    return draft


def begin(title: DocumentTitle) -> QLineEdit:
    """Presses the title; the field that comes in its place."""
    title.button.click()
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    return field


def test_a_title_is_changed_where_it_stands_and_the_keyboard_goes_back_to_the_page(draft: Draft) -> None:
    title = draft.window.views.title
    assert title.button.text() == "A draft"
    assert draft.window.views.head.height() == draft.window.views.tabs.height()
    QTest.keyClicks(begin(title), "Salt & pepper")
    assert draft.window.views.head.height() == draft.window.views.tabs.height()
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert draft.title == "Salt & pepper"
    assert title.button.text() == "Salt && pepper"
    assert QApplication.focusWidget() is draft.editor
    QTest.keyClicks(begin(title), "no")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Escape)
    assert QApplication.focusWidget() is draft.editor
    QTest.keyClicks(begin(title), "Herbs")
    draft.editor.setFocus()  # whoever goes elsewhere is done
    assert draft.title == "Herbs"
    assert title.button.isVisible()


def test_a_title_that_is_only_looked_at_goes_on_following_the_first_words(draft: Draft, desk: Desk) -> None:
    write(draft, "Herbs")
    desk.until(lambda: draft.window.views.title.button.text() == "Herbs")
    QTest.keyClick(begin(draft.window.views.title), Key.Key_Return)
    field = begin(draft.window.views.title)
    field.clear()
    QTest.keyClick(field, Key.Key_Return)
    assert (draft.title, draft.document.meta.title) == ("Herbs", "")


def test_tabs_keep_their_room_where_there_is_none_for_the_title_as_well(draft: Draft, desk: Desk) -> None:
    window, views = draft.window, draft.window.views
    draft.rename("A title that is longer than any window " * 9)
    for width, is_seen in ((900, True), (400, False), (900, True)):
        window.resize(width, 600)
        desk.until(lambda is_seen=is_seen: views.title.isVisible() == is_seen)
        desk.until(lambda: views.tabs.width() >= min(views.tabs.sizeHint().width(), views.head.width() - 8))
    assert views.title.button.width() <= window.width() - views.tabs.width()


def test_a_title_that_a_teammate_gives_meanwhile_stays_where_nothing_else_was_typed(draft: Draft) -> None:
    title = draft.window.views.title
    begin(title)
    draft.document.meta.set_title("Herbs")
    assert title.button.text() == "Herbs"
    draft.editor.setFocus()
    assert draft.title == "Herbs"


def test_a_title_is_pasted_from_the_menu_of_its_field(draft: Draft) -> None:
    QApplication.clipboard().setText("Herbs")
    field = begin(draft.window.views.title)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), field.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(field, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()
    assert QApplication.focusWidget() is field
    field.paste()
    QTest.keyClick(field, Key.Key_Return)
    assert draft.title == "Herbs"


def test_a_title_that_is_being_typed_is_there_when_the_window_has_closed(draft: Draft, desk: Desk) -> None:
    QTest.keyClicks(begin(draft.window.views.title), "Herbs")
    path = draft.path
    assert draft.window.close()
    assert desk.open(path).title == "Herbs"
