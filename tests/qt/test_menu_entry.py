"""The choice of the desktop's menu of programs, with the command that it carries out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QProcess
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from cowrite import desktop_menu
from cowrite.app.menu_entry import MenuEntry
from cowrite.commands import desktop
from cowrite.desktop_menu import DesktopMenu
from cowrite.gui.dialogs.preferences_dialog import Preferences, PreferencesDialog

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only a Linux desktop has such a menu")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PKGSYSTEM_ENABLE_FSYNC", "0")
    return tmp_path / "data"


@pytest.fixture
def parent(qapp: QObject) -> QObject:
    return QObject()


def asked(qtbot: QtBot, parent: QObject) -> tuple[MenuEntry, QCheckBox, QLabel]:
    """The entry as the preferences show it, its box and its message."""
    entry = MenuEntry.of(parent)
    assert entry is not None
    dialog = PreferencesDialog(Preferences(), (), None, entry.choice)
    qtbot.addWidget(dialog)
    dialog.show()
    (box,), (message,) = entry.choice.findChildren(QCheckBox), entry.choice.findChildren(QLabel)
    return entry, box, message


def test_what_is_chosen_is_done_and_taken_back(data: Path, parent: QObject, qtbot: QtBot) -> None:
    entry, box, message = asked(qtbot, parent)
    for is_wanted in (True, False):
        with qtbot.waitSignal(entry.changed, timeout=60_000):
            box.click()
        assert (box.isChecked(), message.isVisible()) == (is_wanted, False)
        assert DesktopMenu(data).has_it() is is_wanted


def test_what_cannot_be_done_is_said_and_not_shown_as_done(data: Path, parent: QObject, qtbot: QtBot) -> None:
    data.write_text("a file stands there")
    entry, box, message = asked(qtbot, parent)
    with qtbot.waitSignal(entry.changed, timeout=60_000):
        box.click()
    assert not box.isChecked()
    assert message.text().startswith(f"“{data}")
    qtbot.waitUntil(lambda: message.visibleRegion().boundingRect().height() == message.height())


def test_tools_that_the_desktop_lacks_are_said_in_the_preferences_too(
    data: Path, parent: QObject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    entry, box, message = asked(qtbot, parent)
    with qtbot.waitSignal(entry.changed, timeout=60_000):
        box.click()
    assert box.isChecked()
    assert "once there is update-mime-database and update-desktop-database" in message.text()


def test_what_another_program_ends_is_said_and_not_shown_as_done(data: Path, parent: QObject, qtbot: QtBot) -> None:
    entry, box, message = asked(qtbot, parent)
    with qtbot.waitSignal(entry.changed, timeout=60_000):
        box.click()
        entry.findChild(QProcess).kill()
    assert not box.isChecked()
    assert message.text() == "Another program ended this before it was done. Choose it again."


def test_it_is_done_though_cowrite_ends_meanwhile(data: Path, parent: QObject, qtbot: QtBot) -> None:
    entry, box, _ = asked(qtbot, parent)
    box.click()
    entry.finish()  # as Qt's `aboutToQuit`, which only Qt can send
    assert DesktopMenu(data).has_it()


def test_who_changes_their_mind_meanwhile_has_what_they_chose_last(data: Path, parent: QObject, qtbot: QtBot) -> None:
    entry, box, _ = asked(qtbot, parent)
    with qtbot.waitSignal(entry.changed, timeout=60_000):
        box.click()
        box.click()
    assert (box.isChecked(), DesktopMenu(data).has_it()) == (False, False)


def test_it_is_done_though_the_preferences_are_closed_meanwhile(data: Path, parent: QObject, qtbot: QtBot) -> None:
    entry, box, _ = asked(qtbot, parent)
    with qtbot.waitSignal(entry.destroyed, timeout=60_000):
        box.click()
        entry.choice.window().deleteLater()
    assert DesktopMenu(data).has_it()


def test_a_menu_that_starts_another_copy_of_cowrite_is_not_shown_as_chosen(
    data: Path, parent: QObject, qtbot: QtBot
) -> None:
    DesktopMenu(data, ("/opt/another/cowrite",)).put_in()
    assert not asked(qtbot, parent)[1].isChecked()


def test_nothing_is_to_be_chosen_where_a_package_has_put_it_there(
    data: Path, parent: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DesktopMenu, "is_given", lambda _self, _environ: True)
    assert MenuEntry.of(parent) is None


def test_the_preferences_open_without_it_where_cowrites_own_files_are_gone(
    tmp_path: Path, parent: QObject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(desktop_menu, "resources", lambda: tmp_path)
    assert MenuEntry.of(parent) is None
    assert desktop.main(["install"]) == 1
    assert "The installation is incomplete" in capsys.readouterr().err
