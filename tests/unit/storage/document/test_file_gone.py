"""A document's file that is deleted, moved or replaced while the document is open."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

import pytest

from cowrite.storage.document import copying, database
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import DriveAway, FileGone, StorageFailed, StoreLocked
from cowrite.storage.layout import Property
from cowrite.storage.lock import FileLock
from cowrite.storage.placing import companion
from helpers.killed import killed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file stays where it is there")


def refuse(*_args: object, **_how: object) -> sqlite3.Connection:
    """Takes the place of connecting where that fails."""
    raise sqlite3.OperationalError("no")


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


def test_a_folder_that_is_gone_is_named_also_where_the_lock_does_not_tell_as_on_windows(
    tmp_path, author, monkeypatch
) -> None:
    monkeypatch.setattr(FileLock, "is_held", lambda _lock: True)
    folder = tmp_path / "folder"
    folder.mkdir()
    with DocumentFile.create(folder / "Plan.cowrite") as file:
        away = folder.rename(tmp_path / "away")
        with pytest.raises(FileGone, match="Put the folder back"):
            file.append(author.types("words"))
        away.rename(folder)


def test_nothing_is_written_below_a_drive_that_is_away(tmp_path, author, read) -> None:
    places = [place for place in map(Path, ("/dev/shm", "/var/tmp")) if place.is_dir()]
    other = next((place for place in places if place.stat().st_dev != tmp_path.stat().st_dev), None)
    if other is None:
        pytest.skip("there is no other drive here")
    with tempfile.TemporaryDirectory(dir=other) as below:
        drive = tmp_path / "drive"
        drive.mkdir()
        with DocumentFile.create(drive / "Plan.cowrite") as document:
            document.append(author.types("before "))
            away = drive.rename(tmp_path / "away")
            drive.symlink_to(below)
            updates = author.types("meanwhile")
            with pytest.raises(DriveAway, match=r"The drive with “.*Plan\.cowrite” is away"):
                document.append(updates)
            assert list(Path(below).iterdir()) == []
            drive.unlink()
            away.rename(drive)
            document.append(updates)
            assert document.take_notice() == ""
            assert read(document.load().state) == "before meanwhile"


def test_what_came_into_the_place_of_a_document_stays_there_until_the_whole_document_can_be_written(
    document: DocumentFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document.append([b"ours"])
    DocumentFile.create(tmp_path / "Other.cowrite").close()
    (tmp_path / "Other.cowrite").replace(document.path)
    other = document.path.read_bytes()
    monkeypatch.setattr(copying, "_settle", refuse)
    with pytest.raises(StorageFailed):
        document.append([b"more"])
    assert document.path.read_bytes() == other
    assert not list(tmp_path.glob("*.other-*"))


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


def test_a_document_whose_log_is_deleted_while_it_is_open_is_written_anew(document: DocumentFile, author, read) -> None:
    document.append(author.types("kept "))
    log = companion(document.path, "-wal")
    log.unlink()
    document.append(author.types("as well"))
    assert f"“{log}” was deleted" in document.take_notice()
    document.append([])
    assert document.take_notice() == ""
    left = killed(document)
    with DocumentFile.open(left) as again:
        assert again.load().missing == ()
        assert read(again.load().state) == "kept as well"


def test_another_document_in_the_place_of_an_open_one_is_kept_with_its_log(
    document: DocumentFile, tmp_path, author, new_author, read
) -> None:
    with DocumentFile.create(tmp_path / "Other.cowrite") as other:
        other.append(new_author().types("theirs"))
        left = killed(other)
    document.append(author.types("mine"))
    left.rename(document.path)
    companion(left, "-wal").rename(companion(document.path, "-wal"))
    document.append([])
    (kept,) = tmp_path.glob("Plan.other-*.cowrite")
    with DocumentFile.open(kept) as file:
        assert file.load().missing == ()
        assert read(file.load().state) == "theirs"
    document.close()
    with DocumentFile.open(document.path) as again:
        assert read(again.load().state) == "mine"


def test_a_document_that_is_written_anew_and_cannot_be_opened_there_by_itself(
    document: DocumentFile, tmp_path, author, read, monkeypatch
) -> None:
    document.append(author.types("kept "))
    document.path.unlink()
    words = author.types("as well")
    with monkeypatch.context() as patch:
        patch.setattr(database, "connect_to_write", refuse)
        for _ in range(2):
            with pytest.raises(StorageFailed):
                document.append(words)
    document.append(words)
    assert "written there anew" in document.take_notice()
    assert list(tmp_path.glob("Plan.other-*")) == []
    document.close()
    with DocumentFile.open(document.path) as again:
        assert read(again.load().state) == "kept as well"


def test_a_document_goes_on_where_its_folder_was_moved_when_it_is_asked_to(tmp_path, author, read, monkeypatch) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with DocumentFile.create(folder / "Plan.cowrite") as file:
        file.append(author.types("kept "))
        copy = Path(shutil.copy(file.path, tmp_path / "Plan.cowrite"))
        assert not file.follow(copy)  # it is where it was
        away = folder.rename(tmp_path / "away")
        assert not file.follow(copy)  # that is another file
        with monkeypatch.context() as patch:
            patch.setattr(database, "connect_to_write", refuse)
            with pytest.raises(StorageFailed):
                file.follow(away / "Plan.cowrite")
        assert file.path == folder / "Plan.cowrite"
        with pytest.raises(FileGone):
            file.append([])
        with pytest.raises(StoreLocked):
            DocumentFile.open(away / "Plan.cowrite")
        assert file.follow(away / "Plan.cowrite")
        file.append(author.types("as well"))
        assert file.take_notice() == ""
        with pytest.raises(StoreLocked):
            DocumentFile.open(away / "Plan.cowrite")
        file.settle()
        file.append(author.types("!"))
    assert [path.name for path in away.iterdir()] == ["Plan.cowrite"]
    assert not folder.exists()
    with DocumentFile.open(away / "Plan.cowrite") as again:
        assert read(again.load().state) == "kept as well!"
        assert again.load().behind == ""
