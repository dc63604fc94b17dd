"""What a person meets who copies documents as files, or opens one by several names."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest

from cowrite.app.documents import on_the_way, open_documents
from cowrite.app.documents.open_documents import OpenDocuments
from cowrite.bridge.file import settling
from cowrite.storage.library import closed_files
from cowrite.sync.link import Link
from helpers.desk import here, notices, server, write

pytestmark = pytest.mark.journey

linked = pytest.mark.skipif(sys.platform == "win32", reason="making links there takes special rights")


def test_a_copy_made_while_one_writes_opens_beside_the_document_and_is_not_called_damaged(sit, tmp_path, monkeypatch):
    monkeypatch.setattr(settling, "PAUSE", 20)
    desk = sit()
    draft = desk.new()
    write(draft, "before")
    log = Path(f"{draft.path}-wal")
    desk.until(lambda: here(draft) == "Saved on this computer" and log.stat().st_size == 0)
    whole = Path(shutil.copy(draft.path, tmp_path / "whole.cowrite"))
    monkeypatch.setattr(settling, "PAUSE", 3_600_000)
    other = desk.open(whole)
    assert other.document.text() == "before\n"
    assert notices(other) == ""
    write(other, "x")
    desk.until(lambda: here(other) == "Saved on this computer")
    partial = desk.open(Path(shutil.copy(whole, tmp_path / "partial.cowrite")))
    assert partial.document.text() == "before\n"
    assert "This file was copied while the document was open" in notices(partial)
    assert "damaged" not in notices(partial)
    assert len({each.document_id for each in desk.application.documents.drafts}) == 3


def test_a_copy_of_a_shared_document_is_not_shared_and_says_so(sit, team_server, tmp_path):
    desk = sit()
    draft = desk.join(team_server.invite("plan"))
    desk.until(lambda: server(draft) == "Saved on the server")
    write(draft, "ours")
    desk.until(lambda: server(draft) == "Saved on the server")
    path = draft.path
    assert draft.window.close()
    copy = desk.open(Path(shutil.copy(path, tmp_path / "mine.cowrite")))
    assert copy.shared is None
    assert f"This is a copy of “{path}”, and is not shared" in notices(copy)
    write(copy, "mine ")
    original = desk.open(path)
    desk.until(lambda: server(original) == "Saved on the server")
    assert original.document.text() == "ours"
    copy.connection.share(Link.parse(team_server.invite("plan")), again=False)
    desk.until(lambda: original.document.text() == "mine ours")
    assert "not shared" not in notices(copy)
    for each in (copy, original):
        assert each.window.close()
    moved = desk.open(path.rename(tmp_path / "moved.cowrite"))
    desk.until(lambda: server(moved) == "Saved on the server")


def test_a_document_whose_drive_was_away_goes_on_in_its_room_whatever_became_of_a_copy(
    sit, team_server, tmp_path, monkeypatch
):
    ismount, drive = os.path.ismount, tmp_path / "drive"
    monkeypatch.setattr(os.path, "ismount", lambda path: drive.exists() if Path(path) == drive else ismount(path))
    drive.mkdir()
    desk = sit()
    draft = desk.join(team_server.invite("plan"))
    desk.until(lambda: server(draft) == "Saved on the server")
    write(draft, "ours")
    desk.until(lambda: server(draft) == "Saved on the server")
    assert draft.window.close()
    original = desk.open(draft.path.rename(drive / "plan.cowrite"))
    path, identity = original.path, original.document_id
    desk.until(lambda: server(original) == "Saved on the server")
    assert original.window.close()
    unopened = Path(shutil.copy(path, tmp_path / "unopened.cowrite"))
    copied = Path(shutil.copy(path, tmp_path / "mine.cowrite"))
    away = drive.rename(tmp_path / "away")
    copy = desk.open(copied)
    assert copy.shared is None
    assert f"This is a copy of “{path}”, whose drive is away, and is not shared" in notices(copy)
    write(copy, "mine ")
    monkeypatch.setattr(closed_files, "move_to_trash", Path.unlink)
    flow = desk.application._library_flow
    flow.trash_soon(str(unopened))
    flow._trash()
    desk.until(lambda: not unopened.exists())
    away.rename(drive)
    original = desk.open(path)
    desk.until(lambda: server(original) == "Saved on the server")
    assert (original.document_id, original.document.text()) == (identity, "ours")
    assert copy.document.text() == "mine ours"


def test_a_link_leads_to_the_document_and_not_to_a_copy_of_it(sit, team_server, tmp_path):
    desk = sit()
    link = team_server.invite("plan")
    draft = desk.join(link)
    desk.until(lambda: server(draft) == "Saved on the server")
    path = draft.path
    assert draft.window.close()
    shutil.copy(path, tmp_path / "Copy.cowrite")
    desk.application.choices.opened(tmp_path / "Copy.cowrite")  # the first of the recent ones
    assert desk.join(link).path == path
    assert len(desk.application.documents.drafts) == 1


@linked
def test_a_hard_link_to_an_open_document_brings_that_to_the_front(sit, tmp_path, monkeypatch):
    desk = sit()
    draft = desk.new()
    write(draft, "once")
    link = tmp_path / "another name.cowrite"
    os.link(draft.path, link)
    assert desk.application.documents.open(link) is draft
    path = draft.path
    for least in (on_the_way.LARGE, 1):  # bytes: read at once, and while the event loop goes on
        monkeypatch.setattr(on_the_way, "LARGE", least)
        assert desk.application.documents.drafts[0].window.close()
        opened: list = []
        for name in (path, link):
            desk.application.documents.open(name, opened.append)
        desk.until(lambda opened=opened: len(opened) == 2)
        (again,) = desk.application.documents.drafts
        assert opened == [again, again], least
        assert again.path == path, least


@linked
def test_a_library_that_is_reached_by_a_link_shows_each_document_once_and_deletes_one_that_is_open(
    sit, tmp_path, monkeypatch
):
    (tmp_path / "real").mkdir()
    (tmp_path / "Ada").mkdir()
    (tmp_path / "Ada" / "library").symlink_to(tmp_path / "real")
    desk = sit()
    first = desk.new()
    write(first, "first")
    (path,) = (tmp_path / "Ada" / "library").glob("*.cowrite")
    assert first.window.close()
    draft = desk.open(path)
    assert desk.application.documents.open(tmp_path / "real" / path.name) is draft
    flow = desk.application._library_flow
    flow.show()
    desk.until(lambda: flow._window.model.rowCount() == 1)
    deleted: list[Path] = []
    monkeypatch.setattr(closed_files, "move_to_trash", deleted.append)
    flow.trash_soon(str(path))
    flow._trash()
    desk.until(lambda: deleted == [path])
    assert desk.application.documents.drafts == []


def test_an_open_document_is_found_by_a_name_with_its_accents_apart_where_that_is_the_same(tmp_path, monkeypatch):
    draft = SimpleNamespace(path=tmp_path / "Grüße.cowrite")
    documents = SimpleNamespace(drafts=[draft])
    apart = tmp_path / unicodedata.normalize("NFD", "Grüße.cowrite")
    assert OpenDocuments.at(documents, apart) is None  # here it is another one
    monkeypatch.setattr(open_documents, "is_same_file", lambda _path, _other: True)  # as a Mac says it
    assert OpenDocuments.at(documents, apart) is draft
    assert OpenDocuments.at(documents, tmp_path / "Wishes.cowrite") is None
