"""The sides of a window: how they share its width with the page, and where the keyboard goes from them."""

from __future__ import annotations

from itertools import product

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget


def test_in_a_narrow_window_the_people_give_way_to_the_page_unless_they_are_asked_for(draft, qtbot):
    window, show_people = draft.window, draft.window.actions_["show_people"]
    window.resize(560, 600)
    qtbot.waitUntil(lambda: not window.people.isVisible())
    show_people.setChecked(False)
    show_people.setChecked(True)
    assert window.people.isVisible()
    window.resize(1000, 600)
    qtbot.waitUntil(window.people.isVisible)
    window.resize(560, 600)
    qtbot.waitUntil(lambda: not window.people.isVisible())


class Widths(QObject):
    """Notes how wide a page becomes: each time its text is laid out anew."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.of: list[int] = []
        self._last = page.width()
        page.installEventFilter(self)

    def eventFilter(self, page: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and page.width() != self._last:
            self._last = page.width()
            self.of.append(page.width())
        return False


def test_a_page_gets_its_width_once_where_one_side_takes_the_place_of_another(draft, qtbot):
    window = draft.window
    window.resize(1200, 800)
    window.actions_["show_comments"].setChecked(True)
    qtbot.waitUntil(lambda: draft.editor.width() < 700)
    assert window.people.isVisible()
    widths = Widths(draft.editor)
    window.actions_["show_headings"].setChecked(True)
    QApplication.processEvents()
    assert window.panels.headings.panel.isVisible()
    assert not window.people.isVisible()
    assert len(widths.of) == 1


def test_a_page_with_a_side_keeps_its_width_while_another_view_is_shown(draft, qtbot):
    window = draft.window
    window.resize(1000, 800)
    window.actions_["show_comments"].setChecked(True)
    qtbot.waitUntil(lambda: draft.editor.width() < 700)
    widths = Widths(draft.editor)
    window.views.show_view("ideas")
    QApplication.processEvents()
    assert not window.panels.comments.isVisible()
    window.views.show_view("draft")
    QApplication.processEvents()
    assert window.panels.comments.isVisible()
    assert widths.of == []


def test_of_more_sides_than_there_is_room_for_the_same_are_there_when_the_draft_comes_again(draft, qtbot):
    window = draft.window
    window.resize(1000, 800)
    for name in ("changes", "comments", "headings"):
        window.actions_[f"show_{name}"].setChecked(True)
    panels = window.panels
    qtbot.waitUntil(panels.headings.panel.isVisible)
    sides = [panels.comments, panels.changes, panels.headings.panel, window.people]
    shown = [side.isVisible() for side in sides]
    assert not all(shown)
    widths = Widths(draft.editor)
    window.views.show_view("ideas")
    QApplication.processEvents()
    assert not panels.headings.panel.isVisible()
    window.views.show_view("draft")
    QApplication.processEvents()
    assert [side.isVisible() for side in sides] == shown
    assert widths.of == []


def test_the_keyboard_goes_from_a_side_that_is_closed_to_the_page(draft):
    window = draft.window
    window.resize(1400, 800)
    for name in ("comments", "changes", "headings", "people"):
        show = window.actions_[f"show_{name}"]
        show.setChecked(True)
        side = window.people if name == "people" else getattr(window.panels, name)
        side = getattr(side, "panel", side)
        next(button for button in side.findChildren(QAbstractButton) if button.isVisible()).setFocus()
        assert not draft.editor.hasFocus(), name
        show.setChecked(False)
        assert draft.editor.hasFocus(), name


def test_escape_leads_from_a_side_to_the_view_beside_it(draft):
    window = draft.window
    window.resize(1400, 800)
    for view, name in product(("draft", "ideas"), ("people", "assistant")):
        window.actions_[f"view_{view}"].trigger()
        begun = window.focusWidget()
        assert begun.isVisible()
        window.actions_[f"show_{name}"].setChecked(True)
        side = window.people if name == "people" else window.panels.assistant
        button = next(button for button in side.findChildren(QAbstractButton) if button.isVisible())
        button.setFocus()
        assert window.focusWidget() is not begun
        QTest.keyClick(button, Qt.Key.Key_Escape)
        assert window.focusWidget() is begun, (view, name)
        window.actions_[f"show_{name}"].setChecked(False)
