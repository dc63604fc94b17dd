"""People who write together: real applications, a real server, real sockets."""

from __future__ import annotations

import gc
import re
import weakref
from hashlib import sha256

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from cowrite.app.draft.draft import Draft
from cowrite.app.sharing import own_colour
from cowrite.bridge.file.pictures import png_of
from cowrite.bridge.shared import images
from cowrite.core.text.origin import Origin
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.storage.settings import Settings, save_settings
from cowrite.sync import blob_exchange
from cowrite.sync.blob import Blob
from cowrite_server.wire.protocol import Role
from helpers.commenting import press, select
from helpers.desk import SAVED, hear_role, here, host, notices, same, server, texts, write
from helpers.processes import free_port
from helpers.team_server import TeamServer, administer

pytestmark = pytest.mark.journey


def test_a_document_is_hosted_with_one_click_and_a_teammate_joins_by_the_link(sit, qtbot):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.new()
    write(draft, "# Minutes\n- **first**")
    flow = host(ada, draft)
    link = QGuiApplication.clipboard().text()
    assert link.startswith("cowrite://")
    assert "The document is shared, and the link is on the clipboard." in texts(flow.dialog.host)
    flow.dialog.host.role_changed.emit("viewer")
    ada.until(lambda: QGuiApplication.clipboard().text() != link)  # it is not the one that lets others write
    (shown,) = [each.text() for each in flow.dialog.host.findChildren(QLineEdit)]
    assert QGuiApplication.clipboard().text() == shown
    QGuiApplication.clipboard().setText("something else")
    flow.dialog.host.role_changed.emit("editor")
    ada.until(lambda: link in [each.text() for each in flow.dialog.host.findChildren(QLineEdit)])
    assert QGuiApplication.clipboard().text() == "something else"
    flow.dialog.reject()
    local = re.sub(r"//[^/]+:", "//127.0.0.1:", link)
    mate = bo.join(local)
    bo.until(lambda: same(draft, mate) and draft.document.text() != "\n")
    draft.editor.set_caret(7)
    mate.editor.set_caret(mate.document.length - 1)
    for left, right in zip("one two ", "😀漢 three", strict=True):
        write(draft, left)
        write(mate, right)
    bo.until(lambda: same(draft, mate) and server(draft) == server(mate) == SAVED)
    text = draft.document.text()
    assert text == "Minutesone two \nfirst😀漢 three\n"
    ada.until(lambda: "Bo" in [row.person.name for row in draft.window.people.rows])
    ada.until(lambda: [caret.name for caret in draft.editor._others.carets] == ["Bo"])
    bo.until(lambda: [caret.name for caret in mate.editor._others.carets] == ["Ada"])


def test_a_document_that_begins_with_a_template_is_shared_as_any_other(sit, qtbot):
    ada, bo = sit("Ada"), sit("Bo")
    first = ada.new()
    flow = ada.application.ask_template(first.window)
    qtbot.waitUntil(lambda: flow.dialog.page.text.startswith("Minutes: "))
    with qtbot.waitSignal(ada.application.documents.opened) as begun:
        QTest.keyClick(flow.dialog.search, Qt.Key.Key_Return)
    draft = begun.args[0]
    sharing = host(ada, draft)
    sharing.dialog.reject()
    mate = bo.join(re.sub(r"//[^/]+:", "//127.0.0.1:", QGuiApplication.clipboard().text()))
    bo.until(lambda: same(draft, mate) and "Agenda" in mate.document.text())
    write(draft, "garden")
    bo.until(lambda: "Minutes: garden" in mate.document.text().splitlines())
    mate.window.actions_["next_blank"].trigger()
    write(mate, "Bo")
    bo.until(lambda: same(draft, mate) and server(draft) == server(mate) == SAVED)
    assert {"Minutes: garden", "Bo"} <= set(draft.document.text().splitlines())


def test_who_may_not_edit_reads_along_and_cannot_write(sit, team_server):
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan"))
    for name, role, why in (("Vera", "viewer", "You may read"), ("Cleo", "commenter", "You may comment")):
        desk = sit(name)
        view = desk.join(team_server.invite("plan", role))
        desk.until(view.editor.isReadOnly)
        assert view.window.status._badge.toolTip().startswith(why)
        write(draft, f"for {name}")
        desk.until(lambda view=view, name=name: f"for {name}" in view.document.text())
        write(view, "no")
        view.editor.edits.insert_divider()
        assert same(draft, view)
        ada.until(lambda name=name: name in [caret.name for caret in draft.editor._others.carets])


def opened_and_closed(desk, link):
    """Weak references to a draft that was joined, written in and closed, and to its parts."""
    draft = desk.join(link)
    write(draft, "words")
    desk.until(lambda: server(draft) == SAVED)
    for view in range(draft.window.views.tabs.count()):
        draft.window.views.tabs.setCurrentIndex(view)
        QApplication.processEvents()
    parts = (draft, draft.window, draft.editor, draft.document, draft.connection.shared)
    assert draft.window.close()
    return [weakref.ref(part) for part in parts]


def test_nothing_of_a_closed_draft_stays_in_memory(sit, team_server):
    ada = sit("Ada")
    kept = ada.new()
    parts = opened_and_closed(ada, team_server.invite("plan"))
    ada.until(lambda: ada.application.documents.drafts == [kept])
    ada.until(lambda: gc.collect() and [part() for part in parts] == [None] * len(parts))


def png(colour: int) -> bytes:
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(colour)
    return png_of(image)


def has_image(draft: Draft, name: str) -> bool:
    draft.editor.grab()  # a picture is fetched when it is to be shown
    return draft.images.image(name) is not None


def test_an_image_reaches_a_teammate_who_has_never_seen_it_also_where_it_was_here_before_one_might_send_it(
    sit, team_server, monkeypatch
):
    asked, due, _, *made = blob_exchange._Fetch.__init__.__defaults__
    monkeypatch.setattr(blob_exchange._Fetch.__init__, "__defaults__", (asked, due, 0.1, *made))  # asks again soon
    ada, bo = sit("Ada"), sit("Bo")
    draft, mate = ada.joined(team_server.invite("plan")), bo.joined(team_server.invite("plan"))
    draft.editor.edits.insert_embed({"image": draft.images.put(png(0x336699), "image/png")})
    (name,) = [span.embed["image"] for span in draft.document.spans() if span.embed]
    bo.until(lambda: has_image(mate, name))
    assert mate.images.image(name).size() == draft.images.image(name).size()

    hear_role(draft, Role.VIEWER)
    content = png(0x996633)
    digest = sha256(content).digest()
    draft.images.receive(digest, Blob("image/png", content))  # as where it is in the file
    other = f"sha256:{digest.hex()}"
    with draft.document.edit(Origin.IMPORT) as edit:
        edit.insert_embed(0, {"image": other})
    hear_role(draft, Role.EDITOR)
    bo.until(lambda: has_image(mate, other))


def test_both_go_on_while_the_server_is_dead_and_nothing_is_lost_or_doubled(sit, team_server):
    ada, bo = sit("Ada"), sit("Bo")
    link = team_server.invite("plan")
    draft, mate = ada.joined(link), bo.joined(link)
    written: list[str] = []

    def both_write(turn: int) -> None:
        for number in range(6):
            for who, each in (("a", draft), ("b", mate)):
                token = f"<{who}{turn}.{number}>"
                each.editor.set_caret(each.document.length - 1)
                write(each, token)
                written.append(token)
                QApplication.processEvents()

    both_write(0)
    for turn in range(1, 4, 2):
        team_server.process.kill()
        ada.until(lambda: "Offline" in server(draft) and "Offline" in server(mate))
        both_write(turn)
        ada.until(lambda: "waiting" in server(draft) and "waiting" in server(mate))
        team_server.start()
        both_write(turn + 1)
    ada.until(lambda: same(draft, mate) and server(draft) == server(mate) == SAVED, 40)
    text = draft.document.text()
    # Both write at the end, so that letters of one can stand between those of the other; each letter is there once.
    assert sorted(text.strip()) == sorted("".join(written))
    for desk in (ada, bo):
        desk.leave()
    team_server.process.kill()
    team_server.start()
    carl = sit("Carl")
    copy = carl.joined(link)
    assert copy.document.text() == text


def test_what_is_deleted_just_before_the_window_closes_is_known_to_wait_for_the_server(sit, team_server):
    ada = sit("Ada")
    draft = ada.join(team_server.invite("plan"))
    write(draft, "Herbs.")
    ada.until(lambda: server(draft) == SAVED)
    path = draft.path
    team_server.process.kill()
    ada.until(lambda: server(draft).startswith("Offline"))
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.delete(0, 2)
    ada.leave()
    ada = sit("Ada")
    draft = ada.open(path)
    ada.until(lambda: server(draft) == "Offline, 1 change waiting")


def test_taking_an_image_out_that_the_server_refuses_leaves_nothing_unsaved(sit, tmp_path, monkeypatch):
    monkeypatch.setattr(images, "LOOK_DELAY", 50)
    small_server = TeamServer(tmp_path, "--room-blob-bytes", "1KiB")
    ada = sit("Ada")
    draft = ada.joined(small_server.invite("plan"))
    noise = QImage(bytes(range(256)) * 64, 64, 64, QImage.Format.Format_RGB32)
    draft.editor.edits.insert_embed({"image": draft.images.put(png_of(noise), "image/png")})
    refused = "The images of this document are together as large as the server accepts"
    ada.until(lambda: refused in notices(draft))
    assert refused in server(draft)
    write(draft, "Herbs.")
    draft.editor.set_caret(0)
    press(draft.editor, "Delete")
    ada.until(lambda: server(draft) == SAVED)
    assert refused not in notices(draft)
    draft.document.undo()
    ada.until(lambda: refused in server(draft))
    small_server.process.kill()


def test_a_person_works_offline_by_choice_and_comes_back(sit, team_server):
    ada, bo = sit("Ada"), sit("Bo")
    link = team_server.invite("plan")
    draft, mate = ada.joined(link), bo.joined(link)
    draft.window.actions_["work_offline"].setChecked(True)
    assert draft.window.people._alone.text() == "You are not connected, so you do not see who else is here."
    assert server(draft) == "Working offline"
    write(draft, "o")
    ada.until(lambda: server(draft) == "Working offline, 1 change waiting")
    write(draft, "ffline ")
    write(mate, "meanwhile ")
    bo.until(lambda: server(mate) == SAVED)
    assert "offline" not in mate.document.text()
    assert here(draft) == "Saved on this computer" or here(draft).startswith("Sav")
    draft.window.actions_["work_offline"].setChecked(False)
    ada.until(lambda: same(draft, mate) and server(draft) == SAVED)
    assert sorted(draft.document.text().split()) == ["meanwhile", "offline"]
    bo.until(lambda: mate.shared is not None and [each.name for each in mate.shared.presence.teammates()] == ["Ada"])


def test_what_was_written_and_deleted_offline_reaches_everybody_out_of_a_file_without_what_was_deleted(
    sit, team_server
):
    ada, bo = sit("Ada"), sit("Bo")
    link = team_server.invite("plan")
    draft, mate = ada.join(link), bo.join(link)
    write(draft, "early old ")
    ada.until(lambda: same(draft, mate) and server(draft) == server(mate) == SAVED)
    draft.window.actions_["work_offline"].setChecked(True)
    write(draft, "marigold thyme")
    for word in ("marigold ", "early "):
        select(draft, word)
        press(draft.editor, "Delete")
    mate.editor.set_caret(len("early "))  # behind what is deleted meanwhile
    write(mate, "new ")
    select(mate, "old ")
    press(mate.editor, "Delete")
    mate.document.undo()
    bo.until(lambda: server(mate) == SAVED)
    path = draft.path
    assert draft.write()
    assert b"marigold" in path.with_name(f"{path.name}-wal").read_bytes() + path.read_bytes()
    ada.leave()
    assert b"marigold" not in path.read_bytes()
    ada = sit("Ada")
    draft = ada.open(path)
    ada.until(lambda: same(draft, mate) and server(draft) == server(mate) == SAVED)
    assert sorted(mate.document.text().split()) == ["new", "old", "thyme"]


def test_a_shared_draft_is_shared_again_when_it_is_opened_again(sit, team_server, tmp_path, qtbot):
    link = team_server.invite("plan")
    ada = sit("Ada")
    draft = ada.join(link)
    write(draft, "today")
    ada.until(lambda: server(draft) == SAVED)
    path = draft.path
    ada.leave()
    bo = sit("Bo")
    mate = bo.join(link)
    bo.until(lambda: "today" in mate.document.text())
    write(mate, "tomorrow ")
    bo.until(lambda: server(mate) == SAVED)
    ada = sit("Ada")
    assert [entry.is_shared for entry in ada.application.choices.library.documents()] == [True]
    draft = ada.open(path)
    ada.until(lambda: same(draft, mate) and server(draft) == SAVED)
    assert ada.join(link) is draft


def test_a_withdrawn_link_is_said_and_the_person_keeps_a_copy(sit, team_server):
    ada = sit("Ada")
    link = team_server.invite("plan")
    draft = ada.join(link)
    write(draft, "kept")
    ada.until(lambda: server(draft) == SAVED)
    history = ada.application.show_history(draft)
    ada.until(history.foot.count.text)
    people = ada.application.sharing.show_people(draft).dialog
    administer(team_server.data, "revoke", "plan", "all")
    ada.until(lambda: "any more" in server(draft))
    assert "any more" in notices(draft)
    for window in (history, people):  # and not that they go on with the connection
        ada.until(lambda window=window: "any more" in "".join(texts(window)))
    people.close()
    draft.window.notices.answered.emit("closed", "detach")
    assert server(draft) == ""
    write(draft, " and mine")
    ada.until(lambda: here(draft) == "Saved on this computer")
    assert "kept" in draft.document.text()


def test_a_link_that_leads_nowhere_is_said_and_tried_again(sit):
    ada = sit("Ada")
    draft = ada.join(f"cowrite://127.0.0.1:{free_port()}/plan#secret")
    ada.until(lambda: server(draft).startswith(("Connecting", "Offline")))
    assert ada.application.joining.join_text("https://example.org/x") is None
    assert "no link" in notices(draft) or "not a link" in notices(draft)


def test_people_who_have_chosen_no_colour_are_told_apart_by_theirs(tmp_path, sit, team_server, monkeypatch):
    monkeypatch.setattr(own_colour, "PATIENCE", 200)
    names = ("Ada", "Bo", "Cy")
    for name in names:
        paths = Paths.of({HOME_VARIABLE: str(tmp_path / name)})
        save_settings(paths.settings, Settings(assistant_decided=True))  # all have the name that the system gives them
    desks = [sit(name) for name in names]
    drafts = [desk.join(team_server.invite("plan")) for desk in desks]

    def are_apart(draft: Draft) -> bool:
        colours = [row.person.colour for row in draft.window.people.rows]
        return len(set(colours)) == len(colours) == 3

    desks[0].until(lambda: all(map(are_apart, drafts)))
    desks[1].application.choices.set_me("Bo", desks[0].application.choices.settings.person.colour)
    chosen = desks[1].application.choices.settings.person.colour
    desks[1].application.choices.leave_colour({chosen})
    desks[0].until(lambda: all(map(are_apart, drafts)))
    assert desks[1].application.choices.settings.person.colour == chosen
