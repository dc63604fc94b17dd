"""People, roles and links: real applications, a real server, real sockets."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton
from shiboken6 import isValid

from cowrite.app.draft.draft import Draft
from cowrite.core.board.items import Note, Place
from cowrite.gui.people.join_dialog import JoinDialog
from cowrite.gui.people.members_page import MemberRow
from cowrite.sync.awareness import User
from cowrite.sync.link import Link
from cowrite_server.wire.members import InviteWish, MemberList
from cowrite_server.wire.protocol import Role
from helpers.desk import SAVED, Desk, choices, host, notices, people, server, texts, write
from helpers.team_server import TeamServer

pytestmark = pytest.mark.journey

AT_ONCE = 1.0
"""Seconds within which a change of roles and links counts."""


def at_once(desk: Desk, draft: Draft, mate: Draft, act: Callable[[], object], holds: Callable[[], object]) -> bool:
    """Whether something comes true within a second, or, where the machine is busy, no later than ten letters would.

    A letter goes the same way, from draft to mate through the same processes.
    """
    arrived = lambda: draft.document.text() == mate.document.text()  # noqa: E731
    letter = max(desk.takes(lambda: write(draft, "x"), arrived) for _ in range(3))
    return desk.takes(act, holds) < max(AT_ONCE, 10 * letter)


def test_a_server_without_members_says_so_or_shows_them(sit, team_server) -> None:
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan", "owner"))
    assert draft.shared is not None
    if draft.shared.members.me is None:
        flow = ada.application.sharing.show_people(draft)
        ada.until(lambda: "does not keep a list of members" in flow.dialog._waiting._sentence.text())
    else:
        people(ada, draft)


def test_the_dialog_shows_the_names_and_colours_of_now_and_an_owner_makes_an_editor_a_viewer_while_both_type(
    sit, team_server
) -> None:
    ada, bo = sit("Ada"), sit("Bo")
    draft, mate = ada.joined(team_server.invite("plan", "owner")), bo.joined(team_server.invite("plan"))
    dialog = people(ada, draft)
    ada.until(lambda: any(row.member.name == "Bo" for row in dialog.members._rows))
    write(mate, "from Bo ")
    row = next(row for row in dialog.members._rows if row.member.name == "Bo")

    def demote() -> None:
        row.role_chosen.emit(Role.VIEWER)
        write(draft, "from Ada ")

    assert at_once(bo, draft, mate, demote, mate.editor.isReadOnly)
    assert "You may read this document" in notices(mate)
    write(draft, "more")
    bo.until(lambda: server(draft) == SAVED and "more" in mate.document.text())
    row.role_chosen.emit(Role.EDITOR)
    bo.until(lambda: not mate.editor.isReadOnly())
    write(mate, "again")
    bo.until(lambda: "again" in draft.document.text())

    def colours() -> list[str]:
        return [each._avatar._person.colour for each in dialog.findChildren(MemberRow)]

    for colour in ("#1d7a45", "#7a3fc4"):
        mate.shared.set_user(User("Bo", colour))
        ada.until(lambda colour=colour: colour in colours())
    bo.application.choices.set_me("Bohumil", "")
    ada.until(lambda: "Bohumil" in [each.member.name for each in dialog.members._rows])


def test_a_link_made_in_the_dialog_lets_one_person_in_and_then_says_that_it_is_used_up(sit, team_server) -> None:
    ada, bo, cleo = sit("Ada"), sit("Bo"), sit("Cleo")
    draft = ada.joined(team_server.invite("plan", "owner"))
    dialog = people(ada, draft)
    dialog.show_links()
    form = dialog.invites.form
    form.role.show_role(Role.VIEWER)
    form.uses.setCurrentIndex(1)
    form.count.setValue(1)
    form.make.click()
    ada.until(lambda: QGuiApplication.clipboard().text().startswith("cowrite://"))
    link = QGuiApplication.clipboard().text()
    view = bo.join(link)
    bo.until(view.editor.isReadOnly)
    ada.until(lambda: any("1 of 1 used" in row._facts.text() for row in dialog.invites._rows))
    late = cleo.join(link)
    cleo.until(lambda: "let in as many people as it was made for" in notices(late))
    # Nothing is here that could be kept.
    offered = [each.text() for each in late.window.notices.findChildren(QPushButton)]
    assert offered == ["Use another link…", "Try again", "Move to trash"]
    late.window.notices.answered.emit("closed", "join")
    (asked,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, JoinDialog) and each.isVisible()]
    asked.reject()
    assert cleo.join(team_server.invite("plan")) is late
    cleo.until(lambda: late.document.text() == draft.document.text() and server(late) == SAVED)


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be stopped there and go on, so none is silent")
def test_an_owner_can_look_whether_a_server_that_did_not_answer_has_made_a_link(sit, team_server) -> None:
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan", "owner"))
    dialog = people(ada, draft)
    dialog.show_links()
    questions, pid = draft.shared.members._questions, team_server.process._process.pid
    patience = questions._patience
    questions._patience = replace(patience, seconds=0.2)
    os.kill(pid, signal.SIGSTOP)
    dialog.invites.form.make.click()
    ada.until(dialog._waiting.again.isVisible)
    assert "\n".join(texts(dialog)).count("The server does not answer") == 1
    questions._patience = patience
    os.kill(pid, signal.SIGCONT)
    dialog._waiting.again.click()
    ada.until(lambda: dialog.invites.isVisible() and len(list(dialog.invites._rows)) == 2)
    assert dialog.invites.form.make.isEnabled()


def test_a_document_that_was_joined_and_never_came_can_go_to_the_trash_and_cowrite_stays(sit, team_server) -> None:
    cleo = sit("Cleo")
    late = cleo.join(f"{team_server.invite('plan')}-wrong")
    cleo.until(lambda: "Move to trash" in choices(late))
    path = late.path
    late.window.notices.answered.emit("closed", "put_away")
    library = cleo.application._library_flow
    assert not cleo.application.documents.drafts
    assert library.is_shown
    cleo.until(lambda: any("is in the trash" in text for text in texts(library._window)))
    library.finish()
    assert not path.exists()


@pytest.mark.parametrize("place", ["text", "board"])
def test_of_the_first_that_is_written_in_a_document_that_never_came_it_is_said_where_it_is(
    sit, team_server, place
) -> None:
    cleo = sit("Cleo")
    late = cleo.join(f"{team_server.invite('plan')}-wrong")
    cleo.until(lambda: "Move to trash" in choices(late))
    if place == "text":
        write(late, "我")  # a word
    else:
        late.brainstorming.brainstorm.board.add([Note("", "a note", Place(0, 0))])
    cleo.until(lambda: "What you wrote last is not on the server. It is kept in this copy." in notices(late))
    assert choices(late) == {"Keep my copy, unshared", "Try again"}


def test_a_withdrawn_link_cuts_off_who_came_by_it_and_says_what_to_do(sit, team_server) -> None:
    ada, bo = sit("Ada"), sit("Bo")
    draft, mate = ada.joined(team_server.invite("plan", "owner")), bo.joined(team_server.invite("plan"))
    dialog = people(ada, draft)
    invite = next(row.invite for row in dialog.invites._rows if row.invite.role is Role.EDITOR)
    withdraw = partial(dialog.invites.withdrawal_requested.emit, invite.id, False)
    assert at_once(bo, draft, mate, withdraw, lambda: "any more" in notices(mate))
    assert "Keep my copy, unshared" in [
        button.text() for button in mate.window.notices.findChildren(type(dialog.invites.form.make))
    ]
    assert server(mate) == "This link does not let you in any more"
    write(mate, "written without a link")
    assert bo.join(team_server.invite("plan")) is mate
    bo.until(lambda: server(mate) == SAVED and "written without a link" in draft.document.text())


def test_who_hosts_is_the_owner_of_the_room(sit) -> None:
    ada = sit("Ada")
    draft = ada.new()
    write(draft, "# Minutes")
    flow = host(ada, draft)
    assert draft.shared is not None
    assert draft.shared.role is Role.OWNER
    flow.dialog.reject()
    dialog = people(ada, draft)
    dialog._tabs.setCurrentWidget(dialog.acts)
    acts = dialog.acts.findChild(QListWidget)
    ada.until(lambda: any("Ada made a link" in acts.item(row).text() for row in range(acts.count())))


def test_a_link_that_is_made_after_the_window_has_gone_is_shown_to_nobody(sit, monkeypatch) -> None:
    ada = sit("Ada")
    ada.new()
    draft = ada.new()
    flow = host(ada, draft)
    flow.dialog.reject()
    made: list[Callable[[Link], None]] = []
    monkeypatch.setattr(ada.application.hosting, "link", lambda _room, _secret, then, _failed: made.append(then))
    dialog = people(ada, draft)
    dialog.invites.invite_requested.emit(InviteWish(Role.EDITOR))
    ada.until(lambda: made)
    assert ada.application.documents.close(draft.path)
    ada.until(lambda: not isValid(dialog))
    QGuiApplication.clipboard().clear()
    made[0](Link("127.0.0.1", 1, "room", "secret"))
    assert QGuiApplication.clipboard().text() == ""


def test_the_secret_by_which_a_server_knows_somebody_is_kept_with_the_keys_alone(sit, team_server, caplog) -> None:
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan"))
    secret = ada.application.keys.member_secret(draft.shared.link)
    keys = ada.paths.data / "keys" / "sharing.json"
    ada.until(lambda: keys.exists() and secret in keys.read_text())
    path = draft.path
    assert ada.application.keys.member_secret(draft.shared.link) == secret
    ada.leave()
    assert secret.encode() not in path.read_bytes()
    assert secret not in caplog.text
    assert secret not in ada.paths.settings.read_text()


def test_a_full_document_names_the_limit_and_what_to_do_and_still_exports(sit, tmp_path: Path) -> None:
    small = TeamServer(tmp_path, "--document-bytes", "4096")
    try:
        ada = sit("Ada")
        draft = ada.joined(small.invite("plan"))
        draft.editor.insertPlainText("too much " * 1000)
        ada.until(lambda: "This document is as large as the server accepts (4 kB)" in notices(draft))
        assert "“too much too much" in notices(draft)
        assert "kept on this computer only" in notices(draft)
        assert server(draft) == "This document is as large as the server accepts (4 kB)"
        assert not draft.editor.isReadOnly()
        assert draft.exporting.write("markdown", tmp_path / "plan.md")
        assert "too much" in (tmp_path / "plan.md").read_text()
        draft.editor.undo_own()
        write(draft, "short")
        path = draft.path
        ada.leave()
        again = sit("Ada")
        assert "short" in again.open(path).document.text()
    finally:
        small.process.kill()


def test_the_dialog_goes_on_after_working_offline_and_disturbs_nobody_if_it_is_closed_before_the_answer_comes(
    sit, team_server
) -> None:
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan", "owner"))
    flow = ada.application.sharing.show_people(draft)
    dialog = flow.dialog
    ada.until(lambda: dialog._pages.currentWidget() is dialog._tabs)
    draft.window.actions_["work_offline"].trigger()
    ada.until(lambda: draft.shared is None)
    ada.until(lambda: dialog._pages.currentWidget() is not dialog._tabs)
    draft.window.actions_["work_offline"].trigger()
    ada.until(lambda: draft.shared is not None and server(draft) == SAVED)
    ada.until(lambda: dialog._pages.currentWidget() is dialog._tabs)

    flow.refresh()
    dialog.close()
    ada.until(lambda: not isValid(flow))
    told: list[object] = []
    draft.shared.members.list(told.append, told.append)  # behind the answer that nobody waits for any more
    ada.until(lambda: told)
    assert isinstance(told[0], MemberList)
    write(draft, "still here")
    ada.until(lambda: server(draft) == SAVED)
