"""The log of a killed document beside a file that it does not go with: neither takes anything from the other."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.reading import DocumentReader, glance
from cowrite.storage.document.stray_log import rejoin
from cowrite.storage.document.write_ahead_log import WriteAheadLog
from cowrite.storage.errors import StorageFailed
from cowrite.storage.layout import Property
from cowrite.storage.placing import companion
from helpers.killed import killed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file stays where it is there")


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
