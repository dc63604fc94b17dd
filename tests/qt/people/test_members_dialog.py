"""People and links: what each person sees of the others, and what owners can do about them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.look.icons import Drawing
from cowrite.gui.look.times import DAY, HOUR, ago, ahead
from cowrite.gui.people import invites_page, members_page
from cowrite.gui.people.act_words import act_sentence
from cowrite.gui.people.members_dialog import MembersDialog, MembersShown
from cowrite.gui.people.members_page import MemberRow
from cowrite.gui.people.roles import MAY, NAMES
from cowrite_server.wire.members import Act, InviteSummary, InviteWish, MemberList, MemberSummary
from cowrite_server.wire.protocol import Role
from helpers.called import the

NOW = 1_900_000_000_000
ADA = MemberSummary(1, "Ada", Role.OWNER, None, 0, NOW, here=True)
BO = MemberSummary(2, "Bo <b>", Role.EDITOR, 3, 0, NOW, here=True)
GONE = MemberSummary(4, "Gone", Role.EDITOR, 3, 0, 0, here=False, removed=5)
LINK = InviteSummary(3, Role.EDITOR, 0, 1, None, 5, 2, None)
LIST = MemberList((ADA, BO, GONE), (LINK,))


@pytest.fixture
def dialog(qtbot: QtBot) -> MembersDialog:
    dialog = MembersDialog("Plan <x>")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def named_button(widget: QWidget, name: str) -> QAbstractButton:
    return the(widget, QAbstractButton, name)


def boxes(dialog: QWidget) -> list[QMessageBox]:
    return [each for each in dialog.findChildren(QMessageBox) if each.isVisible()]


def box(dialog: QWidget) -> QMessageBox:
    (found,) = boxes(dialog)
    return found


def role_box(dialog: QWidget, who: str) -> QComboBox:
    return the(dialog, QComboBox, f"Role of {who}")


def choose_viewer(roles: QComboBox) -> None:
    """Opens the list of roles and takes the last one, with keys."""
    roles.setFocus()
    QTest.keyClick(roles, Qt.Key.Key_Down)
    QTest.keyClick(roles.view(), Qt.Key.Key_End)
    QTest.keyClick(roles.view(), Qt.Key.Key_Return)


def test_an_owner_sees_everybody_and_changes_a_role_with_the_keyboard(dialog: MembersDialog, qtbot: QtBot) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    assert "Ada (you)" in texts(dialog)
    assert "Bo <b>" in texts(dialog)
    roles = role_box(dialog, "Bo <b>")
    with qtbot.waitSignal(dialog.members.role_chosen) as chosen:
        choose_viewer(roles)
    assert chosen.args == [2, Role.VIEWER]


def test_a_key_in_passing_changes_nobodys_role(dialog: MembersDialog, qtbot: QtBot) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    roles = role_box(dialog, "Bo <b>")
    with qtbot.assertNotEmitted(dialog.members.role_chosen):
        QTest.keyClick(roles, Qt.Key.Key_V)
        QTest.keyClick(roles, Qt.Key.Key_Down)
        QTest.keyClick(roles.view(), Qt.Key.Key_Escape)
    assert roles.currentText() == "Editor"


def test_each_role_is_explained_where_it_is_chosen(dialog: MembersDialog) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    roles = role_box(dialog, "Bo <b>")
    assert [roles.itemText(row) for row in range(roles.count())] == list(NAMES.values())
    explained = [roles.itemData(row, Qt.ItemDataRole.AccessibleTextRole) for row in range(roles.count())]
    assert explained == [f"{NAMES[role]}: {MAY[role]}" for role in Role]


def test_somebody_is_removed_only_after_asking(dialog: MembersDialog, qtbot: QtBot) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    remove = named_button(dialog, "Remove Bo <b>")
    remove.setFocus()
    with qtbot.assertNotEmitted(dialog.members.removal_requested):
        QTest.keyClick(remove, Qt.Key.Key_Space)
        asked = box(dialog)
        assert asked.defaultButton().text().replace("&", "") == "Cancel"
    with qtbot.waitSignal(dialog.members.removal_requested) as removed:
        next(button for button in asked.buttons() if button.text() == "Remove").click()
    assert removed.args == [2]


def test_an_owner_who_steps_down_is_asked_first_and_can_stay(dialog: MembersDialog, qtbot: QtBot) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    roles = role_box(dialog, "Ada")
    with qtbot.assertNotEmitted(dialog.members.role_chosen):
        choose_viewer(roles)
        qtbot.waitUntil(lambda: bool(boxes(dialog)))
        box(dialog).reject()
    assert roles.currentText() == "Owner"


def test_who_is_no_owner_sees_the_members_and_whom_to_ask(dialog: MembersDialog) -> None:
    dialog.show_members(MembersShown(MemberList((ADA, BO), ()), Role.EDITOR, 2))
    assert "Only owners invite people and change roles; you are an editor. Ask Ada." in texts(dialog)
    assert not [each for each in dialog.findChildren(QComboBox) if each.isVisible()]
    assert not dialog.invites.isVisible()
    assert [dialog._tabs.isTabVisible(place) for place in range(3)] == [True, False, False]


def test_what_the_person_is_about_to_do_survives_a_refresh(dialog: MembersDialog) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    dialog.activateWindow()
    remove = named_button(dialog, "Remove Bo <b>")
    remove.setFocus()
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    assert named_button(dialog, "Remove Bo <b>") is remove
    assert dialog.focusWidget() is remove


def test_a_link_ends_after_the_time_that_is_chosen(dialog: MembersDialog) -> None:
    wishes = []
    for place in range(4):
        dialog.invites.form.expiry.setCurrentIndex(place)
        wishes.append(dialog.invites.form.wish(NOW))
    assert wishes == [InviteWish(Role.EDITOR, NOW + length, None) for length in (HOUR, DAY, 7 * DAY, 30 * DAY)]


def test_a_link_can_end_with_a_day_or_never_and_serve_so_many(dialog: MembersDialog) -> None:
    form = dialog.invites.form
    for field in (form.day, form.count):
        assert field.lineEdit().textMargins().left() > 4  # its words do not stand on the border
    form.expiry.setCurrentIndex(form.expiry.findText("Until a date…"))
    form.day.setDate(QDate(2030, 5, 1))
    form.uses.setCurrentIndex(1)
    form.count.setValue(5)
    form.role.show_role(Role.VIEWER)
    wish = form.wish(NOW)
    assert wish.expires == QDate(2030, 5, 2).startOfDay().toMSecsSinceEpoch()
    assert "1 May 2030" in form.day.text()
    assert ahead(wish.expires, NOW) == "on 1 May 2030"  # as the list of links says it
    assert (wish.role, wish.uses) == (Role.VIEWER, 5)
    form.expiry.setCurrentIndex(form.expiry.findText("Until it is withdrawn"))
    assert form.wish(NOW).expires is None


def test_a_new_link_is_shown_once_and_that_is_said(dialog: MembersDialog, qtbot: QtBot) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    dialog.show_links()
    with qtbot.waitSignal(dialog.invites.invite_requested):
        QTest.keyClick(dialog.invites.form.make, Qt.Key.Key_Space)
    assert not dialog.invites.form.make.isEnabled()
    dialog.show_link("cowrite://host/room#secret", LINK)
    assert dialog.invites.form.make.isEnabled()
    assert "cowrite://host/room#secret" in [field.text() for field in dialog.findChildren(QLineEdit)]
    assert "shown this once" in texts(dialog)


def test_a_link_says_its_use_and_is_withdrawn_with_a_choice(dialog: MembersDialog, qtbot: QtBot) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    dialog.show_links()
    assert "2 of 5 used" in texts(dialog)
    assert "Made by Ada" in texts(dialog)
    (withdraw,) = [
        each
        for each in dialog.findChildren(QAbstractButton)
        if each.accessibleName().startswith("Withdraw the link for editors")
    ]
    withdraw.click()
    with qtbot.waitSignal(dialog.invites.withdrawal_requested) as keeps:
        next(each for each in box(dialog).buttons() if each.text() == "Withdraw, keep the people").click()
    assert keeps.args == [3, True]
    withdraw.click()
    with qtbot.waitSignal(dialog.invites.withdrawal_requested) as cuts:
        next(each for each in box(dialog).buttons() if each.text() == "Withdraw and cut them off").click()
    assert cuts.args == [3, False]


def test_without_a_connection_it_says_so_and_with_an_error_one_can_try_again(dialog: MembersDialog, qtbot) -> None:
    dialog.show_loading()
    assert "Asking the server" in texts(dialog)
    dialog.show_problem("offline", "There is no connection.")
    assert "There is no connection." in texts(dialog)
    assert how_it_is_said(dialog, "There is no connection.") == ("offline", True)
    dialog.show_loading()
    assert how_it_is_said(dialog, "Asking the server who is a member…") == ("", False)
    dialog.show_problem("unreadable", "The server cannot read.")
    assert how_it_is_said(dialog, "The server cannot read.") == ("problem", True)
    with qtbot.waitSignal(dialog.refresh_requested):
        named_button(dialog, "Try again").click()


def how_it_is_said(dialog: MembersDialog, sentence: str) -> tuple[str, bool]:
    """The tone of a sentence in the place of the list, and whether a drawing stands beside it."""
    labels = [label for label in dialog.findChildren(QLabel) if label.isVisible()]
    (said,) = [label for label in labels if label.text() == sentence]
    return said.property("tone"), any(isinstance(label, Drawing) for label in labels)


def test_a_failure_stands_above_the_list_until_something_is_done(dialog: MembersDialog) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    dialog.show_failure("Nobody would be left.")
    assert "Nobody would be left." in texts(dialog)
    dialog.show_failure("")
    assert "Nobody would be left." not in texts(dialog)


def test_a_sentence_stands_once_where_a_server_answers_neither_what_is_wished_nor_what_is_asked(dialog) -> None:
    silent = "The server does not answer."
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    dialog._tabs.setCurrentWidget(dialog.acts)
    for say in (dialog.show_failure, dialog.show_acts_problem), (dialog.show_acts_problem, dialog.show_failure):
        for each in say:
            each(silent)
        assert texts(dialog).count(silent) == 1
        dialog.show_failure("")
    dialog.show_failure(silent)
    dialog.show_problem("silent", silent)
    assert how_it_is_said(dialog, silent) == ("problem", True)
    dialog.show_failure("Nobody would be left.")
    dialog.show_problem("silent", silent)
    assert "Nobody would be left." in texts(dialog)


def test_what_is_said_of_times_goes_on_while_the_dialog_is_seen(dialog: MembersDialog, monkeypatch) -> None:
    now = [NOW]
    for module in (members_page, invites_page):
        monkeypatch.setattr(module, "milliseconds_now", lambda: now[0])
    away, link = replace(BO, here=False), replace(LINK, expires=NOW + 2 * HOUR)
    dialog.show_members(MembersShown(MemberList((ADA, away), (link,)), Role.OWNER, 1))
    dialog.invites.form.make.click()
    dialog.activateWindow()
    remove = named_button(dialog, "Remove Bo <b>")
    remove.setFocus()
    assert "Last here just now" in texts(dialog)
    now[0] += HOUR
    dialog._times.timeout.emit()
    assert "Last here 1 hour ago" in texts(dialog)
    assert the(dialog, MemberRow, "Bo <b>, Editor, Last here 1 hour ago")
    assert dialog.focusWidget() is remove
    dialog.show_links()
    assert "expires in 1 hour" in texts(dialog)
    now[0] += HOUR
    dialog._times.timeout.emit()
    assert "For editors, expired just now" in texts(dialog)
    assert not dialog.invites.form.make.isEnabled()  # the server has not answered yet
    assert dialog._times.isActive()
    dialog.hide()
    assert not dialog._times.isActive()


def test_what_happened_is_asked_for_when_it_is_looked_at(dialog: MembersDialog, qtbot: QtBot) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    with qtbot.waitSignal(dialog.acts.more_requested) as asked:
        dialog._tabs.setCurrentWidget(dialog.acts)
    assert asked.args == [0]
    dialog.acts.show_acts((Act(2, NOW, 1, "removed", {"member": 4}),), after=0)
    assert "Ada removed Gone." in dialog.acts._list.item(0).text()


@pytest.mark.parametrize(
    ("actor", "kind", "details", "sentence"),
    [
        (1, "invited", {"role": "viewer", "uses": 1}, "Ada made a link for viewers, for one person."),
        (None, "withdrawn", {"invite": 3, "removed": []}, "Whoever runs the server withdrew a link."),
        (1, "withdrawn", {"removed": [4, 5]}, "Ada withdrew a link and cut off 2 people who joined with it."),
        (2, "joined", {"role": "editor"}, "Bo joined as an editor."),
        (2, "renamed", {"before": "Bob", "name": "Bo"}, "Bob is called Bo now."),
        (2, "renamed", {"before": "", "name": "Bo"}, "Bo gave their name."),
        (
            1,
            "role-changed",
            {"member": 2, "before": "editor", "role": "viewer"},
            "Ada made Bo a viewer; before: editor.",
        ),
        (
            2,
            "role-changed",
            {"member": 2, "before": "editor", "role": "viewer", "by": "token"},
            "The sign-in of the team made Bo a viewer; before: editor.",
        ),
        (2, "asked-to-write", {}, "Bo asked to write."),
        (1, "put-off", {"member": 2}, "Ada told Bo, who had asked to write: not now."),
        (1, "removed", {"member": 9}, "Ada removed a former member."),
        (1, "history-restored", {"moment": 3}, "Ada brought back an earlier state of the text."),
        (1, "version-named", {"moment": 3, "before": "", "name": "Sent"}, "Ada named a version “Sent”."),
        (
            2,
            "version-named",
            {"moment": 3, "before": "Sent", "name": "Final"},
            "Bo named a version “Final”, which was called “Sent”.",
        ),
        (2, "version-named", {"before": "Final", "name": ""}, "Bo took the name “Final” away from a version."),
        (None, "room-rewritten", {}, "Whoever runs the server rewrote the document, and kept what it was before."),
        (None, "room-forgotten", {}, "Whoever runs the server removed an earlier document of this name for good."),
        (1, "danced", {}, "Ada did something that this version of cowrite has no words for (danced)."),
    ],
)
def test_each_act_is_one_sentence(actor, kind, details, sentence) -> None:
    assert act_sentence(Act(1, 0, actor, kind, details), {1: "Ada", 2: "Bo"}) == sentence


def test_who_hosts_from_their_own_computer_is_called_by_their_name(dialog: MembersDialog) -> None:
    found = MemberList(LIST.members, (replace(LINK, creator=None),))
    dialog._tabs.setCurrentWidget(dialog.invites)
    for shown, maker in (
        (MembersShown(found, Role.OWNER, 1), "whoever runs the server"),
        (MembersShown(found, Role.OWNER, 1, host="Ada"), "Ada"),
    ):
        dialog.show_members(shown)
        assert f"Made by {maker} on" in texts(dialog)
    made = Act(1, 0, None, "invited", {"role": "editor"})
    assert act_sentence(made, {}) == "Whoever runs the server made a link for editors."
    assert act_sentence(made, {}, "Ada") == "Ada made a link for editors."


def test_times_are_told_as_people_tell_them() -> None:
    assert ago(NOW, NOW) == "just now"
    assert ago(NOW - HOUR, NOW) == "1 hour ago"
    assert ahead(NOW + 3 * DAY, NOW) == "in 3 days"
    assert ago(NOW - 30 * DAY, NOW).startswith("on ")


def test_the_tab_key_reaches_the_end_of_the_dialog_after_all_members(dialog: MembersDialog, qtbot: QtBot) -> None:
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog._tabs.tabBar().setFocus()
    reached: list[str] = []
    while "Close" not in reached:
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        reached.append(dialog.focusWidget().accessibleName())
    assert "Remove Bo <b>" in reached
    assert len(reached) == len(set(reached))


def test_that_the_keyboard_is_in_the_list_of_what_happened_is_seen(desk, dialog):
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    dialog._tabs.setCurrentWidget(dialog.acts)
    dialog.acts.show_acts((Act(2, NOW, 1, "removed", {"member": 4}),), after=0)
    dialog.activateWindow()
    dialog._tabs.tabBar().setFocus()
    without = dialog.acts.grab().toImage()
    QTest.keyClick(dialog._tabs.tabBar(), Qt.Key.Key_Tab)
    assert dialog.acts._list.hasFocus()
    assert dialog.acts.grab().toImage() != without


def many(count: int) -> MemberList:
    roles = (Role.OWNER, Role.EDITOR, Role.VIEWER)
    named = (MemberSummary(at, f"Person {at}", roles[at % 3], 3, 0, NOW, here=False) for at in range(2, count + 1))
    return MemberList((ADA, *named), (LINK,))


def seen(dialog: MembersDialog) -> list[str]:
    rows = dialog.members.findChildren(MemberRow)
    return [row.accessibleName().split(",")[0] for row in rows if row.isVisible()]


def test_among_many_people_somebody_is_found_by_name_or_role(dialog: MembersDialog) -> None:
    dialog.show_members(MembersShown(many(40), Role.OWNER, 1))
    search = the(dialog, QLineEdit, "Find somebody")
    assert search.placeholderText() == "Find somebody among 40 people"
    QTest.keyClicks(search, "PERSON 1")
    assert seen(dialog) == [f"Person {at}" for at in (*range(10, 20), 21, 31)]
    QTest.keyClicks(search, " viewer")
    assert seen(dialog) == ["Person 11", "Person 14", "Person 17"]
    dialog.show_members(MembersShown(many(40), Role.OWNER, 1))  # as when somebody comes or goes
    assert seen(dialog) == ["Person 11", "Person 14", "Person 17"]
    QTest.keyClicks(search, " nobody")
    assert seen(dialog) == []
    assert "Nobody is called so." in texts(dialog)
    search.clear()
    assert len(seen(dialog)) == 40
    assert "Nobody is called so." not in texts(dialog)
    QTest.keyClicks(search, "viewer")
    dialog.show_members(MembersShown(many(3), Role.OWNER, 1))
    assert not search.isVisible()
    assert len(seen(dialog)) == 3


def test_the_owners_whom_one_can_ask_are_named_as_in_a_sentence(dialog: MembersDialog) -> None:
    for count, said in ((1, "Ask Ada."), (3, "Ask Ada or Person 3."), (12, "Ask Ada, Person 3 or Person 6.")):
        dialog.show_members(MembersShown(many(count), Role.VIEWER, 2))
        assert said in texts(dialog)
