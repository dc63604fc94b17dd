"""Documents that are shared from this computer: from when on, until when, and what becomes of their links."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
from shiboken6 import isValid

from cowrite.app.sharing.hosting import Hosting
from cowrite.bridge.network_thread import NetworkThread
from cowrite.invite import Invite
from cowrite.storage.sharing import Sharing, load_sharing
from helpers.desk import Desk, choices, here, notices, server, share, texts, write
from helpers.processes import free_port

pytestmark = pytest.mark.journey


def rooms(desk: Desk) -> set[str]:
    """The rooms that have a good link, as their keys are on disk."""
    path = desk.paths.data / "keys" / "sharing.json"
    return {invite.room for invite in desk.application.storage.run_now(lambda: load_sharing(path)).invites}


def trash(desk: Desk, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(desk.application.choices.library), "delete", lambda _self, path: path.unlink())
    desk.application.show_library()
    desk.application._library_flow.trash_soon(str(path))


def test_links_to_a_hosted_document_are_void_once_it_is_in_the_trash(sit, monkeypatch):
    desk = sit()
    other, draft = desk.new(), desk.new()
    kept, room = share(desk, other), share(desk, draft)
    trash(desk, draft.path, monkeypatch)
    desk.application._library_flow._trash()
    desk.until(lambda: rooms(desk) == {kept})
    assert set(desk.application.keys.sharing.hosted.values()) == {kept}
    assert room != kept


def test_links_to_a_hosted_document_stay_when_a_copy_made_by_hand_is_in_the_trash(sit, monkeypatch):
    desk = sit()
    draft = desk.new()
    room = share(desk, draft)
    copy = Path(shutil.copy(draft.path, draft.path.with_name("copy.cowrite")))
    trash(desk, copy, monkeypatch)
    desk.application._library_flow._trash()
    desk.until(lambda: not copy.exists())
    desk.application.storage.finish()
    assert rooms(desk) == {room}


def test_links_to_a_document_trashed_at_the_very_end_are_void_when_hosting_starts_again(sit, monkeypatch):
    desk = sit()
    other, draft = desk.new(), desk.new()
    kept, room, path = share(desk, other), share(desk, draft), other.path
    assert rooms(desk) == {kept, room}
    trash(desk, draft.path, monkeypatch)
    desk.leave()
    desk = sit()
    desk.open(path)
    desk.until(lambda: rooms(desk) == {kept})


def test_whoever_shares_from_this_computer_is_told_so_and_of_no_server_also_after_a_restart(sit):
    desk = sit()
    draft = desk.new()
    share(desk, draft)
    path = draft.path
    assert draft.window.status.told()[:2] == ["Saved on this computer", "Shared from this computer"]
    desk.leave()
    desk = sit()
    draft = desk.open(path)
    desk.until(lambda: "Shared from this computer" in draft.window.status.told())


def test_hosting_that_cannot_be_resumed_stays_visible_until_it_is(sit):
    desk = sit()
    draft = desk.new()
    share(desk, draft)
    path = draft.path
    folder = desk.paths.data / "hosted"
    for by in ("notice", "dialog"):
        desk.leave()
        aside = folder.rename(folder.with_name("aside"))
        folder.write_bytes(b"in the way")
        desk = sit()
        draft = desk.open(path)
        desk.until(lambda draft=draft: server(draft) == "Not shared from this computer")
        write(draft, "some time later")
        desk.until(lambda draft=draft: here(draft) == "Saved on this computer")
        assert "cannot be shared" in notices(draft)
        assert "Try again" in choices(draft)
        offline = draft.window.actions_["work_offline"]
        offline.setChecked(True)
        assert server(draft).startswith("Working offline")
        assert "cannot be shared" not in notices(draft)
        assert desk.application.sharing.share(draft) is None
        assert "You are working offline." in notices(draft)
        flow = desk.application.sharing.show_people(draft)
        assert "You are working offline" in "".join(texts(flow.dialog))
        flow.dialog.close()
        offline.setChecked(False)
        desk.until(lambda draft=draft: server(draft) == "Not shared from this computer")
        folder.unlink()
        aside.rename(folder)
        if by == "notice":
            draft.window.notices.answered.emit("hosting", "host")
        else:
            desk.application.sharing.share(draft)  # whose dialog has the links to give out
        desk.until(lambda draft=draft: server(draft) == "Saved on the server")
        assert "cannot be shared" not in notices(draft)
    assert draft.window.status.told()[:2] == ["Saved on this computer", "Shared from this computer"]


@contextmanager
def slow_network(desk: Desk) -> Iterator[None]:
    """What is asked of the network in this block is answered after it."""
    answers = threading.Event()
    desk.application.network().post(answers.wait)
    try:
        yield
    finally:
        answers.set()


def test_a_draft_that_is_closed_while_its_sharing_begins_is_not_shared(sit):
    desk = sit()
    desk.new()
    draft = desk.new()
    kept: list[tuple[Invite, ...]] = []
    desk.application.hosting.keys_changed.connect(lambda _port, invites: kept.append(invites))
    with slow_network(desk):
        flow = desk.application.sharing.share(draft)
        flow.dialog.host.host_requested.emit("editor")
        assert draft.window.close()
        desk.until(lambda: not isValid(flow.dialog))
    desk.until(lambda: any(kept) and not kept[-1])
    assert not desk.application.keys.sharing.hosted


def test_sharing_that_is_asked_for_again_while_it_begins_is_the_same_and_leaves_no_link_that_leads_to_nobody(sit):
    desk = sit()
    draft = desk.new()
    with slow_network(desk):
        flow = desk.application.sharing.share(draft)
        flow.dialog.host.host_requested.emit("editor")
        flow.dialog.reject()
        again = desk.application.sharing.share(draft)
        assert again.dialog.isVisible()
        again.dialog.host.host_requested.emit("viewer")
    desk.until(lambda: draft.shared is not None)
    sharing = desk.application.keys.sharing
    assert {invite.room for invite in sharing.invites} == set(sharing.hosted.values())
    again.dialog.reject()
    desk.until(lambda: not isValid(again.dialog))


def test_a_draft_that_is_closed_before_its_hosting_failed_hears_nothing_of_it(sit):
    desk = sit()
    draft = desk.new()
    share(desk, draft)
    path, folder = draft.path, desk.paths.data / "hosted"
    desk.leave()
    folder.rename(folder.with_name("aside"))
    folder.write_bytes(b"in the way")
    desk = sit()
    other = desk.new()
    with slow_network(desk):
        draft = desk.open(path)
        assert draft.window.close()
        desk.until(lambda: not isValid(draft.window))
    flow = desk.application.sharing.share(other)  # answered after what was asked before
    flow.dialog.host.host_requested.emit("editor")
    desk.until(lambda: any("cannot be shared" in each for each in texts(flow.dialog)))


def test_a_server_of_which_the_window_has_not_heard_yet_ends_with_it(qapp, tmp_path):
    network, port = NetworkThread(), free_port()
    hosting = Hosting(tmp_path / "hosted", lambda: network, lambda: Sharing(port=port))
    hosting.link("plan", "secret", lambda link: None, lambda error: None)
    while not answers(port):  # without a turn of Qt's loop, in which the window would hear of it
        pass
    hosting.close()
    assert not answers(port)
    network.close()


def answers(port: int) -> bool:
    with suppress(OSError), closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/health")  # heard to its end, so nothing of it is open when the server ends
        connection.getresponse().read()
        return True
    return False
