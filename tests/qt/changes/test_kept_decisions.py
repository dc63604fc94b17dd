"""What a person has taken out of suggested changes, on their computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowrite.app.changes import kept_decisions
from cowrite.app.draft.draft import Draft
from cowrite.storage.json_file import write_own_object
from cowrite.storage.library import closed_files
from cowrite.storage.sealed_items import kept_at
from cowrite.sync.link import Link
from helpers.desk import Desk, notices, write
from helpers.suggested import suggest


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    write(draft, "We plant herbs.")
    return draft


def test_nothing_is_kept_of_a_document_on_which_nobody_else_decides(desk: Desk, draft: Draft) -> None:
    suggest(draft, "plant", "grow")
    draft.window.actions_["accept_changes"].trigger()
    assert draft.changes.flow.changes.decided.kept
    draft.keep()
    assert list(desk.paths.decided_changes.glob("*")) == []


def test_what_was_decided_is_kept_by_itself_once_there_is_room_again(desk: Desk, draft: Draft, monkeypatch) -> None:
    monkeypatch.setattr(kept_decisions, "TRY_AGAIN", 0)
    draft.connection.share(Link.parse("cowrite://127.0.0.1:1/plan#k"), again=False)
    folder = desk.paths.decided_changes
    suggest(draft, "plant", "grow")
    assert draft.changes.flow.kept
    folder.write_text("in the way")
    draft.window.actions_["accept_changes"].trigger()
    desk.until(lambda: "by deciding on suggestions cannot be kept" in notices(draft))
    folder.unlink()
    desk.until(lambda: list(folder.glob("*.json")))
    desk.until(lambda: "cannot be kept" not in notices(draft))


def test_what_was_kept_goes_with_the_document(desk: Desk, draft: Draft, monkeypatch) -> None:
    path, kept = draft.path, kept_at(desk.paths.decided_changes, draft.document_id)
    assert draft.window.close()
    write_own_object(kept, {"change:1": {}})
    monkeypatch.setattr(closed_files, "move_to_trash", Path.unlink)
    library = desk.application._library_flow
    library.trash_soon(str(path))
    library._trash()
    desk.until(lambda: not kept.exists())


def test_a_document_opens_though_what_was_kept_of_it_cannot_be_read(desk: Desk, draft: Draft, caplog) -> None:
    path, kept = draft.path, kept_at(desk.paths.decided_changes, draft.document_id)
    assert draft.window.close()
    kept.parent.mkdir(parents=True)
    kept.write_text('{"change:1": [], "change:2": {"state": "accepted", "turn": 1, "gone": [7]}}')
    assert desk.open(path).changes.flow.changes.decided.kept == {}
    assert caplog.text == ""


def test_where_what_was_kept_is_broken_that_is_said_and_the_file_is_kept(desk: Desk, draft: Draft, caplog) -> None:
    path, kept = draft.path, kept_at(desk.paths.decided_changes, draft.document_id)
    assert draft.window.close()
    kept.parent.mkdir(parents=True)
    kept.write_text('{"change:1": {"state"')
    said = notices(desk.open(path))
    (aside,) = kept.parent.iterdir()
    assert aside.read_text() == '{"change:1": {"state"'
    assert str(aside) in said
    assert str(aside) in caplog.text
    caplog.clear()
