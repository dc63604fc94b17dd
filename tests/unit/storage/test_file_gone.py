"""A document's file that is deleted, moved or replaced while the document is open."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cowrite.storage import copying, database
from cowrite.storage.document_file import DocumentFile
from cowrite.storage.errors import DriveAway, FileGone, StorageFailed, StoreLocked
from cowrite.storage.layout import Property
from cowrite.storage.placing import companion
from cowrite.storage.reading import DocumentReader, glance
from cowrite.storage.stray_log import rejoin
from cowrite.storage.write_ahead_log import WriteAheadLog

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file stays where it is there")


def killed(document: DocumentFile) -> Path:
    """The files of an open document as a kill leaves them, in a folder of their own."""
    folder = document.path.parent / "killed"
    folder.mkdir()
    for file in (document.path, companion(document.path, "-wal")):
        shutil.copy(file, folder)
    return folder / document.path.name


def refuse(path: Path, **_how: object) -> sqlite3.Connection:
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


def test_nothing_is_written_below_a_drive_that_is_away(tmp_path, author, read) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if sys.platform == "linux" else None) as below:
        if Path(below).stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("there is no other drive here")
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


@pytest.mark.parametrize("comes", ["new", "moved", "moved without a word"])
def test_the_log_that_a_killed_document_left_is_kept_apart_from_what_comes_into_its_place(
    document: DocumentFile, tmp_path: Path, author, read, comes: str
) -> None:
    document.append([b"of the killed one"])
    left = killed(document)
    left.unlink()
    if comes == "new":
        DocumentFile.create(left, state=author.state).close()
    else:
        with DocumentFile.create(tmp_path / "Other.cowrite") as other:
            if comes == "moved":
                other.append(author.types("other words"))
        other.path.rename(left)
    with DocumentFile.open(left) as file:
        assert read(file.load().state) == author.text
        assert file.load().missing == ()
    [log] = left.parent.glob("*.other-*-wal")
    assert b"of the killed one" in log.read_bytes()


@pytest.mark.parametrize("what", ["open", "read", "glanced at"])
def test_the_log_of_a_killed_document_with_much_in_it_is_kept_apart_from_another_one(
    document: DocumentFile, tmp_path: Path, what: str
) -> None:
    """Its identity and what is written again and again are on different pages of the file."""
    document.properties.set_all({Property.LINK: "x" * 1500, "epoch": "x" * 1500, Property.TEXT: "x" * 3900})
    document.append([b"at first"])
    document.settle()
    document.append([b"of the killed one"])
    left = killed(document)
    with DocumentFile.create(tmp_path / "Other.cowrite", title="Other") as other:
        other.append([bytes([number]) * 3000 for number in range(20)])
        state = other.load().state
    other.path.replace(left)
    if what == "read":
        with DocumentReader(left) as reader:
            assert (reader.load().state, reader.load().missing) == (state, ())
        assert companion(left, "-wal").exists()
    elif what == "glanced at":
        assert (glance(left) or {})[Property.TITLE] == "Other"
    else:
        with DocumentFile.open(left) as file:
            assert (file.load().state, file.load().missing) == (state, ())
            assert file.properties[Property.TITLE] == "Other"


def test_logs_that_are_kept_apart_in_the_same_second_are_all_kept(
    document: DocumentFile, tmp_path: Path, clock
) -> None:
    document.append([b"of the killed one"])
    log = companion(killed(document), "-wal").read_bytes()
    for number in range(2):
        path = tmp_path / "New.cowrite"
        companion(path, "-wal").write_bytes(log + bytes(number))
        DocumentFile.create(path, clock=clock).close()
        path.unlink()
    assert {len(kept.read_bytes()) - len(log) for kept in tmp_path.glob("New.other-*-wal")} == {0, 1}


def test_a_copy_that_takes_a_name_where_a_killed_document_left_its_log_keeps_the_log(
    document: DocumentFile, new_author, read
) -> None:
    document.append([b"of the killed one"])
    left = killed(document)
    left.rename(left.with_name("Renamed.cowrite"))
    with DocumentFile.create(left.with_name("Other.cowrite")) as other:
        other.append([b"other"])
        other.save_copy(left)
    with DocumentFile.open(left.with_name("Renamed.cowrite")) as file:
        assert file.load().state == (b"of the killed one",)


def test_a_killed_document_in_whose_place_a_copy_cannot_come_has_its_log_still(
    document: DocumentFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document.append([b"of the killed one"])
    left = killed(document)
    sync = os.fsync

    def refuse_sync(_descriptor: int) -> None:
        raise OSError(errno.EIO, "no")

    with DocumentFile.create(tmp_path / "Other.cowrite") as other, monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse_sync)
        with pytest.raises(StorageFailed):
            other.save_copy(left)
        patch.setattr(os, "fsync", sync)
    with DocumentFile.open(left) as file:
        assert file.load().state == (b"of the killed one",)


@contextmanager
def kept_before_each_step(folder: Path, states: Path) -> Iterator[list[Path]]:
    """What a kill leaves of a folder before each renaming, linking and deleting in the block, and after the last."""
    found: list[Path] = []

    def keep() -> None:
        found.append(states / str(len(found)))
        shutil.copytree(folder, found[-1])

    def kept(act: Callable[..., None]) -> Callable[..., None]:
        def step(*given: Any, **how: Any) -> None:
            keep()
            act(*given, **how)

        return step

    with pytest.MonkeyPatch.context() as patch:
        for name in ("rename", "replace", "link", "unlink"):
            patch.setattr(os, name, kept(getattr(os, name)))
        yield found
    keep()


def written_in(folder: Path) -> set[bytes]:
    """What is in any document of a folder."""
    found: set[bytes] = set()
    for path in sorted(folder.glob("[!.]*.cowrite")):
        with DocumentFile.open(path) as file:
            found.update(file.load().state)
    return found


def put_back(file: DocumentFile, left: Path) -> None:
    """A killed document whose file was renamed is opened."""
    DocumentFile.open(left.rename(left.with_name("Renamed.cowrite"))).close()


def put_apart(file: DocumentFile, left: Path) -> None:
    """A document that came into the place of a killed one is opened."""
    left.rename(left.with_name("Renamed.cowrite"))
    with DocumentFile.create(left.with_name("Other.cowrite")) as other:
        other.append([b"other"])
    other.path.rename(left)
    DocumentFile.open(left).close()


def written_anew(file: DocumentFile, left: Path) -> None:
    """A document that is open is written anew, for its file was renamed."""
    with DocumentFile.open(left) as again:
        again.append([b"more"])
        left.rename(left.with_name("Renamed.cowrite"))
        again.append([])


def put_over(file: DocumentFile, left: Path) -> None:
    """A copy takes the place of a killed document."""
    file.save_copy(left)


@pytest.mark.parametrize("act", [put_back, put_apart, written_anew, put_over])
def test_a_kill_between_any_two_steps_with_the_files_of_a_killed_document_loses_none_of_it(
    document: DocumentFile, tmp_path: Path, act: Callable[[DocumentFile, Path], None]
) -> None:
    document.append([b"before"])
    document.settle()
    document.append([b"after"])
    left = killed(document)
    with kept_before_each_step(left.parent, tmp_path / "states") as states:
        act(document, left)
    assert len(states) > 4
    for number, state in enumerate(states):
        assert {b"before", b"after"} <= written_in(state), f"before step {number}"


@pytest.mark.parametrize("is_short", [False, True])
def test_a_killed_document_whose_file_was_replaced_by_another_computers_has_what_was_written_on_both(
    document: DocumentFile, tmp_path: Path, is_short: bool
) -> None:
    document.append([b"at first"])
    document.settle()
    elsewhere = Path(shutil.copy(document.path, tmp_path / "elsewhere.cowrite"))
    ours = [b"ours %d" % number for number in range(1 if is_short else 60)]
    theirs = [b"theirs %d" % number for number in range(60 if is_short else 1)]
    document.append(ours)
    with DocumentFile.open(elsewhere) as other:
        other.append(theirs)
        picture = other.put_blob(b"picture", "image/png")
    left = killed(document)
    elsewhere.replace(left)
    with DocumentFile.open(left) as file:
        loaded = file.load()
        assert {b"at first", *ours, *theirs} <= set(loaded.state)
        assert (loaded.missing, loaded.behind) == ((), "")
        assert file.blob(picture) is not None
    with DocumentFile.open(left) as again:
        assert again.load() == loaded


@pytest.mark.parametrize("lengths", [(5, 5), (1, 40), (40, 1)])
@pytest.mark.parametrize("has_snapshot", ["ours", "theirs", "both"])
def test_what_was_written_on_both_is_there_although_a_snapshot_of_one_lacks_it(
    document: DocumentFile, tmp_path: Path, author, new_author, read, has_snapshot: str, lengths: tuple[int, int]
) -> None:
    document.append(author.types("at first "))
    document.settle()
    elsewhere = Path(shutil.copy(document.path, tmp_path / "elsewhere.cowrite"))
    their_author = new_author()
    their_author.receives([author.state])
    ours, theirs = ([f"{who} {number} " for number in range(count)] for who, count in zip("ab", lengths, strict=True))
    for words in (ours, ["last of ours "]):
        document.append(author.types(*words))
        if has_snapshot != "theirs":
            document.write_snapshot(author.state, keep=0)
    with DocumentFile.open(elsewhere) as other:
        other.append(their_author.types(*theirs))
        if has_snapshot != "ours":
            other.write_snapshot(their_author.state)
    left = killed(document)
    elsewhere.replace(left)
    with DocumentFile.open(left) as file:
        found = read(file.load().state)
    for words in ("at first ", *ours, "last of ours ", *theirs):
        assert words in found


def test_a_killed_document_whose_file_alone_was_renamed_has_its_log_again(document: DocumentFile, author, read) -> None:
    document.append(author.types("before "))
    document.settle()
    document.append(author.types("after"))
    left = killed(document)
    renamed = left.rename(left.with_name("Renamed.cowrite"))
    with DocumentFile.open(renamed) as file:
        assert read(file.load().state) == "before after"
        assert file.load().behind == ""
    assert not companion(left, "-wal").exists()


def test_a_killed_document_has_its_log_again_although_another_one_is_in_its_place(document: DocumentFile) -> None:
    document.append([b"before"])
    document.settle()
    document.append([b"after"])
    left = killed(document)
    renamed = left.rename(left.with_name("Renamed.cowrite"))
    with DocumentFile.create(left.with_name("Other.cowrite")) as other:
        other.append([b"other"])
    other.path.rename(left)
    left.with_name("Folder.cowrite-wal").mkdir()
    with DocumentFile.open(renamed) as file:
        assert file.load().state == (b"before", b"after")
        assert file.load().behind == ""
    with DocumentFile.open(left) as file:
        assert file.load().state == (b"other",)


def test_a_killed_document_that_finds_an_earlier_log_has_what_is_in_either(document: DocumentFile) -> None:
    document.append([b"before"])
    document.settle()
    document.append([b"at first"])
    earlier = killed(document)
    document.append([b"later"])
    document.settle()
    document.append([b"in a log that is gone"])
    shutil.copy(document.path, earlier)
    with DocumentFile.open(earlier.rename(earlier.with_name("Renamed.cowrite"))) as file:
        assert set(file.load().state) >= {b"before", b"at first", b"later"}


def test_the_log_of_an_open_document_stays_where_its_file_was_called_otherwise(
    document: DocumentFile, author, read
) -> None:
    document.append(author.types("words"))
    renamed = document.path.rename(document.path.with_name("Renamed.cowrite"))
    assert not rejoin(renamed)
    document.append(author.types(" and more"))
    assert read(document.load().state) == "words and more"


def test_what_a_killed_documents_snapshot_had_made_needless_does_not_come_back(document: DocumentFile, author) -> None:
    document.append(author.types("one ", "two "))
    document.settle()
    for words in ("three ", "four "):
        document.append(author.types(words))
        document.write_snapshot(author.state, keep=0)
    before = document.load().state
    with DocumentFile.open(killed(document)) as file:
        assert file.load().state == before


def test_a_document_that_was_killed_when_it_had_just_become_another_is_that_with_its_log(
    document: DocumentFile, author, read, monkeypatch: pytest.MonkeyPatch
) -> None:
    document.append(author.types("words"))
    document.settle()
    monkeypatch.setattr(WriteAheadLog, "settle", lambda _log: False)
    document.become_another()
    document.append(author.types(" and more"))
    document.write_snapshot(author.state, keep=0)
    identity = document.properties[Property.DOCUMENT_ID]
    with DocumentFile.open(killed(document)) as file:
        assert file.properties[Property.DOCUMENT_ID] == identity
        assert read(file.load().state) == "words and more"


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


def test_a_document_that_is_written_anew_and_cannot_be_opened_there_is_tried_again(
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
