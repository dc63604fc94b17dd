"""Views: tabs over one document, the commands of the Edit menu go to the one that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from cowrite.app.commands import brainstorm_table
from cowrite.app.draft.draft import Draft
from cowrite.gui.look.theme import named
from cowrite.gui.window.document_window import DocumentWindow
from cowrite.gui.window.views import View
from helpers.counting import counted
from helpers.desk import Desk, write


class Slate(View):
    """Writes down what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.asked: list[str] = []
        self.undoable = False

    def can_undo(self) -> bool:
        return self.undoable

    def undo(self) -> None:
        self.asked.append("undo")

    def copy(self) -> None:
        self.asked.append("copy")

    def open_find(self) -> None:
        self.asked.append("find")


@pytest.fixture
def made() -> list[Slate]:
    return []


@pytest.fixture
def draft(tmp_path: Path, qtbot: QtBot, made: list[Slate], monkeypatch: pytest.MonkeyPatch) -> Iterator[Draft]:
    """A draft with some words whose one other view is a Slate."""

    def make(draft: Draft) -> Slate:
        made.append(Slate())
        return made[-1]

    monkeypatch.setattr(brainstorm_table, "VIEWS", {"board": ("Board", "The notes", make)})
    desk = Desk(tmp_path / "home", qtbot)
    draft = desk.new()
    write(draft, "Some words")
    yield draft
    desk.leave()


@pytest.fixture
def window(draft: Draft) -> DocumentWindow:
    return draft.window


def test_a_view_is_made_when_its_tab_is_first_chosen_and_has_the_keyboard_then_and_a_bar_above_it_if_need_be(
    window, made, qtbot
):
    assert made == []
    window.views.show_view("board")
    (slate,) = made
    assert window.views.name == "board"
    assert slate.isVisible()
    qtbot.waitUntil(slate.hasFocus)
    window.views.show_view("draft")
    qtbot.waitUntil(window.editor.hasFocus)
    window.views.show_view("board")
    assert made == [slate]

    bar = Slate()
    window.views.set_bar(bar)
    assert bar.isVisible()
    assert window.views.head.isAncestorOf(bar)
    window.views.set_bar(None)
    assert not bar.isVisible()


def test_the_arrow_keys_go_from_tab_to_tab_and_show_each_view_and_the_keyboard_stays_there(window, made, qtbot):
    window.views.tabs.setFocus()
    gone_to = QSignalSpy(QApplication.instance().focusChanged)
    qtbot.keyClick(window.views.tabs, Qt.Key.Key_Right)
    assert window.views.name == "board"
    assert window.views.currentWidget() is made[0]
    assert window.focusWidget() is window.views.tabs
    qtbot.keyClick(window.views.tabs, Qt.Key.Key_Left)
    assert window.focusWidget() is window.views.tabs
    assert gone_to.count() == 0
    window.actions_["view_board"].trigger()
    assert window.focusWidget() is made[0]


def test_toolbar_and_commands_of_the_draft_are_there_with_the_draft_alone_also_in_another_theme(window):
    window.views.show_view("board")
    assert not window.toolbar.isVisible()
    assert not window.actions_["bold"].isEnabled()
    assert not window.actions_["where"].isEnabled()
    window.show_theme(named("dark"))
    offered = [name for name in ("bold", "divider", "heading_1", "replace") if window.actions_[name].isEnabled()]
    assert offered == []
    window.views.show_view("draft")
    assert window.toolbar.isVisible()
    assert all(window.actions_[id].isEnabled() for id in ("bold", "where", "copy_markdown", "open_link"))


def test_commands_of_the_edit_menu_go_to_the_view_that_is_shown(window, made, draft):
    window.views.show_view("board")
    (slate,) = made
    assert not window.actions_["undo"].isEnabled()
    slate.undoable = True
    slate.state_changed.emit()
    for name in ("undo", "copy", "find"):
        window.actions_[name].trigger()
    assert slate.asked == ["undo", "copy", "find"]
    assert draft.document.text() == "Some words\n"

    window.views.show_view("draft")
    window.actions_["undo"].trigger()
    assert slate.asked == ["undo", "copy", "find"]
    assert draft.document.text() == "\n"


def test_words_that_one_may_only_read_stay_in_their_field(window, made):
    window.views.show_view("board")
    field = QLineEdit("Bo decides", made[0])
    field.setReadOnly(True)
    field.show()
    field.setFocus()
    field.selectAll()
    QApplication.clipboard().setText("Ada does")
    for name in ("cut", "paste"):
        window.actions_[name].trigger()
        assert field.text() == "Bo decides", name


def test_a_view_that_is_made_late_looks_like_all_the_others(window, made):
    window.show_read_only("You may read only.")
    window.actions_["zoom_in"].trigger()
    window.views.show_view("board")
    (slate,) = made
    assert slate.read_only == "You may read only."
    assert slate.zoom == window.zoom > 1


def test_a_view_that_is_hidden_grows_when_it_is_shown_again_and_keeps_a_size_that_it_has(window, made, monkeypatch):
    window.views.show_view("board")
    sizes = counted(monkeypatch, made[0], "show_zoom")
    window.actions_["zoom_in"].trigger()
    window.views.show_view("draft")
    window.actions_["zoom_in"].trigger()
    window.actions_["zoom_in"].trigger()
    assert len(sizes) == 1
    for name in ("board", "draft", "board"):
        window.views.show_view(name)
    assert len(sizes) == 2
    assert made[0].zoom == window.zoom > 1


def test_a_window_stays_as_wide_as_it_is_where_a_view_and_a_panel_need_more_than_it_has(window, made, qtbot):
    panel = window.panels.make_assistant()
    window.actions_["show_assistant"].setChecked(True)
    window.resize(700, 600)
    qtbot.waitUntil(panel.isVisible)
    window.views.view("board").setMinimumWidth(600)
    window.views.show_view("board")
    qtbot.waitUntil(lambda: not panel.isVisible())
    assert window.width() == 700
    window.views.show_view("draft")
    qtbot.waitUntil(panel.isVisible)
    assert window.width() == 700
