"""Sharing: two ways, each with its states, and nothing to set up for the first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFont, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QProgressBar, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.people.host_page import Hosting
from cowrite.gui.people.server_page import TeamServer
from cowrite.gui.people.share_dialog import ShareDialog

LINK = "cowrite://192.168.1.20:4178/r/9f2c?key=Zk3dW1"


@pytest.fixture
def dialog(qtbot: QtBot) -> ShareDialog:
    dialog = ShareDialog("Team retreat <proposal>")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def shown(dialog: QWidget, kind: type) -> list:
    return [each for each in dialog.findChildren(kind) if each.isVisible()]


def button(dialog: QWidget, text: str) -> QAbstractButton:
    (found,) = [each for each in shown(dialog, QAbstractButton) if each.text().replace("&", "") == text]
    return found


def texts(dialog: QWidget) -> str:
    return "\n".join(label.text() for label in shown(dialog, QLabel))


def names(dialog: QWidget) -> set[str]:
    return {each.text().replace("&", "") for each in shown(dialog, QAbstractButton)}


def test_with_large_letters_no_choice_is_cut(qtbot: QtBot) -> None:
    dialog = ShareDialog("Plan")
    qtbot.addWidget(dialog)
    dialog.setFont(QFont(dialog.font().family(), 20))
    dialog.show()
    for choice in shown(dialog, QRadioButton):
        assert choice.width() >= choice.sizeHint().width(), choice.text()


def test_the_ways_to_share_are_read_out_as_a_choice_of_one(dialog: ShareDialog) -> None:
    for way in ("From this computer", "On a team server"):
        told = QAccessible.queryAccessibleInterface(button(dialog, way))
        assert told.role() is QAccessible.Role.RadioButton, way


def test_one_click_hosts_from_this_computer(dialog: ShareDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.host.host_requested) as asked:
        button(dialog, "Start sharing").click()
    assert asked.args == ["editor"]


def test_enter_at_the_chosen_role_hosts_and_at_the_ways_to_share_does_not(dialog: ShareDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.host.host_requested):
        QTest.keyClick(button(dialog, "On a team server"), Qt.Key.Key_Return)
    with qtbot.waitSignal(dialog.host.host_requested) as asked:
        QTest.keyClick(button(dialog, "Can edit"), Qt.Key.Key_Return)
    assert asked.args == ["editor"]


def test_the_role_is_chosen_before(dialog: ShareDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.host.role_changed):
        button(dialog, "Can view").click()
    with qtbot.waitSignal(dialog.host.host_requested) as asked:
        button(dialog, "Start sharing").click()
    assert asked.args == ["viewer"]


def test_while_it_starts_one_waits_and_cannot_start_twice(dialog: ShareDialog) -> None:
    dialog.show_hosting(Hosting("starting"))
    assert shown(dialog, QProgressBar)
    assert not button(dialog, "Start sharing").isEnabled()
    assert "Opening the document to others…" in texts(dialog)


def test_the_keyboard_goes_from_what_began_it_to_the_button_that_copies_the_link(dialog, qtbot: QtBot) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    button(dialog, "Start sharing").setFocus()
    for phase in ("starting", "starting", "on"):
        dialog.show_hosting(Hosting(phase, link=LINK))
    assert dialog.focusWidget() is button(dialog, "Copy link")


def test_once_shared_there_is_a_link_addresses_and_a_word_on_firewalls(dialog: ShareDialog) -> None:
    dialog.show_hosting(Hosting("on", "viewer", LINK, ("192.168.1.20:4178 (Wi-Fi)",)))
    assert [field.text() for field in shown(dialog, QLineEdit)] == [LINK]
    assert "192.168.1.20:4178 (Wi-Fi)" in texts(dialog)
    assert "firewall" in texts(dialog)
    assert button(dialog, "Can view").isChecked()
    assert {"Copy link", "Stop sharing"} <= names(dialog)
    assert "Start sharing" not in names(dialog)


def test_the_link_is_copied_and_the_button_says_so(dialog: ShareDialog) -> None:
    dialog.show_hosting(Hosting("on", link=LINK))
    button(dialog, "Copy link").click()
    assert QGuiApplication.clipboard().text() == LINK
    assert "Copied" in names(dialog)


def test_the_role_can_be_changed_while_sharing(dialog: ShareDialog, qtbot: QtBot) -> None:
    dialog.show_hosting(Hosting("on", "editor", LINK))
    with qtbot.waitSignal(dialog.host.role_changed) as changed:
        button(dialog, "Can view").click()
    assert changed.args == ["viewer"]


def test_sharing_is_stopped(dialog: ShareDialog, qtbot: QtBot) -> None:
    dialog.show_hosting(Hosting("on", link=LINK))
    with qtbot.waitSignal(dialog.host.stop_requested):
        button(dialog, "Stop sharing").click()


def test_a_failure_says_why_and_can_be_tried_again(dialog: ShareDialog, qtbot: QtBot) -> None:
    dialog.show_hosting(Hosting("failed", message="Port 4178 is taken by another program."))
    assert "Port 4178 is taken by another program." in texts(dialog)
    with qtbot.waitSignal(dialog.host.host_requested):
        button(dialog, "Try again").click()


def test_showing_a_state_asks_for_nothing(dialog: ShareDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.host.role_changed), qtbot.assertNotEmitted(dialog.host.host_requested):
        for phase in ("starting", "on", "failed", "off"):
            dialog.show_hosting(Hosting(phase, "viewer", LINK))


def test_the_document_is_put_on_a_team_server_with_a_pasted_link(dialog: ShareDialog, qtbot: QtBot) -> None:
    button(dialog, "On a team server").click()
    (field,) = shown(dialog, QLineEdit)
    assert not button(dialog, "Put on the server").isEnabled()
    field.setText(f"  {LINK} ")
    with qtbot.waitSignal(dialog.server.server_requested) as asked:
        button(dialog, "Put on the server").click()
    assert asked.args == [LINK]


def test_while_connecting_the_link_cannot_be_changed(dialog: ShareDialog) -> None:
    dialog.show_way(1)
    (field,) = shown(dialog, QLineEdit)
    field.setText(LINK)
    dialog.show_server(TeamServer("connecting"))
    assert field.isReadOnly()
    assert not button(dialog, "Put on the server").isEnabled()
    assert shown(dialog, QProgressBar)


def test_a_server_that_does_not_answer_leaves_the_link_to_be_mended(dialog: ShareDialog) -> None:
    dialog.show_way(1)
    (field,) = shown(dialog, QLineEdit)
    field.setText(LINK)
    dialog.show_server(TeamServer("failed", message="The server does not answer."))
    assert "The server does not answer." in texts(dialog)
    assert field.text() == LINK
    assert not field.isReadOnly()
    assert button(dialog, "Put on the server").isEnabled()


def test_once_on_the_server_there_is_a_link_for_others_and_a_way_out(dialog: ShareDialog, qtbot: QtBot) -> None:
    dialog.show_way(1)
    dialog.show_server(TeamServer("on", LINK))
    assert "The document is on your team’s server." in texts(dialog)
    assert "Paste the link" not in texts(dialog)
    assert "Copy link" in names(dialog)
    with qtbot.waitSignal(dialog.server.leave_requested):
        button(dialog, "Leave the server").click()


@pytest.mark.parametrize("owns", [True, False])
def test_beside_the_link_stands_which_rights_it_gives(dialog: ShareDialog, owns: bool) -> None:
    dialog.show_way(1)
    dialog.show_server(TeamServer("on", LINK, owns=owns))
    assert "whoever has it gets the rights for which it was made" in texts(dialog)
    assert ("You are an owner here." in texts(dialog)) is owns


def test_a_title_that_looks_like_markup_is_shown_as_it_is(dialog: ShareDialog) -> None:
    assert "Share “Team retreat <proposal>”" in texts(dialog)
    assert all(not label.text().startswith("<") for label in dialog.findChildren(QLabel))


def test_the_roles_exclude_each_other(dialog: ShareDialog) -> None:
    button(dialog, "Can view").click()
    assert [each.isChecked() for each in dialog.findChildren(QRadioButton)] == [False, False, False, True]


def test_the_window_grows_with_what_it_has_to_say(dialog: ShareDialog) -> None:
    before = dialog.height()
    dialog.show_hosting(Hosting("on", link=LINK, addresses=tuple(f"192.168.1.{last}:4178" for last in range(9))))
    assert dialog.height() > before
    assert all(label.height() >= label.heightForWidth(label.width()) for label in shown(dialog, QLabel))


def test_once_shared_roles_and_links_that_expire_are_one_button_away(dialog: ShareDialog, qtbot: QtBot) -> None:
    assert "People and links…" not in names(dialog)
    dialog.show_hosting(Hosting("on", link=LINK))
    dialog.show_server(TeamServer("failed", message="This is not a link to a shared document."))  # and that goes on
    with qtbot.waitSignal(dialog.people_requested):
        button(dialog, "People and links…").click()
    assert not dialog.isVisible()


def test_the_keyboard_begins_at_the_way_that_is_shown(qtbot: QtBot) -> None:
    dialog = ShareDialog("Plan")
    qtbot.addWidget(dialog)
    dialog.show_way(1)
    dialog.show()
    assert dialog.focusWidget() is button(dialog, "On a team server")
