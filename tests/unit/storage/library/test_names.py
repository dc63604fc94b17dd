"""How the library names the files of closed documents."""

from __future__ import annotations

import os
import sys

import pytest

from cowrite.storage import lock
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import AlreadyThere, StoreLocked
from cowrite.storage.library import library as library_module
from cowrite.storage.library.library import Library
from cowrite.storage.placing import companion
from helpers.closed_documents import write


def test_renaming_renames_title_and_file(library: Library, clock) -> None:
    path = write(library.folder / "a.cowrite", "Draft", "zebras", clock)
    write(library.folder / "Taken.cowrite", "Taken", "", clock)
    library.documents()
    renamed = library.rename(path, "Final: 2026")
    assert renamed.name == "Final 2026.cowrite"
    assert not path.exists()
    assert [(entry.title, entry.path) for entry in library.search("zebras")] == [("Final: 2026", renamed)]
    assert library.rename(renamed, "final 2026").name == "final 2026.cowrite"
    with pytest.raises(AlreadyThere):
        library.rename(library.folder / "final 2026.cowrite", "Taken")
    assert sorted(entry.title for entry in library.documents()) == ["Taken", "final 2026"]


@pytest.mark.parametrize(
    ("name", "title", "named"),
    [
        ("Untitled", "Herbs: 2027?", "Herbs 2027"),
        ("Untitled 12", "Taken", "Taken 2"),
        ("Untitled", "x" * 400, "x" * 160),
        ("Untitled", "///", "Untitled"),
        ("Untitled 2", "untitled", "Untitled 2"),
        ("Joined document 2", "Herbs", "Herbs"),
        ("Untitled notes", "Herbs", "Untitled notes"),
        ("Plan", "Herbs", "Plan"),
    ],
)
def test_a_file_that_cowrite_has_named_is_called_by_the_title(
    library: Library, clock, name: str, title: str, named: str
) -> None:
    write(library.folder / "Taken.cowrite", "Taken", "", clock)
    path = write(library.folder / f"{name}.cowrite", title, "zebras", clock)
    library.documents()
    assert library.name_by_title(path, title) == library.folder / f"{named}.cowrite"
    assert {file.stem for file in library.folder.iterdir()} == {"Taken", named}
    assert [(entry.title, entry.path.stem) for entry in library.search("zebras")] == [(title, named)]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("where", ["below", "elsewhere", "hard link", "led to"])
def test_a_file_in_a_place_that_a_person_chose_keeps_its_name(library: Library, tmp_path, clock, where: str) -> None:
    folder = library.folder / "below" if where == "below" else tmp_path / "elsewhere"
    path = write(folder / "Untitled.cowrite", "Herbs", "zebras", clock)
    library.folder.mkdir(exist_ok=True)
    if where == "hard link":
        os.link(path, library.folder / "Untitled.cowrite")
        path = library.folder / "Untitled.cowrite"
    elif where == "led to":
        (library.folder / "Untitled.cowrite").symlink_to(path)
    assert library.name_by_title(path, "Herbs") == path
    assert path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_library_that_is_reached_by_a_link_names_its_files_too(library: Library, tmp_path, clock) -> None:
    path = write(tmp_path / "cloud" / "Untitled.cowrite", "Herbs", "", clock)
    library.folder.symlink_to(path.parent, target_is_directory=True)
    assert library.name_by_title(path, "Herbs") == path.with_name("Herbs.cowrite")


def test_a_file_that_somebody_has_open_again_or_that_has_left_a_log_keeps_its_name(library: Library, clock) -> None:
    path = write(library.folder / "Untitled.cowrite", "Herbs", "", clock)
    lock_held = lock.FileLock(path)
    with pytest.raises(StoreLocked):
        library.name_by_title(path, "Herbs")
    lock_held.release()
    log = companion(path, "-wal")
    log.write_bytes(b"what a full disk has left")
    assert library.name_by_title(path, "Herbs") == path
    assert {path, log} == set(library.folder.iterdir())


def test_what_comes_to_have_a_name_meanwhile_is_not_replaced(library: Library, clock, monkeypatch) -> None:
    path = write(library.folder / "Untitled.cowrite", "Herbs", "mine", clock)
    taken = library.folder / "Herbs.cowrite"
    monkeypatch.setattr(library_module, "free_path", lambda _folder, _title: taken)
    taken.write_bytes(b"from another computer")
    with pytest.raises(AlreadyThere):
        library.name_by_title(path, "Herbs")
    assert taken.read_bytes() == b"from another computer"
    with DocumentFile.open(path) as file:
        assert file.load().state == (b"mine",)


def test_a_document_does_not_meet_the_log_that_another_one_has_left_under_its_new_name(library: Library, clock) -> None:
    path = write(library.folder / "Untitled.cowrite", "Herbs", "mine", clock)
    other = write(library.folder / "Herbs.cowrite", "Herbs", "", clock)
    with DocumentFile.open(other, clock=clock) as file:
        file.append([b"of the other one"])
        left = companion(other, "-wal").read_bytes()
    other.unlink()
    companion(other, "-wal").write_bytes(left)
    assert library.name_by_title(path, "Herbs") == other
    assert [log.read_bytes() for log in library.folder.glob("*.other-*-wal")] == [left]
    with DocumentFile.open(other) as file:
        assert file.load().state == (b"mine",)


def test_an_open_document_is_neither_renamed_nor_deleted(library: Library, clock) -> None:
    path = write(library.folder / "a.cowrite", "Draft", "", clock)
    with DocumentFile.open(path):
        with pytest.raises(StoreLocked):
            library.rename(path, "Other")
        with pytest.raises(StoreLocked):
            library.delete(path)
        assert path.exists()
