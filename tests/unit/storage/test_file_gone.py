"""A document's file that is deleted, moved or replaced while the document is open."""

from __future__ import annotations

import sys

import pytest

from cowrite.storage.document_file import DocumentFile
from cowrite.storage.errors import FileGone, StoreLocked
from cowrite.storage.layout import Property
from cowrite.storage.placing import companion

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file stays where it is there")


def test_a_document_whose_file_is_deleted_while_it_is_open_is_written_anew(
    document: DocumentFile, read, author
) -> None:
    document.append(author.types("kept "))
    picture = document.put_blob(b"picture", "image/png")
    identity = document.properties[Property.DOCUMENT_ID]
    for path in document.path.parent.iterdir():
        path.unlink()
    document.append(author.types("as well"))
    document.append([])
    assert "written there anew" in document.take_notice()
    assert document.take_notice() == ""
    assert companion(document.path, "-wal").exists()
    document.close()
    with DocumentFile.open(document.path) as again:
        assert again.load().missing == ()
        assert read(again.load().state) == "kept as well"
        assert again.blob(picture) is not None
        assert again.properties[Property.DOCUMENT_ID] == identity


def test_looking_after_a_file_notices_that_it_is_gone_without_any_edit(document: DocumentFile, author, read) -> None:
    document.append(author.types("kept"))
    document.path.unlink()
    document.append([])
    assert document.path.exists()
    document.close()
    with DocumentFile.open(document.path) as again:
        assert read(again.load().state) == "kept"


def test_a_document_whose_file_is_moved_while_it_is_open_is_whole_at_its_path(document, tmp_path, author, read) -> None:
    document.append(author.types("before "))
    moved = document.path.rename(tmp_path / "Moved.cowrite")
    before = moved.read_bytes()
    document.append(author.types("after"))
    document.close()
    assert moved.read_bytes() == before
    with DocumentFile.open(document.path) as again:
        assert read(again.load().state) == "before after"


def test_another_file_in_the_place_of_an_open_document_is_kept(document: DocumentFile, tmp_path, author, read) -> None:
    document.append(author.types("mine"))
    (tmp_path / "download").write_bytes(b"somebody else's")
    (tmp_path / "download").rename(document.path)
    document.append([])
    (kept,) = tmp_path.glob("Plan.other-*.cowrite")
    assert kept.read_bytes() == b"somebody else's"
    assert kept.name in document.take_notice()
    document.close()
    with DocumentFile.open(document.path) as again:
        assert read(again.load().state) == "mine"


def test_a_document_whose_folder_is_gone_is_said_to_be_gone_and_comes_back_with_it(tmp_path, author, read) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with DocumentFile.create(folder / "Plan.cowrite") as file:
        file.append(author.types("kept "))
        away = folder.rename(tmp_path / "away")
        words = author.types("as well")
        for _ in range(2):
            with pytest.raises(FileGone, match="deleted or moved") as raised:
                file.append(words)
            assert raised.value.path == file.path
        with pytest.raises(FileGone):
            file.put_blob(b"picture", "image/png")
        away.rename(folder)
        with pytest.raises(StoreLocked):
            DocumentFile.open(file.path)
        file.append(words)
        assert file.take_notice() == ""
    with DocumentFile.open(file.path) as again:
        assert read(again.load().state) == "kept as well"


def test_a_document_whose_folder_was_made_anew_is_written_there_and_locked(tmp_path, author, read) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with DocumentFile.create(folder / "Plan.cowrite") as file:
        file.append(author.types("kept"))
        folder.rename(tmp_path / "away")
        folder.mkdir()
        file.append([])
        with pytest.raises(StoreLocked):
            DocumentFile.open(file.path)
    with DocumentFile.open(file.path) as again:
        assert read(again.load().state) == "kept"
