"""Joining: a link, what is known about it, and who one is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.people.identity_fields import NAME_LIMIT, ColourChoice
from cowrite.gui.people.join_dialog import JoinDialog
from helpers.called import the

LINK = "cowrite://192.168.1.20:4178/r/9f2c?key=Zk3dW1"


@pytest.fixture
def dialog(qtbot: QtBot) -> JoinDialog:
    dialog = JoinDialog("Mia Chen", PEOPLE[3].light)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def field(dialog: JoinDialog, name: str) -> QLineEdit:
    return the(dialog, QLineEdit, name)


def join(dialog: JoinDialog) -> QAbstractButton:
    (found,) = [each for each in dialog.findChildren(QAbstractButton) if each.text() == "Join"]
    return found


def message(dialog: JoinDialog) -> QLabel:
    (found,) = [each for each in dialog.findChildren(QLabel) if each.accessibleDescription() == "About the link"]
    return found


def test_a_link_from_the_clipboard_is_there_already_and_its_origin_is_said(qtbot: QtBot) -> None:
    dialog = JoinDialog(link=LINK)
    qtbot.addWidget(dialog)
    assert dialog.link() == LINK
    assert message(dialog).text() == "Taken from your clipboard."


def test_enter_joins_nothing_where_the_dialog_comes_up_unasked(qtbot: QtBot) -> None:
    dialog = JoinDialog("Mia", PEOPLE[3].light, LINK, is_unasked=True)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_check(True, "A document on example.org.")
    asked: list[str] = []
    dialog.join_requested.connect(lambda link, name, colour: asked.append(link))
    for key in (Qt.Key.Key_A, Qt.Key.Key_Return):
        qtbot.keyClick(dialog.focusWidget(), key)
    assert asked == []
    assert not dialog.isVisible()


def test_what_is_typed_is_passed_on_without_spaces_around_it(dialog: JoinDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.link_changed) as changed:
        field(dialog, "Invitation link").setText(f" {LINK}\t")
    assert changed.args == [LINK]


def test_one_can_join_only_with_a_link_that_fits(dialog: JoinDialog) -> None:
    field(dialog, "Invitation link").setText(LINK)
    assert not join(dialog).isEnabled()
    dialog.show_check(True, "“Plan”, shared by Jonas Weber.")
    assert join(dialog).isEnabled()
    assert message(dialog).text() == "“Plan”, shared by Jonas Weber."
    field(dialog, "Invitation link").setText("https://example.org")
    assert not join(dialog).isEnabled()
    dialog.show_check(False, "This is not an invitation.")
    assert message(dialog).property("tone") == "problem"
    assert not join(dialog).isEnabled()


def test_what_a_link_is_is_read_out_once_it_is_typed_and_again_by_enter(dialog, heard, qtbot) -> None:
    dialog.link_changed.connect(lambda text: dialog.show_check(False, f"{text} is not an invitation."))
    qtbot.keyClicks(field(dialog, "Invitation link"), "https")
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["https is not an invitation."]
    qtbot.keyClick(field(dialog, "Invitation link"), Qt.Key.Key_Return)
    assert heard == ["https is not an invitation."] * 2


def test_a_dialog_that_comes_up_without_a_window_is_as_small_as_it_can_be(qtbot: QtBot) -> None:
    dialog = JoinDialog("Mia", PEOPLE[3].light, LINK, is_unasked=True)
    qtbot.addWidget(dialog)
    dialog.show_check(True, "It leads to a document on example.org. " * 5)
    dialog.show()
    assert dialog.height() <= dialog.layout().totalHeightForWidth(dialog.width())


def test_what_is_no_link_is_shown_as_it_was_typed(dialog: JoinDialog) -> None:
    dialog.show_check(False, "<h1>Plan</h1> is not a link.")
    assert message(dialog).textFormat() is Qt.TextFormat.PlainText


def test_an_empty_field_is_no_mistake(dialog: JoinDialog) -> None:
    dialog.show_check(False, "Paste the link you were sent.")
    assert message(dialog).property("tone") == "ok"


def test_joining_tells_link_name_and_colour(dialog: JoinDialog, qtbot: QtBot) -> None:
    field(dialog, "Invitation link").setText(LINK)
    dialog.show_check(True, "")
    field(dialog, "Your name").setText(" Mia ")
    dialog.findChildren(ColourChoice)[0].findChildren(QAbstractButton)[1].click()
    with qtbot.waitSignal(dialog.join_requested) as asked:
        join(dialog).click()
    assert asked.args == [LINK, "Mia", PEOPLE[1].light]


def test_nobody_joins_without_a_name(dialog: JoinDialog, qtbot: QtBot) -> None:
    field(dialog, "Invitation link").setText(LINK)
    dialog.show_check(True, "")
    field(dialog, "Your name").setText("  ")
    assert not join(dialog).isEnabled()
    with qtbot.assertNotEmitted(dialog.join_requested):
        qtbot.keyClick(field(dialog, "Your name"), Qt.Key.Key_Return)
    assert field(dialog, "Your name").maxLength() == NAME_LIMIT


def test_who_has_given_no_name_is_told_why_they_cannot_join(dialog: JoinDialog, heard, qtbot: QtBot) -> None:
    dialog.show_check(True, "")
    name = field(dialog, "Your name")
    (need,) = [each for each in dialog.findChildren(QLabel) if each.accessibleDescription() == "About your name"]
    assert need.isHidden()
    place, height = dialog.findChildren(ColourChoice)[0].pos(), dialog.height()
    name.clear()
    assert need.isVisible()
    assert need.text().startswith("To join, type your name")
    for part in (name, field(dialog, "Invitation link")):
        qtbot.keyClick(part, Qt.Key.Key_Return)
    assert heard == [need.text()] * 3
    name.setText("M")
    assert need.isHidden()
    assert (dialog.findChildren(ColourChoice)[0].pos(), dialog.height()) == (place, height)


def test_the_colour_one_had_is_chosen(dialog: JoinDialog) -> None:
    assert dialog.findChildren(ColourChoice)[0].colour() == PEOPLE[3].light


def test_a_long_answer_about_the_link_takes_no_room_from_the_rest(dialog: JoinDialog) -> None:
    dots = dialog.findChildren(ColourChoice)[0]
    dialog.show_check(False, "This is not an invitation to a cowrite document. " * 6)
    assert message(dialog).height() >= message(dialog).heightForWidth(message(dialog).width())
    assert dots.height() >= dots.sizeHint().height()
