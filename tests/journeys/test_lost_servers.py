"""What a person meets when servers, links and keys fail."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from cowrite.app.draft.draft import Draft
from cowrite.bridge.shared.document import SharedDocument
from cowrite.gui.people.people_panel import PersonRow
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.layout import Property
from cowrite.storage.sharing import load_sharing
from cowrite.sync.rights import Rights
from cowrite_server.wire.members import role_message
from cowrite_server.wire.protocol import SUBPROTOCOL, Role
from helpers.closing import Quits
from helpers.desk import SAVED, choices, come, here, notices, server, share, write
from helpers.keys import press
from helpers.team_server import administer

pytestmark = pytest.mark.journey


class FrozenServer:
    """A server that lets clients in, and from `freeze` on neither reads nor answers."""

    def __init__(self) -> None:
        self.clients = 0
        self.port = 0
        self._is_listening, self._thaw = threading.Event(), threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()))
        self._thread.start()
        self._is_listening.wait()

    def freeze(self) -> None:
        self._loop.call_soon_threadsafe(self._thaw.wait)

    def end(self) -> None:
        self._thaw.set()
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        async with serve(self._welcome, "127.0.0.1", 0, subprotocols=[Subprotocol(SUBPROTOCOL)]) as listening:
            self.port = listening.sockets[0].getsockname()[1]
            self._is_listening.set()
            await self._stop.wait()

    async def _welcome(self, connection: ServerConnection) -> None:
        self.clients += 1
        await connection.wait_closed()


@pytest.fixture
def frozen_server() -> Iterator[FrozenServer]:
    server = FrozenServer()
    yield server
    server.end()


def test_quitting_waits_about_a_second_for_the_frozen_server_of_many_drafts(sit, frozen_server, monkeypatch):
    waits: list[float] = []
    leave = SharedDocument.leave

    def timed(shared: SharedDocument) -> None:
        begun = time.monotonic()
        leave(shared)
        waits.append(time.monotonic() - begun)

    monkeypatch.setattr(SharedDocument, "leave", timed)
    desk = sit()
    quits = Quits(desk, monkeypatch)
    for number in range(4):
        desk.join(f"cowrite://127.0.0.1:{frozen_server.port}/room{number}#secret")
    desk.until(lambda: frozen_server.clients == 4)
    frozen_server.freeze()
    desk.application.quit()
    assert quits.count == 1
    assert len(waits) >= 4
    assert sum(waits) < 2  # to write the drafts takes a time of its own


def test_what_a_person_does_comes_between_the_messages_of_a_flood(sit):
    desk = sit()
    draft = desk.new()
    share(desk, draft)
    shared = draft.shared
    for number in range(100):
        role = (Role.VIEWER, Role.EDITOR)[number % 2]
        come(shared, role_message(role))
    shared._take_in()
    assert shared._transport.waiting
    write(draft, "Kept")
    desk.until(lambda: not shared._transport.waiting)
    assert shared.may_edit


def test_a_page_whose_text_has_never_come_says_so_until_it_comes(sit, qtbot):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.new()
    write(draft, "Herbs")
    share(ada, draft)
    path = draft.path
    link = re.sub(r"//[^/]+:", "//127.0.0.1:", QGuiApplication.clipboard().text())
    ada.leave()
    mate = bo.join(link)
    qtbot.waitUntil(lambda: "This document is not here yet." in notices(mate))
    assert "Nothing answers at 127.0.0.1" in notices(mate)
    qtbot.waitUntil(lambda: mate.editor.viewport().findChild(QLabel, "hint") is not None)  # a moment after the window
    hint = mate.editor.viewport().findChild(QLabel, "hint")
    assert hint.text() == "The text is not here yet"
    sit("Ada").open(path)
    bo.until(lambda: mate.document.text() == "Herbs\n" and not notices(mate))
    mate.editor.selectAll()
    press(mate.editor, "Delete")
    qtbot.waitUntil(lambda: hint.isVisible() and hint.text() == "Write here")
    mate.connection.take_rights(Rights.of(Role.VIEWER))
    assert hint.text() == "Nothing is written here yet"


def test_the_question_about_a_stranger_stays_while_the_other_document_is_open_as_well(sit):
    ada, bo = sit("Ada"), sit("Bo")
    theirs = ada.new()
    write(theirs, "theirs")
    room = share(ada, theirs)
    invited: list[str] = []
    ada.application.hosting.invite(room, Role.EDITOR, lambda _invitation, own: invited.append(str(own)), invited.append)
    ada.until(lambda: invited)
    mine = bo.new()
    write(mine, "mine")
    flow = bo.application.sharing.share(mine)
    flow.dialog.server.server_requested.emit(invited[0])
    flow.dialog.reject()
    bo.until(lambda: "another document" in notices(mine))
    mine.window.show()
    mine.window.notices.answered.emit("closed", "copy")
    (other,) = [draft for draft in bo.application.documents.drafts if draft is not mine]
    bo.until(lambda: other.document.text() == "theirs\n")
    write(mine, "!")
    bo.until(lambda: here(mine) == "Saved on this computer")
    assert choices(mine) == {"Keep them apart", "Put both together"}
    assert mine.document.text() == "mine!\n"
    mine.window.notices.answered.emit("closed", "detach")
    bo.until(lambda: "another document" not in notices(mine))


def test_a_document_that_was_joined_once_is_not_put_together_with_another_room_unasked(sit):
    ada, bo = sit("Ada"), sit("Bo")
    links: list[str] = []
    for text in ("first", "second"):
        draft = ada.new()
        write(draft, text)
        room = share(ada, draft)
        ada.application.hosting.invite(room, Role.EDITOR, lambda _invitation, own: links.append(str(own)), links.append)
    ada.until(lambda: len(links) == 2)
    mine = bo.join(links[0])
    bo.until(lambda: mine.document.text() == "first\n" and server(mine) == "Saved on the server")
    bo.application.sharing.stop(mine)
    flow = bo.application.sharing.share(mine)
    flow.dialog.server.server_requested.emit(links[1])
    flow.dialog.reject()
    bo.until(lambda: "another document" in notices(mine))
    assert mine.document.text() == "first\n"


def test_a_room_that_was_rebuilt_from_a_backup_is_never_mixed_in_and_the_person_chooses(sit, team_server, tmp_path):
    backup = str(tmp_path / "backup")
    ada, bo = sit("Ada"), sit("Bo")
    link = team_server.invite("plan")
    draft, mate = ada.join(link), bo.join(link)
    for words in ("in the backup", ", and later"):
        write(draft, words)
        bo.until(lambda words=words: words in mate.document.text())
        ada.until(lambda: server(draft) == "Saved on the server")
        if words == "in the backup":
            administer(team_server.data, "backup", backup)
    bo.leave()
    text = draft.document.text()
    team_server.process.kill()
    administer(team_server.data, "restore", backup)
    team_server.start()
    draft.window.show()
    ada.until(lambda: choices(draft) == {"Keep my copy, unshared", "Open the server’s copy as well"})
    assert draft.document.text() == text
    draft.window.notices.answered.emit("closed", "copy")
    (other,) = [each for each in ada.application.documents.drafts if each is not draft]
    ada.until(lambda: other.document.text() == "in the backup" and server(other) == "Saved on the server")
    draft.window.notices.answered.emit("closed", "detach")
    write(draft, ", and mine")
    ada.until(lambda: here(draft) == "Saved on this computer")
    assert sorted(draft.document.text()) == sorted(f"{text}, and mine")
    assert other.document.text() == "in the backup"


# Keys


def test_damaged_keys_are_said_and_kept(sit, caplog):
    desk = sit()
    desk.leave()
    path = desk.paths.data / "keys" / "sharing.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"links": [1]}')
    desk = sit()
    desk.application.start([])
    (draft,) = desk.application.documents.drafts
    (kept,) = path.parent.glob("*.broken-*")
    assert str(kept) in notices(draft)
    assert "cannot be read" in caplog.text
    caplog.clear()


def test_keys_that_cannot_be_stored_are_said_and_logged_and_stored_with_those_that_can_also_a_link_that_is_none(
    sit, caplog
):
    desk = sit()
    draft = desk.new()
    (desk.paths.data / "keys").write_bytes(b"in the way")
    desk.application.keys.change(lambda sharing: sharing.with_link("id", "cowrite://host/room#secret"))
    desk.until(lambda: "lost when cowrite ends" in notices(draft))
    assert "keys are not kept" in caplog.text
    (desk.paths.data / "keys").unlink()
    desk.application.keys.change(lambda sharing: sharing.with_link(draft.document_id, "nonsense"))
    desk.until(lambda: "lost when cowrite ends" not in notices(draft))
    assert load_sharing(desk.paths.data / "keys" / "sharing.json").links.keys() == {"id", draft.document_id}
    assert "secret" not in caplog.text
    caplog.clear()
    assert notices(draft) == ""
    path = draft.path
    assert draft.window.close()
    assert "link" in notices(desk.open(path))


def test_who_is_called_otherwise_by_the_server_is_so_after_a_start_without_it_until_they_take_another_name(
    sit, ada, draft, team_server
):
    other = sit("Ada", "there")
    copy = other.join(team_server.invite("plan"))
    other.until(lambda: copy.called == "Ada (2)" and server(copy) == SAVED)
    assert _own_row(copy).accessibleName().startswith("Ada (2) (you)")
    path = copy.path
    other.leave()
    team_server.process.kill()
    there = sit("Ada", "there")
    again = there.open(path)
    there.until(lambda: server(again).startswith("Offline"))
    assert again.called == "Ada (2)"
    assert _own_row(again).accessibleName().startswith("Ada (2) (you)")
    _own_row(again).edit.click()
    field = again.window.people.findChild(QLineEdit)
    assert field.text() == "Ada"
    again.window.people.me_changed.emit("Ada", "#336699")
    assert again.called == "Ada (2)"
    again.window.people.me_changed.emit("Bea", "#336699")
    assert again.called == "Bea"
    assert _own_row(again).accessibleName().startswith("Bea (you)")


def test_another_name_is_written_into_no_document_that_is_on_no_server(sit):
    draft = sit().new()
    write(draft, "mine")
    draft.window.people.me_changed.emit("Bea", "#336699")
    assert draft.called == "Bea"
    path = draft.path
    assert draft.window.close()
    with DocumentReader(path) as reader:
        assert Property.CALLED not in reader.properties


def _own_row(draft: Draft) -> PersonRow:
    row = draft.window.people.rows.get("me")
    assert row is not None
    return row
