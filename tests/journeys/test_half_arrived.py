"""What happens in the middle of taking in a long document, between two of its portions: real windows, a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from shutil import copytree, rmtree

import pytest
from PySide6.QtCore import QTimer

from cowrite.app.draft.draft import Draft
from cowrite.bridge.shared import arriving
from cowrite.core.document import portions
from cowrite.core.document.document import Document
from cowrite.core.document.prepared import Prepared
from cowrite.core.text.origin import Origin
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import DiskFull
from cowrite.sync.status import Kind
from cowrite.sync.transport_events import Closed, Opened, Received
from cowrite_server.wire.hello import Hello, hello_message
from cowrite_server.wire.protocol import Limits, Role, Sync, sync_message
from helpers.desk import SAVED, Desk, here, notices, same, server, write
from helpers.team_server import administer

pytestmark = pytest.mark.journey

Half = Callable[[Callable[[Document], object]], None]
"""Has something done with the next document of which a part is taken in."""


@pytest.fixture
def half(monkeypatch: pytest.MonkeyPatch) -> Half:
    """Whatever comes counts as long, and is taken in by one or two structs in a turn of the event loop."""
    fill = Document.fill
    waiting: list[Callable[[Document], object]] = []

    def filled(document: Document, prepared: Prepared) -> Iterator[None]:
        steps = fill(document, prepared)
        assert len(prepared.portions) > 3
        next(steps)
        if waiting:
            act = waiting.pop()
            QTimer.singleShot(0, lambda: act(document))
        return steps

    monkeypatch.setattr(portions, "STRUCTS", 2)
    monkeypatch.setattr(arriving, "LARGE", 40)
    monkeypatch.setattr(arriving, "_TURN", -1.0)
    monkeypatch.setattr(Document, "fill", filled)
    return waiting.append


@pytest.fixture
def plan(draft: Draft, ada: Desk) -> Draft:
    """A text of several looks."""
    for word in range(6):
        with draft.document.edit(Origin.LOCAL) as edit:
            edit.format(2 * word, 1, {"bold": True})
    ada.until(lambda: server(draft) == SAVED)
    return draft


@pytest.mark.parametrize("role", ["viewer", "commenter", "editor"])
def test_whoever_closes_the_window_then_has_all_of_it_and_nothing_that_is_unsent(
    plan, sit, team_server, half, role
) -> None:
    desk = sit("Ben")
    closed = []
    half(lambda _document: closed.append(mate.window.close()))
    mate = desk.join(team_server.invite("plan", role))
    path = mate.path
    desk.until(lambda: not desk.application.documents.drafts)
    assert closed == [True]
    team_server.process.kill()
    again = desk.open(path)
    desk.until(lambda: same(plan, again))
    assert again.shared.status.waiting == 0
    team_server.start()
    desk.until(lambda: server(again) == SAVED)
    assert "did not take" not in notices(again)


def test_who_is_killed_then_joins_anew_and_has_all_of_it(plan, sit, team_server, half, tmp_path) -> None:
    home, left = tmp_path / "Ben", tmp_path / "left by a killed process"
    desk = sit("Ben")
    half(lambda _document: copytree(home, left))
    mate = desk.join(team_server.invite("plan"))
    desk.until(lambda: left.exists() and same(plan, mate))
    path = mate.path
    desk.leave()
    rmtree(home)
    left.rename(home)
    again = sit("Ben").open(path)
    assert again.document.length == 0
    desk.until(lambda: server(again) == SAVED and same(plan, again))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER, Role.SUGGESTER])
def test_a_role_that_is_given_then_holds_once_the_text_is_there(plan, sit, team_server, half, role) -> None:
    desk = sit("Ben")
    half(lambda _document: team_server.make(str(role), "plan", str(mate.shared.members.me)))
    mate = desk.join(team_server.invite("plan"))
    desk.until(lambda: mate.shared.role == role and same(plan, mate))
    assert mate.editor.isReadOnly() == (role is not Role.SUGGESTER)
    assert mate.shared.status.kind is Kind.SAVED


def test_who_is_removed_then_keeps_what_came(plan, sit, team_server, half) -> None:
    desk = sit("Ben")
    half(lambda _document: administer(team_server.data, "remove", "plan", str(mate.shared.members.me)))
    mate = desk.join(team_server.invite("plan"))
    desk.until(lambda: mate.shared.status.kind is Kind.WITHDRAWN)
    assert same(plan, mate)
    desk.until(lambda: here(mate) == "Saved on this computer")


def test_an_update_behind_it_that_cannot_be_read_costs_nothing_of_it(plan, sit, team_server, half) -> None:
    desk = sit("Ben")
    broken = sync_message(Sync.UPDATE, b"\x01\x02\x03")

    def comes() -> None:
        way = mate.shared._transport
        way._inbox.put(Received(way._connection, broken))

    half(lambda _document: comes())
    mate = desk.join(team_server.invite("plan"))
    desk.until(lambda: same(plan, mate))
    desk.until(lambda: server(mate) == SAVED)
    write(plan, "!")
    desk.until(lambda: same(plan, mate))


def test_a_full_disk_then_is_said_and_the_text_is_written_once_there_is_space(
    plan, sit, team_server, half, monkeypatch
) -> None:
    desk = sit("Ben")
    full = [True]
    append = DocumentFile.append

    def appended(file: DocumentFile, updates: Sequence[bytes], **more: object) -> object:
        if full:
            raise DiskFull(file.path)
        return append(file, updates, **more)

    half(lambda _document: monkeypatch.setattr(DocumentFile, "append", appended))
    mate = desk.join(team_server.invite("plan"))
    path = mate.path
    desk.until(lambda: same(plan, mate) and here(mate) == "Not saved on this computer")
    full.clear()
    desk.until(lambda: here(mate) == "Saved on this computer")
    desk.leave()
    team_server.process.kill()
    again = sit("Ben").open(path)
    assert same(plan, again)


@pytest.mark.parametrize(
    "look",
    [
        lambda draft: draft.document.state(),
        lambda draft: draft.document.meta.set_title("Herbs"),
        lambda draft: draft.exporting.write("markdown", draft.path.with_suffix(".md")),
        lambda draft: draft.window.actions_["history"].trigger(),
        lambda draft: draft.window.views.show_view("board"),
        lambda draft: draft.editor.selectAll(),
        lambda draft: draft.editor.undo_own(),
        lambda draft: draft.window.actions_["work_offline"].trigger(),
    ],
    ids=["state", "title", "export", "history", "board", "select", "undo", "offline"],
)
def test_whatever_somebody_does_then_the_text_is_there_and_nothing_is_lost(plan, sit, team_server, half, look) -> None:
    desk = sit("Ben")
    done = []
    half(lambda _document: done.append(look(mate)))
    mate = desk.join(team_server.invite("plan"))
    desk.until(lambda: done and same(plan, mate))
    if mate.connection.is_apart:
        assert mate.document.length
        mate.window.actions_["work_offline"].trigger()
    desk.until(lambda: server(mate) == SAVED)
    assert mate.document.stored_spans() == list(plan.document.spans())
    write(mate, "?")
    desk.until(lambda: server(mate) == SAVED and same(plan, mate))
    assert mate.document.meta.title == plan.document.meta.title


def test_two_windows_take_it_in_at_once_while_somebody_types_in_a_third(plan, sit, team_server, half) -> None:
    ben, cleo = sit("Ben"), sit("Cleo")
    own = ben.new()
    half(lambda _document: write(own, "a"))
    half(lambda _document: write(own, "b"))
    mates = [desk.join(team_server.invite("plan")) for desk in (ben, cleo)]
    ben.until(lambda: all(server(mate) == SAVED and same(plan, mate) for mate in mates))
    assert sorted(own.document.text().strip()) == ["a", "b"]
    assert all(mate.document.stored_spans() == list(plan.document.spans()) for mate in mates)


def test_of_a_room_that_is_another_document_by_then_nothing_comes_in(plan, sit, team_server, half) -> None:
    desk = sit("Ben")
    other = hello_message(Hello("another-epoch", Role.EDITOR, "plan", "elsewhere", Limits()))

    def begins_anew() -> None:
        shared = mate.shared
        assert shared is not None
        way = shared._transport
        for event in (Closed(way._connection, None, "", final=False), Opened(99), Received(99, other)):
            way._inbox.put(event)

    half(lambda _document: begins_anew())
    mate = desk.join(team_server.invite("plan"))
    desk.until(lambda: mate.shared.status.kind is Kind.EPOCH_CHANGED)
    assert same(plan, mate)
