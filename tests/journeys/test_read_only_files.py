"""What a person meets who opens a document where nothing can be written: a CD, a backup, somebody else's folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton

from cowrite.app.documents import on_the_way
from helpers.desk import elsewhere, here, notices, write
from helpers.read_only import read_only_disk

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("is_large", [False, True])
def test_a_document_on_a_disk_that_can_only_be_read_is_read_and_goes_on_in_a_copy(sit, tmp_path, monkeypatch, is_large):
    desk = sit()
    draft = elsewhere(desk, tmp_path / "disk", "words")
    path, identity = draft.path, draft.document_id
    assert draft.window.close()
    if is_large:
        monkeypatch.setattr(on_the_way, "LARGE", 1)
    with read_only_disk(path.parent):
        before = [file.name for file in path.parent.iterdir()]
        desk.application.documents.open(path)
        desk.until(lambda: desk.application.documents.drafts)
        (reading,) = desk.application.documents.drafts
        assert reading.path == path
        assert reading.document_id != identity
        assert "This document can only be read: its disk cannot be written." in notices(reading)
        assert here(reading) == "Opened for reading only"
        write(reading, "not this")
        assert reading.document.text() == "words\n"
        assert desk.application.sharing.share(reading) is None
        assert "Save a copy, and share that" in notices(reading)
        reading.rename("Another")
        assert desk.application.documents.open(path) is reading

        asked: list[str] = []

        def answer(_parent: object, _title: str, offered: str, _kinds: str) -> tuple[str, str]:
            asked.append(offered)
            return str(tmp_path / "copy.cowrite"), ""

        monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
        bar = reading.window.notices
        next(button for button in bar.findChildren(QPushButton) if button.text() == "Save a copy…").click()
        desk.until(lambda: len(desk.application.documents.drafts) == 2)
        copy = desk.application.documents.drafts[1]
        assert Path(asked[0]) == desk.application.choices.library.folder / "words.cowrite"
        write(copy, "more ")
        desk.until(lambda: here(copy) == "Saved on this computer")
        assert copy.document.text() == "more words\n"
        shutil.rmtree(reading.saved.file.path.parent)  # as systems do with temporary files of last week
        reading.window.activated.emit(True)
        assert reading.window.close()
        assert [file.name for file in path.parent.iterdir()] == before
