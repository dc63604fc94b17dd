"""What a person meets when a file is deleted or moved while its draft is open: nothing is lost, and it is said."""

from __future__ import annotations

import sys

import pytest

from cowrite.app import keeping
from cowrite.storage.session import load_session
from helpers.desk import elsewhere, here, notices, write

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be moved there"),
]


def test_a_file_that_is_deleted_while_its_draft_is_open_is_there_again_and_that_is_said(sit):
    desk = sit()
    draft = desk.new()
    write(draft, "before ")
    desk.until(lambda: here(draft) == "Saved on this computer")
    draft.path.unlink()
    write(draft, "after")
    desk.until(lambda: "written there anew" in notices(draft))
    desk.until(lambda: here(draft) == "Saved on this computer")
    path = draft.path
    assert draft.window.close()
    assert desk.open(path).document.text() == "before after\n"


def test_a_deleted_file_is_noticed_when_the_person_comes_back_to_the_window(sit):
    desk = sit()
    draft = desk.new()
    write(draft, "kept")
    desk.until(lambda: here(draft) == "Saved on this computer")
    draft.path.unlink()
    draft.window.activated.emit(True)
    desk.until(draft.path.exists)
    desk.until(lambda: "written there anew" in notices(draft))


def test_a_file_that_was_moved_can_be_opened_beside_the_draft_that_had_it(sit, tmp_path):
    desk = sit()
    draft = desk.new()
    write(draft, "both")
    desk.until(lambda: here(draft) == "Saved on this computer")
    moved = desk.open(draft.path.rename(tmp_path / "moved.cowrite"))
    desk.until(lambda: "written there anew" in notices(draft))
    for each in (draft, moved):
        write(each, "!")
        desk.until(lambda each=each: here(each) == "Saved on this computer")
    paths = [draft.path, moved.path]
    assert draft.window.close()
    assert moved.window.close()
    assert "both" in desk.open(paths[0]).document.text()


def test_a_draft_whose_folder_is_gone_is_not_saved_until_the_folder_is_back(sit, tmp_path):
    desk = sit()
    draft = elsewhere(desk, tmp_path / "stick", "words")
    away = (tmp_path / "stick").rename(tmp_path / "away")
    write(draft, "more ")
    desk.until(lambda: here(draft) == "Not saved on this computer")
    assert "deleted or moved" in notices(draft)
    away.rename(tmp_path / "stick")
    desk.until(lambda: here(draft) == "Saved on this computer")
    desk.until(lambda: "deleted or moved" not in notices(draft))


def test_a_draft_goes_on_in_its_renamed_folder_when_it_is_opened_there(sit, tmp_path):
    desk = sit()
    draft = elsewhere(desk, tmp_path / "stick", "words")
    away = (tmp_path / "stick").rename(tmp_path / "away")
    write(draft, "more ")
    desk.until(lambda: here(draft) == "Not saved on this computer")
    assert desk.application.documents.open(away / "words.cowrite") is draft
    assert draft.path == away / "words.cowrite"
    assert f"The document goes on in “{away}”" in notices(draft)
    desk.until(lambda: here(draft) == "Saved on this computer")
    assert "deleted or moved" not in notices(draft)
    assert not (tmp_path / "stick").exists()
    desk.application.storage.finish()
    assert [each.path for each in load_session(desk.paths.session).documents] == [draft.path]
    assert desk.application.choices.settings.recent[0] == draft.path


def test_what_is_said_of_a_picture_goes_when_it_is_on_disk_after_all(sit, tmp_path):
    desk = sit()
    draft = elsewhere(desk, tmp_path / "stick", "words")
    (tmp_path / "stick").rename(tmp_path / "away")
    draft.images.put(b"picture", "image/png")
    desk.until(lambda: "image" in draft.window.notices.ids())
    (tmp_path / "away").rename(tmp_path / "stick")
    desk.until(lambda: "image" not in draft.window.notices.ids())


# Settings


@pytest.mark.parametrize(
    ("content", "words"),
    [('{"theme"', "is kept as"), ('{"theme": "sepia", "timer_sound": 3}', "defaults: theme, timer sound")],
)
def test_settings_that_cannot_be_read_are_said(sit, caplog, content, words):
    desk = sit()
    desk.leave()
    desk.paths.settings.write_text(content)
    desk = sit()
    desk.application.start([])
    (draft,) = desk.application.documents.drafts
    assert words in notices(draft)
    assert all(str(kept) in notices(draft) for kept in desk.paths.settings.parent.glob("*.broken-*"))
    caplog.clear()


def test_settings_that_could_not_be_kept_are_so_by_themselves(sit, monkeypatch):
    monkeypatch.setattr(keeping, "TRY_AGAIN", 0)
    desk = sit()
    draft, settings = desk.new(), desk.paths.settings
    desk.application.storage.finish()
    settings.unlink()
    settings.mkdir()  # so that no file can be put there
    desk.application.choices.set_typewriter(True)
    desk.until(lambda: str(settings) in notices(draft))
    settings.rmdir()
    desk.until(settings.is_file)
    desk.until(lambda: str(settings) not in notices(draft))
