"""The dialog with all keyboard shortcuts, and keys of one's own."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from cowrite.app.draft.draft import Draft
from cowrite.app.history.flow import show_history
from cowrite.gui.commands.action_specs import Key
from cowrite.gui.commands.menus import shortcuts, specs
from cowrite.gui.commands.own_keys import refusal, usable
from cowrite.gui.commands.shortcuts_dialog import KeyField, ShortcutsDialog
from cowrite.gui.guide.window import GuideWindow
from cowrite.gui.library.window import LibraryWindow
from cowrite.storage.settings import load_settings
from helpers.called import read_out
from helpers.desk import Desk

Held = Qt.KeyboardModifier

pytestmark = pytest.mark.usefixtures("qapp")  # without it Qt ends the process where it is asked for its keys


def opened(draft: Draft) -> ShortcutsDialog:
    draft.window.actions_["shortcuts"].trigger()
    return draft.window.findChildren(ShortcutsDialog)[-1]


def choose(dialog: ShortcutsDialog, name: str) -> None:
    """Chooses a command in the list, and goes on to the field for its key."""
    found = dialog.tree.findItems(name, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    (item,) = (each for each in found if isinstance(each, QTreeWidgetItem) and each.parent())
    dialog.tree.setCurrentItem(item)
    QTest.keyClick(dialog.tree, Qt.Key.Key_Return)


@pytest.fixture
def dialog(draft: Draft) -> ShortcutsDialog:
    return opened(draft)


def test_all_keys_stand_under_the_menus_of_their_commands(dialog: ShortcutsDialog) -> None:
    said = read_out(dialog.tree)
    edit, insert = said.index("Edit"), said.index("Insert")
    assert edit < said.index("Paste: Ctrl+V") < insert < said.index("Link: Ctrl+K") < said.index("Format")
    assert "Summarise: no key" in said
    assert said.index("File, Export") == said.index("Markdown: no key") - 1


def test_a_command_is_found_by_its_words_its_menu_and_its_keys(dialog: ShortcutsDialog) -> None:
    dialog.search.setText("ctrl+k")
    assert read_out(dialog.tree) == ["Insert", "Link: Ctrl+K"]
    dialog.search.setText("edit markdown")
    assert read_out(dialog.tree) == ["Edit", "Copy as Markdown: Ctrl+Shift+C"]
    dialog.search.setText("no such")
    assert dialog.message.text() == "Nothing has “no such” in its words or keys."


def test_no_command_is_cut_off_with_letters_that_are_twice_as_large(draft: Draft, qapp: QApplication) -> None:
    usual = qapp.font()
    large = QFont(usual)
    large.setPointSizeF(2 * usual.pointSizeF())
    try:
        qapp.setFont(large)
        dialog = opened(draft)
        tree = dialog.tree
        widest = max(tree.fontMetrics().horizontalAdvance(text.partition(":")[0]) for text in read_out(tree))
        assert tree.columnWidth(0) > widest
        dialog.reject()
    finally:
        qapp.setFont(usual)


def test_the_dialog_fits_a_small_screen_and_is_gone_through_by_keys(dialog: ShortcutsDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(dialog.isActiveWindow)
    assert dialog.height() <= 640
    dialog.tree.setFocus()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_PageDown)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_PageDown)
    assert dialog.tree.verticalScrollBar().value() > 0


def test_a_key_of_ones_own_does_the_command_in_every_window_and_after_a_restart(desk: Desk, draft: Draft) -> None:
    other = desk.new()
    dialog = opened(draft)
    choose(dialog, "Divider")
    QTest.keyClick(dialog.field, Qt.Key.Key_F4)
    assert dialog.message.text() == "“Divider” has F4 and Ctrl+Shift+D now."
    assert "Divider: F4, Ctrl+Shift+D, your own" in read_out(dialog.tree)
    dialog.reject()
    for window in (draft.window, other.window):
        assert window.actions_["divider"].toolTip().startswith("Divider (F4)")
    other.window.activateWindow()
    desk.until(other.window.isActiveWindow)
    QTest.keyClick(other.editor, Qt.Key.Key_F4)
    assert any(span.embed for span in other.document.spans())
    desk.until(lambda: json.loads(desk.paths.settings.read_text()).get("keys") == {"divider": "F4"})


def test_a_key_that_another_command_has_changes_hands_when_one_says_so(
    dialog: ShortcutsDialog, draft: Draft, qtbot: QtBot
) -> None:
    choose(dialog, "Centre")
    QTest.keyClick(dialog.field, Qt.Key.Key_E, Held.ControlModifier)
    assert dialog.message.text() == "Ctrl+E is for “Inline code”."
    assert draft.window.actions_.own_keys == {}
    dialog.take.click()
    assert {"Centre: Ctrl+E, Ctrl+Shift+E, your own", "Inline code: no key"} <= set(read_out(dialog.tree))
    dialog.reject()
    draft.window.activateWindow()
    qtbot.waitUntil(draft.window.isActiveWindow)
    QTest.keyClick(draft.editor, Qt.Key.Key_E, Held.ControlModifier)
    qtbot.waitUntil(draft.window.actions_["align_center"].isChecked)
    assert not draft.window.actions_["code"].isChecked()
    again = opened(draft)
    choose(again, "Centre")
    again.usual.click()
    assert {"Centre: Ctrl+Shift+E", "Inline code: Ctrl+E"} <= set(read_out(again.tree))


def test_all_usual_keys_come_back_at_once(dialog: ShortcutsDialog, draft: Draft) -> None:
    before = read_out(dialog.tree)
    for name, key in (("Divider", Qt.Key.Key_F6), ("Summarise", Qt.Key.Key_F12)):
        choose(dialog, name)
        QTest.keyClick(dialog.field, key, Held.ControlModifier)
    assert draft.window.actions_.own_keys == {"divider": "Ctrl+F6", "summarise": "Ctrl+F12"}
    dialog.all_usual.click()
    assert read_out(dialog.tree) == before
    assert draft.window.actions_.own_keys == {}


@pytest.mark.parametrize(
    ("key", "why_not"),
    [
        ("X", "X is for writing"),
        ("Shift+X", "is for writing"),
        ("Ctrl+C", "Ctrl+C is for “Copy”, which keeps it."),
        ("F8", "F8 is for “Focus”, which keeps it."),
        ("Ctrl+2", "Ctrl+2 is for “Board”, which keeps it."),
        ("Ctrl+Shift+H", "Ctrl+Shift+H is for “History”, which keeps it."),
        ("Ctrl+Left", "means something wherever you write"),
        ("Ctrl+Return", "Ctrl+Return is for “Page break”, which keeps it."),
        ("Alt+F", "opens a menu"),
        ("Ctrl+Shift+*", "another key on other keyboards"),
        ("Ctrl+Alt+Shift+T", ""),
        ("Ctrl+E", ""),
        ("F4", ""),
    ],
)
def test_a_key_that_cannot_be_given_says_why(key: str, why_not: str) -> None:
    said = refusal(QKeySequence(key), "text_color", {})
    assert why_not in said
    assert bool(said) == bool(why_not)


def test_escape_and_tab_leave_the_field_for_a_key(dialog: ShortcutsDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(dialog.isActiveWindow)
    choose(dialog, "Divider")
    assert dialog.field.hasFocus()
    QTest.keyClick(dialog.field, Qt.Key.Key_Tab)
    assert not dialog.field.hasFocus()
    dialog.field.setFocus()
    QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize("key", [0, Qt.Key.Key_Control, Qt.Key.Key_unknown])
@pytest.mark.parametrize("held", [Held.NoModifier, Held.ControlModifier])
def test_what_is_no_key_or_one_that_no_program_knows_is_not_taken(key: int, held: Held, qtbot: QtBot) -> None:
    taken: list[QKeySequence] = []
    field = KeyField()
    qtbot.addWidget(field)
    field.pressed.connect(taken.append)
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, key, held))
    assert (taken, field.text()) == ([], "")


def test_stored_keys_that_cannot_hold_are_left_out() -> None:
    stored = {"divider": "F4", "no_such": "F5", "table": "Ctrl+C", "image": "nonsense", "code": 5, "title": "Ctrl+K, X"}
    assert usable(stored) == {"divider": "F4"}


def test_keys_that_do_not_hold_here_are_kept_when_another_is_chosen(desk: Desk, draft: Draft) -> None:
    stored = {"no_such": "F5", "table": "Ctrl+C", "image": "Ctrl+V", "divider": "F4", "title": "F12"}
    desk.application.choices.set_keys(stored)
    assert draft.window.actions_.own_keys == {"divider": "F4", "title": "F12"}
    dialog = opened(draft)
    choose(dialog, "Title")
    dialog.usual.click()
    choose(dialog, "Divider")
    QTest.keyClick(dialog.field, Qt.Key.Key_F6, Held.ControlModifier)
    choose(dialog, "Image")
    QTest.keyClick(dialog.field, Qt.Key.Key_F6, Held.AltModifier)
    wanted = {"no_such": "F5", "table": "Ctrl+C", "divider": "Ctrl+F6", "image": "Alt+F6"}
    desk.until(lambda: load_settings(desk.paths.settings).settings.keys == wanted)


def test_the_windows_of_library_history_and_guide_have_the_keys_of_the_person_and_name_them(
    desk: Desk, draft: Draft
) -> None:
    desk.application.choices.set_keys({"join": "Ctrl+F9"})
    draft.window.actions_["library"].trigger()
    draft.window.actions_["guide"].trigger()
    library, guide = (
        next(each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible())
        for kind in (LibraryWindow, GuideWindow)
    )
    history = show_history(draft, lambda: None)

    def tips(window: QWidget) -> str:
        return "\n".join(each.toolTip() for each in window.findChildren(QWidget))

    assert "Write in somebody’s document (Ctrl+F9)" in tips(library)
    desk.application.choices.set_keys({"divider": "Ctrl+J", "find": "Ctrl+Alt+F8", "copy": "Ctrl+Alt+F9"})
    assert "Write in somebody’s document\n" in tips(library)
    assert "Find in all documents (Ctrl+Alt+F8)" in tips(library)
    assert "Find in the guide (Ctrl+Alt+F8)" in tips(guide)
    assert "or all of it (Ctrl+Alt+F9)" in tips(history)
    asked: list[str] = []
    library.join_requested.disconnect()
    library.join_requested.connect(lambda: asked.append("join"))
    guide.activateWindow()
    desk.until(guide.isActiveWindow)
    QTest.keyClick(guide, Qt.Key.Key_F8, Held.ControlModifier | Held.AltModifier)
    assert guide.search.hasFocus()
    library.activateWindow()
    desk.until(library.isActiveWindow)
    QTest.keyClick(library, Qt.Key.Key_J, Held.ControlModifier)
    assert asked == []
    for window in (history, guide, library):
        window.close()


def test_every_usual_key_is_of_one_command_only() -> None:
    keys = [(key.toString(), spec.id) for spec in specs() for key in shortcuts(spec)]
    assert len({key for key, _ in keys}) == len(keys)
    assert Key.Copy in next(spec.keys for spec in specs() if spec.id == "copy")
