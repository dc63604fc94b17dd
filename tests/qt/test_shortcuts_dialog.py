"""The dialog with all keyboard shortcuts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from cowrite.gui.shortcuts_dialog import ShortcutsDialog
from helpers.desk import Desk


def test_all_keys_stand_under_the_menus_of_their_commands(desk: Desk) -> None:
    draft = desk.new()
    draft.window.actions_["shortcuts"].trigger()
    (dialog,) = draft.window.findChildren(ShortcutsDialog)
    said = [label.accessibleName() or label.text() for label in dialog.findChildren(QLabel)]
    edit, insert = said.index("Edit"), said.index("Insert")
    assert edit < said.index("Paste: Ctrl+V") < insert < said.index("Link: Ctrl+K") < said.index("Format")


def test_the_dialog_fits_a_small_screen_and_is_scrolled_by_keys(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog([("Edit", [(f"Command {number}", f"Ctrl+{number}") for number in range(90)])])
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert dialog.height() <= 640
    (area,) = dialog.findChildren(QScrollArea)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_PageDown)
    assert area.verticalScrollBar().value() > 0
