"""What a role does not allow: what is said and kept of it, in real applications, on a real server."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QMessageBox, QPushButton

from cowrite.core.text.origin import Origin
from cowrite.sync.status import Kind
from cowrite_server.wire.protocol import Role
from helpers.desk import SAVED, hear_role, notices, people, server, write

pytestmark = pytest.mark.journey


def test_a_role_that_is_taken_leaves_page_caret_and_undo_as_they_are_and_says_why(sit, team_server) -> None:
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan"))
    write(draft, "some words")
    ada.until(lambda: server(draft) == SAVED)
    draft.editor.set_caret(4)
    editor, page = draft.editor, draft.editor.document()
    hear_role(draft, Role.VIEWER)
    ada.until(draft.editor.isReadOnly)
    assert draft.editor is editor
    assert draft.editor.document() is page
    assert draft.editor.caret() == (4, 4)
    assert "You may read this document but not change it" in notices(draft)
    assert "ask an owner" in notices(draft)
    bold = draft.window.actions_["bold"]
    assert not bold.isEnabled()
    assert "You may read this document" in bold.toolTip()
    write(draft, "no")
    assert draft.document.text() == "some words"
    draft.editor.moveCursor(QTextCursor.MoveOperation.Start)
    draft.editor.selectAll()
    draft.editor.copy()
    assert QGuiApplication.clipboard().text().strip() == "some words"
    draft.rename("Other words")
    assert notices(draft).count("You may read this document but not change it") == 2
    hear_role(draft, Role.EDITOR)
    ada.until(lambda: not draft.editor.isReadOnly())
    assert "You may write in this document now" in notices(draft)
    assert "but not change it" not in notices(draft)
    assert bold.toolTip().startswith("Bold")
    assert "You may" not in bold.toolTip()
    draft.editor.undo_own()
    assert draft.document.text() == ""


def test_what_was_written_under_the_old_role_is_named_and_can_be_copied(sit, team_server) -> None:
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan"))
    write(draft, "kept ")
    ada.until(lambda: draft.shared._peer.waiting == 0)
    # The server's message is taken in before what was typed in the same turn is sent.
    draft.editor.insertPlainText("late words")
    hear_role(draft, Role.VIEWER)
    ada.until(lambda: "“late words”" in notices(draft))
    assert "kept on this computer only" in notices(draft)
    assert draft.document.text() == "kept late words"
    draft.window.actions_["work_offline"].setChecked(True)
    draft.window.notices.answered.emit("refused", "copy_text")
    assert QGuiApplication.clipboard().text() == "late words"
    draft.window.actions_["work_offline"].setChecked(False)  # the server has never taken the role
    ada.until(lambda: server(draft) == SAVED and "late words" not in notices(draft))


def who_wrote_offline(sit, team_server):
    """An owner, and somebody who writes at the beginning while they are offline; each with their draft."""
    ada, bo = sit("Ada"), sit("Bo")
    draft, mate = ada.joined(team_server.invite("plan", "owner")), bo.joined(team_server.invite("plan"))
    write(draft, "some words")
    bo.until(lambda: server(mate) == SAVED and mate.document.text() == "some words")
    mate.window.actions_["work_offline"].setChecked(True)
    write(mate, "written late ")
    return ada, draft, bo, mate


def give_bo(role, ada, draft):
    """The owner gives Bo a role."""
    rows = people(ada, draft).members
    ada.until(lambda: any(row.member.name == "Bo" for row in rows._rows))
    next(row for row in rows._rows if row.member.name == "Bo").role_chosen.emit(role)
    ada.until(lambda: any(row.member.role is role for row in rows._rows if row.member.name == "Bo"))


def test_what_the_server_did_not_take_is_said_after_a_restart_too_and_who_comments_goes_on_in_the_servers_copy(
    sit, team_server
) -> None:
    ada, draft, bo, mate = who_wrote_offline(sit, team_server)
    give_bo(Role.COMMENTER, ada, draft)
    path = mate.path
    bo.leave()
    bo = sit("Bo")
    mate = bo.open(path)
    mate.window.actions_["work_offline"].setChecked(False)
    bo.until(lambda: "The server did not take “written late”" in notices(mate))
    (answer,) = [each for each in mate.window.notices.findChildren(QPushButton) if "server’s copy" in each.text()]
    answer.click()
    bo.until(lambda: len(bo.application.documents.drafts) == 2)
    copy = next(each for each in bo.application.documents.drafts if each is not mate)
    bo.until(lambda: server(copy) == SAVED and copy.document.text() == "some words")
    assert "written late" in notices(mate)
    assert not [each for each in mate.window.notices.findChildren(QPushButton) if "server’s copy" in each.text()]
    copy.comments.flow.comments.add(0, 4, "Which?", copy.connection.author)
    bo.until(lambda: [each.thread.text for each in draft.comments.flow.comments.all()] == ["Which?"])


def test_whoever_comments_behind_a_change_that_was_refused_is_read_and_answered_by_the_others(sit, team_server) -> None:
    ada, draft, bo, mate = who_wrote_offline(sit, team_server)
    here, there = mate.comments.flow.comments, draft.comments.flow.comments
    id = here.add(13, 17, "Which?", mate.connection.author)
    give_bo(Role.COMMENTER, ada, draft)
    mate.window.actions_["work_offline"].setChecked(False)
    bo.until(lambda: [each.thread.text for each in there.all()] == ["Which?"])
    assert draft.document.text() == "some words"
    assert mate.document.text() == "written late some words"
    bo.until(lambda: "“written late”" in notices(mate))
    assert "Your comments reach the others all the same" in notices(mate)
    there.reply(id, "These.", draft.connection.author)
    bo.until(lambda: [reply.text for reply in here.get(id).thread.replies] == ["These."])
    mate.window.notices.remove("refused")
    here.reply(id, "Thanks!", mate.connection.author)
    bo.until(lambda: [reply.text for reply in there.get(id).thread.replies] == ["These.", "Thanks!"])
    there.resolve(there.get(id).thread)
    bo.until(lambda: here.get(id).thread.is_resolved)
    assert "written late" not in notices(mate)  # the person has read it
    assert mate.shared.status.kind is Kind.REFUSED
    give_bo(Role.EDITOR, ada, draft)
    bo.until(lambda: server(mate) == SAVED and draft.document.text() == "written late some words")
    here.reply(id, "Now I may write.", mate.connection.author)
    bo.until(lambda: len(there.get(id).thread.replies) == 3)
    assert [each.thread for each in there.all()] == [each.thread for each in here.all()]


def test_who_was_removed_while_offline_is_told_that_what_they_wrote_is_in_their_copy_alone(sit, team_server) -> None:
    ada, draft, bo, mate = who_wrote_offline(sit, team_server)
    dialog = people(ada, draft)
    row = next(row for row in dialog.members._rows if row.member.name == "Bo")
    row.removal_requested.emit()
    box = next(each for each in dialog.findChildren(QMessageBox) if each.isVisible())
    next(each for each in box.buttons() if each.text() == "Remove").click()
    ada.until(lambda: any(row.member.name == "Bo" and row.member.removed for row in dialog.members._rows))
    mate.window.actions_["work_offline"].setChecked(False)
    bo.until(lambda: "does not let you in any more" in notices(mate))
    assert "What you wrote last is not on the server. It is kept in this copy." in notices(mate)
    assert (draft.document.text(), mate.document.text()) == ("some words", "written late some words")
    mate.window.notices.remove("closed")
    write(mate, "more ")
    assert notices(mate) == ""  # the person has read it


def test_of_what_was_refused_nothing_is_promised_to_whoever_is_not_let_in_any_more(sit, team_server) -> None:
    ada, bo = sit("Ada"), sit("Bo")
    draft, mate = ada.joined(team_server.invite("plan", "owner")), bo.joined(team_server.invite("plan", "commenter"))
    dialog = people(ada, draft)
    mate.document.meta.set_title("Mine", Origin.LOCAL)
    bo.until(lambda: "The server did not take" in notices(mate))
    invite = next(row.invite for row in dialog.invites._rows if row.invite.role is Role.COMMENTER)
    dialog.invites.withdrawal_requested.emit(invite.id, False)
    bo.until(lambda: "does not let you in any more" in notices(mate))
    assert "It is kept on this computer only." in notices(mate)
    assert "Your comments" not in notices(mate)
