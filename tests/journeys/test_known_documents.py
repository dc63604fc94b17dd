"""Links to documents that are on this computer already: real applications, a real server, real sockets."""

from __future__ import annotations

import pytest
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from shiboken6 import isValid

from cowrite.gui.people.share_dialog import ShareDialog
from cowrite.storage import settings
from cowrite.sync.host import CannotHost
from cowrite.sync.link import Link
from helpers.desk import SAVED, host, hosted, local, notices, same, server, write
from helpers.processes import free_port
from helpers.team_server import TeamServer

pytestmark = pytest.mark.journey


def stop(flow, wanted: SignalInstance, yes: str = "Stop sharing", no: str = "Keep sharing") -> None:
    """Ends sharing in its dialog, which asks whether to."""
    wanted.emit()
    (question,) = flow.dialog.findChildren(QMessageBox)
    assert question.defaultButton().text() == no
    next(each for each in question.buttons() if each.text() == yes).click()


def test_a_link_with_more_rights_opens_the_document_that_is_there_and_one_to_read_does_not_promise_to_send(
    sit, team_server
):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.join(team_server.invite("plan"))
    write(draft, "for both")
    view = bo.join(team_server.invite("plan", "viewer"))
    bo.until(lambda: view.editor.isReadOnly() and "for both" in view.document.text())
    assert bo.join(team_server.invite("plan")) is view
    bo.until(lambda: not view.editor.isReadOnly())
    write(view, "and mine ")
    ada.until(lambda: "and mine" in draft.document.text() and same(draft, view))
    bo.until(lambda: server(view) == SAVED)
    again = bo.application.joining.join_text(team_server.invite("plan", "viewer").replace("127.0.0.1", "localhost"))
    bo.until(lambda: "You have this document already" in notices(again))
    assert "since stays unsent by this link." in notices(again)


def test_another_link_to_a_document_that_is_closed_opens_its_file_which_has_its_name_by_then(sit, team_server):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.join(team_server.invite("plan"))
    write(draft, "for both")
    view = bo.application.joining.join_text(team_server.invite("plan", "viewer"))
    bo.until(lambda: "for both" in view.document.text() and server(view) == SAVED)
    assert view.path.stem == "Joined document"
    bo.new()
    assert view.window.close()
    assert view.path.stem == "for both"
    again = bo.join(team_server.invite("plan"))
    assert again.path == view.path
    bo.until(lambda: not again.editor.isReadOnly() and server(again) == SAVED)
    assert same(draft, again)


def test_a_new_link_to_the_same_room_at_another_address_leads_to_what_was_written_offline(sit, team_server):
    ada, bo = sit("Ada"), sit("Bo")

    def go_on(room: str, is_open: bool) -> None:
        draft, mate = ada.joined(team_server.invite(room)), bo.joined(team_server.invite(room))
        mate.window.actions_["work_offline"].setChecked(True)
        write(mate, "offline")
        path = mate.path
        if not is_open:
            assert mate.window.close()
        link = team_server.invite(room).replace("127.0.0.1", "localhost")
        again = bo.application.joining.join_text(link)
        bo.until(lambda: "You have this document already" in notices(again))
        assert "offline" not in again.document.text()
        again.window.notices.answered.emit("moved", "go_on")
        assert again.is_closed
        mate = bo.open(path)
        ada.until(lambda: server(mate) == SAVED and draft.document.text() == mate.document.text() == "offline")
        assert mate.shared.link == Link.parse(link)
        assert bo.join(team_server.invite(room).replace("127.0.0.1", "localhost")) is mate

    go_on("plan", is_open=True)
    go_on("minutes", is_open=False)


def test_a_document_of_the_same_room_name_on_another_server_is_another_document(sit, team_server, tmp_path):
    bo = sit("Bo")
    (tmp_path / "other").mkdir()
    other = TeamServer(tmp_path / "other")
    try:
        mate, further = bo.join(team_server.invite("plan")), bo.application.joining.join_text(other.invite("plan"))
        bo.until(lambda: server(mate) == server(further) == SAVED)
        assert notices(further) == ""
    finally:
        other.process.kill()


def test_a_document_that_is_shared_again_comes_back_to_the_copies_of_it(sit):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.new()
    write(draft, "first ")
    mate = bo.join(hosted(ada, draft))
    path = mate.path
    bo.new()
    written = ["first"]
    for is_open in (True, False):
        bo.until(lambda mate=mate: same(draft, mate) and server(mate) == SAVED)
        for words in ("Keep sharing", "Stop sharing"):
            assert server(draft) == SAVED
            assert draft.window.actions_["work_offline"].isEnabled()
            draft.window.actions_["stop_sharing"].trigger()
            (question,) = [box for box in draft.window.findChildren(QMessageBox) if box.isVisible()]
            assert "All its links become void" in question.informativeText()
            next(button for button in question.buttons() if button.text() == words).click()
        bo.until(lambda mate=mate: "any more" in notices(mate))
        for id in ("stop_sharing", "work_offline"):
            assert not draft.window.actions_[id].isEnabled()
            assert draft.window.actions_[id].toolTip().endswith("\nThis document is not shared")
        mine, theirs = (f"{name}{is_open}" for name in ("ada", "bo"))
        written += [mine, theirs]
        for each, word in ((draft, mine), (mate, theirs)):
            each.editor.set_caret(0)
            write(each, f"{word} ")
        if not is_open:
            assert mate.window.close()
        mate = bo.join(hosted(ada, draft))
        assert mate.path == path
        bo.until(lambda mate=mate: same(draft, mate) and server(draft) == server(mate) == SAVED)
        assert sorted(draft.document.text().split()) == sorted(written)


def test_a_link_that_is_made_right_after_the_last_one_was_withdrawn_lets_people_in(sit):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.new()
    write(draft, "first ")
    flow = host(ada, draft)
    old = QGuiApplication.clipboard().text()
    stop(flow, flow.dialog.host.stop_requested)
    flow.dialog.host.host_requested.emit("editor")
    ada.until(lambda: server(draft) == SAVED and QGuiApplication.clipboard().text() != old)
    flow.dialog.reject()
    mate = bo.join(local(QGuiApplication.clipboard().text()))
    bo.until(lambda: same(draft, mate) and server(mate) == SAVED)


@pytest.mark.parametrize("is_hosted", [True, False])
def test_who_goes_to_a_team_server_while_links_are_made_stays_there(sit, team_server, is_hosted):
    ada = sit("Ada")
    draft = ada.new()
    write(draft, "first ")
    if is_hosted:
        hosted(ada, draft)
    link = team_server.invite("plan")
    flow = ada.application.sharing.share(draft)
    if not is_hosted:
        flow.dialog.host.host_requested.emit("editor")
    flow.dialog.server.server_requested.emit(link)
    withdrawn: list[str] = []
    withdraw = ada.application.hosting.forget
    ada.application.hosting.forget = lambda room: (withdraw(room), withdrawn.append(room))
    ada.until(lambda: server(draft) == SAVED and not ada.application.keys.sharing.invites and (is_hosted or withdrawn))
    assert str(draft.shared.link) == link
    assert not ada.application.keys.sharing.hosted
    assert draft.window.actions_["stop_sharing"].isEnabled()
    draft.window.actions_["copy_link"].trigger()
    assert QGuiApplication.clipboard().text() == link
    told = [label.text() for label in draft.window.notices.findChildren(QLabel)]
    assert any("gets the rights for which it was made." in text for text in told)  # perhaps not theirs
    stop(flow, flow.dialog.server.leave_requested, "Leave", "Stay")
    assert draft.shared is None
    assert not draft.window.actions_["stop_sharing"].isEnabled()
    draft.window.actions_["copy_link"].trigger()  # there is none yet
    ada.until(lambda: any(dialog.isVisible() for dialog in draft.window.findChildren(ShareDialog)))


def test_a_link_to_what_one_hosts_oneself_opens_it_and_what_is_gone_is_joined_once(sit):
    ada = sit("Ada")
    draft = ada.new()
    write(draft, "first ")
    link, path = hosted(ada, draft), draft.path
    assert ada.join(link) is draft
    assert server(draft) == SAVED
    ada.new()
    assert draft.window.close()
    path.unlink()
    mate = ada.join(link)
    ada.until(lambda: mate.document.text() == "first \n")
    assert ada.join(link) is mate
    assert "address" not in mate.window.notices.ids()


def test_a_link_to_a_document_that_was_opened_long_ago_opens_it(sit, team_server, monkeypatch):
    monkeypatch.setattr(settings, "MAX_RECENT", 3)
    bo = sit("Bo")
    link = team_server.invite("plan")
    view = bo.joined(link)
    path = view.path
    others = [bo.new() for _ in range(settings.MAX_RECENT)]
    assert path not in bo.application.choices.settings.recent
    assert view.window.close()
    assert bo.join(link).path == path
    assert len(bo.application.documents.drafts) == len(others) + 1


def test_whether_a_document_lives_at_another_address_now_is_asked(sit):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.new()
    write(draft, "first ")
    link = hosted(ada, draft)
    mate = bo.join(link)
    bo.until(lambda: same(draft, mate) and server(mate) == SAVED)
    other = link.replace("127.0.0.1", "localhost")
    for _ in range(2):  # asked again, it is asked once
        assert bo.join(other) is mate
    assert "leads to this document at localhost" in notices(mate)
    assert mate.shared.link.host == "127.0.0.1"
    mate.window.notices.answered.emit("address", "go_on")
    assert "address" not in mate.window.notices.ids()
    assert mate.shared.link.host == "localhost"
    write(mate, "there ")
    bo.until(lambda: "there" in draft.document.text() and server(mate) == SAVED)
    assert bo.application.documents.drafts == [mate]

    assert bo.join(link) is mate
    assert "leads to this document at 127.0.0.1" in notices(mate)
    mate.window.notices.answered.emit("address", "apart")
    assert "address" not in mate.window.notices.ids()
    assert mate.shared.link.host == "localhost"
    kept, second = bo.application.documents.drafts
    assert kept is mate
    bo.until(lambda: same(draft, second))


def test_rooms_of_one_name_on_two_servers_that_let_everybody_in_are_two_documents(sit):
    bo = sit("Bo")
    first, second = (bo.join(f"cowrite://127.0.0.1:{port}/plan") for port in (free_port(), free_port()))
    assert second is not first
    assert "address" not in first.window.notices.ids()


def test_that_links_could_not_be_withdrawn_is_said_though_the_dialog_has_gone(sit, monkeypatch, caplog):
    ada = sit("Ada")
    draft = ada.new()
    flow = host(ada, draft)

    async def fail(_room: str) -> None:
        raise CannotHost(ada.paths.data, "The disk is full.")

    monkeypatch.setattr(ada.application.hosting._host, "withdraw", fail)
    stop(flow, flow.dialog.host.stop_requested)
    flow.dialog.reject()
    ada.until(lambda: "The disk is full." in notices(draft))
    assert "links to a document that is hosted no more are still good" in caplog.text
    caplog.clear()


def test_a_link_from_another_program_is_asked_about_unless_the_person_has_come_by_it_before(sit, qtbot):
    ada = sit("Ada")
    application = ada.application
    ada.new()
    link = "cowrite://example.invalid:8765/plan#secret"
    assert application.open_all([link])
    first = application.links.dialog
    assert application.open_all([link])  # as a page may, again and again
    dialog = application.links.dialog
    assert dialog is first
    assert dialog.isVisible()
    (said,) = [each.text() for each in dialog.findChildren(QLabel) if "example.invalid" in each.text()]
    assert "learns your name" in said
    assert len(application.documents.drafts) == 1
    (join,) = [each for each in dialog.findChildren(QPushButton) if each.text() == "Join"]
    join.click()
    draft = application.documents.drafts[-1]
    assert len(application.documents.drafts) == 2
    assert str(draft.shared.link) == link
    assert application.open_all([link])
    assert application.links.dialog is None
    assert len(application.documents.drafts) == 2
    assert application.open_all(["cowrite://example.invalid:8765/plan#another"])
    assert str(draft.shared.link) == link
    application.links.dialog.reject()


def test_a_link_is_asked_about_again_after_the_window_before_which_it_was_asked_is_gone(sit):
    ada = sit("Ada")
    application = ada.application
    first, second = ada.new(), ada.new()
    first.come_to_front()
    application.open_all(["cowrite://example.invalid:8765/plan#secret"])
    asked_before = application.links.dialog.parentWidget()
    draft = next(each for each in (first, second) if each.window is asked_before)
    draft.window.close()
    ada.until(lambda: not isValid(asked_before))
    assert application.open_all(["cowrite://example.invalid:8765/plan#another"])
    assert application.links.dialog.isVisible()
    application.links.dialog.reject()


def test_links_that_come_while_one_is_asked_about_are_asked_about_one_after_the_other(sit):
    ada = sit("Ada")
    application = ada.application
    draft = ada.new()
    links = [f"cowrite://example.invalid:8765/plan{number}#secret" for number in (1, 2, 3, 3, *range(4, 20))]
    assert application.open_all(links)
    first = application.links.dialog
    assert first.link() == links[0]
    draft.window.close()
    ada.until(lambda: not isValid(first))
    assert application.links.dialog is None  # with the last window the program goes, and nothing keeps it
    application.show_library()
    assert application.open_all(links)
    asked = list[str]()
    while (dialog := application.links.dialog) is not None:
        assert dialog.isVisible()
        asked.append(dialog.link())
        dialog.reject()
        ada.until(lambda: not isValid(dialog))
    assert asked == list(dict.fromkeys(links))[:11]


def test_who_joined_is_asked_whether_to_leave_and_the_others_go_on(sit):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.new()
    mate = bo.joined(hosted(ada, draft))
    mate.window.actions_["stop_sharing"].trigger()
    (question,) = [box for box in mate.window.findChildren(QMessageBox) if box.isVisible()]
    assert question.text() == f"Leave “{mate.title}”?"
    assert "the others go on with it" in question.informativeText()
    next(button for button in question.buttons() if button.text() == "Leave").click()
    bo.until(lambda: server(mate) == "")
    assert server(draft) == SAVED
