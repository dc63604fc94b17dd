"""The headings beside a page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from cowrite.app.draft.draft import Draft
from cowrite.core.text.origin import Origin
from helpers.desk import Desk, texts, write

SIX = "# Plan\nwords\n## Now\nwords\n### Today\nwords\n## Later\nwords"


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    write(draft, SIX)
    return draft


@pytest.fixture
def tree(draft: Draft) -> QTreeWidget:
    """What is shown once the panel is asked for."""
    draft.window.actions_["show_headings"].setChecked(True)
    found = draft.window.findChild(QTreeWidget, "headings")
    assert found is not None
    return found


def shown(item: QTreeWidgetItem) -> list[tuple[str, list]]:
    children = [item.child(number) for number in range(item.childCount())]
    return [(each.text(0), shown(each)) for each in children]


def caret_line(draft: Draft) -> str:
    return draft.editor.textCursor().block().text()


def test_headings_stand_below_those_of_a_higher_rank_and_come_and_go_with_the_style(draft, tree, desk):
    assert shown(tree.invisibleRootItem()) == [("Plan", [("Now", [("Today", [])]), ("Later", [])])]
    write(draft, "\n# Another")
    desk.until(lambda: [each for each, _ in shown(tree.invisibleRootItem())] == ["Plan", "Another"])
    draft.window.actions_["paragraph"].trigger()
    desk.until(lambda: [each for each, _ in shown(tree.invisibleRootItem())] == ["Plan"])


def test_the_heading_under_which_one_writes_is_marked(draft, tree, desk):
    desk.until(lambda: tree.currentItem() is not None and tree.currentItem().text(0) == "Later")
    draft.editor.set_caret(draft.document.text().index("Today"))
    assert tree.currentItem().text(0) == "Today"
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "before\n")
    draft.editor.set_caret(0)
    desk.until(lambda: tree.currentItem() is None)


def test_one_goes_to_a_heading_by_click_and_by_key(draft, tree):
    draft.window.resize(900, 420)
    later = tree.topLevelItem(0).child(1)
    for by_key in (False, True):
        draft.editor.set_caret(0)
        draft.editor.verticalScrollBar().setValue(0)
        tree.setFocus()
        if by_key:
            tree.setCurrentItem(later)
            QTest.keyClick(tree, Qt.Key.Key_Return)
        else:
            QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(later).center())
        assert caret_line(draft) == "Later"
        assert draft.editor.hasFocus() or draft.window.focusWidget() is draft.editor
        assert draft.editor.viewport().rect().contains(draft.editor.cursorRect())


def test_a_heading_that_a_teammate_has_moved_just_now_is_found_and_one_that_has_gone_is_not_gone_to(draft, tree):
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "Later\nmore before\n")
    today = tree.topLevelItem(0).child(0).child(0)
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(today).center())
    assert caret_line(draft) == "Today"

    start, length = draft.document.text().rindex("Later"), len("Later")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.delete(start, length)
    draft.editor.set_caret(0)
    later = tree.topLevelItem(0).child(1)
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(later).center())
    assert draft.editor.caret()[0] <= draft.document.length


def test_who_looks_through_the_headings_keeps_the_place_when_a_teammate_changes_some(draft, tree, desk):
    with draft.document.edit(Origin.LOCAL) as edit:
        for number in range(60):
            edit.insert(0, f"Part {number}")
            edit.insert(len(f"Part {number}"), "\n", {"header": 1})
    desk.until(lambda: tree.topLevelItemCount() == 61)
    draft.window.activateWindow()
    tree.setFocus()
    desk.until(tree.hasFocus)
    tree.setCurrentItem(tree.topLevelItem(50))
    top, chosen = tree.verticalScrollBar().value(), tree.currentItem().text(0)
    assert top
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "New ")
    desk.until(lambda: tree.topLevelItem(0).text(0).startswith("New"))
    assert (tree.verticalScrollBar().value(), tree.currentItem().text(0)) == (top, chosen)


def test_without_headings_it_says_how_to_make_one(desk):
    draft = desk.new()
    draft.window.actions_["show_headings"].setChecked(True)
    panel = draft.window.panels.headings.panel
    assert any("No line is a heading yet" in text for text in texts(panel))
    panel._close.click()
    assert not draft.window.actions_["show_headings"].isChecked()
    assert panel.isHidden()


def test_headings_go_with_the_text_and_whoever_asks_for_them_in_another_view_is_brought_to_it(draft, tree, desk):
    panel = draft.window.panels.headings.panel
    draft.window.actions_["view_board"].trigger()
    assert panel.isHidden()
    draft.window.actions_["view_draft"].trigger()
    assert not panel.isHidden()
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Escape)
    assert draft.window.focusWidget() is draft.editor
    for is_on in (True, False):
        draft.window.actions_["show_headings"].setChecked(is_on)
        draft.window.views.show_view("board")
        assert not tree.isVisible()
        draft.window.actions_["show_headings"].trigger()
        assert draft.window.views.name == "draft"
        desk.until(tree.isVisible)


def test_it_is_seen_that_the_headings_have_the_keyboard(draft, tree, desk):
    draft.window.activateWindow()
    desk.until(lambda: draft.window.isActiveWindow() and tree.isVisible() and tree.topLevelItemCount())
    tree.setCurrentItem(tree.topLevelItem(0))
    draft.editor.setFocus()
    without = tree.viewport().grab().toImage()
    tree.setFocus()
    assert tree.viewport().grab().toImage() != without


def test_whoever_asks_for_the_headings_has_the_keyboard_there_and_then_on_the_page_again(draft, desk):
    draft.window.activateWindow()
    desk.until(draft.window.isActiveWindow)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    for _ in range(2):
        draft.editor.setFocus()
        QTest.keyClick(draft.editor, Qt.Key.Key_O, held)
        tree = draft.window.focusWidget()
        assert tree is draft.window.findChild(QTreeWidget, "headings")
        desk.until(lambda tree=tree: tree.currentItem() is not None and tree.currentItem().text(0) == "Later")
        QTest.keyClick(tree, Qt.Key.Key_O, held)
        assert draft.window.focusWidget() is draft.editor
