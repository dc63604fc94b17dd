"""The documents of a folder."""

from __future__ import annotations

import ctypes
import os
import sys
import unicodedata
import urllib.parse
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from types import SimpleNamespace

import pytest

from cowrite.core.text.first_words import heading_of
from cowrite.storage import lock
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import NotThere
from cowrite.storage.layout import Property
from cowrite.storage.library import drives
from cowrite.storage.library import library as library_module
from cowrite.storage.library.library import Library
from cowrite.storage.library.trash import CannotTrash
from helpers.closed_documents import write


def test_an_empty_library_is_an_empty_list(library: Library) -> None:
    assert library.documents() == ()
    assert library.search("anything") == ()


def test_documents_are_listed_by_their_last_edit(library: Library, clock) -> None:
    write(library.folder / "a.cowrite", "First", "the  first\n text", clock)
    clock.pass_minutes(1)
    path = write(library.folder / "folder" / "b.cowrite", "Second", "word " * 100, clock)
    entries = library.documents()
    assert [entry.title for entry in entries] == ["Second", "First"]
    assert entries[0].path == path
    assert entries[0].modified == clock.now / 1000
    assert entries[0].size == path.stat().st_size
    assert entries[0].snippet.endswith("word…")
    assert entries[1].snippet == "the first text"


def test_a_document_that_is_closed_is_listed_as_shared_until_it_has_left_its_server(library: Library, clock) -> None:
    path = write(library.folder / "a.cowrite", "Plan", "Three days in May", clock)
    for link in ("cowrite://example.org/plan", None):
        with DocumentFile.open(path) as file:
            file.properties[Property.LINK] = link
        for (entry,) in (library.documents(), library.search("may")):
            assert entry.is_shared is (link is not None)


def test_a_snippet_begins_after_the_title(library: Library, clock) -> None:
    write(library.folder / "a.cowrite", "Plan", "\nPlan\nThree days in May", clock)
    write(library.folder / "b.cowrite", "Plan", "Planting begins in May", clock)
    write(library.folder / "c.cowrite", "Plan", "Plan", clock)
    assert sorted(entry.snippet for entry in library.documents()) == ["", "Planting begins in May", "Three days in May"]
    (found,) = library.search("three")
    assert found.snippet == "Three days in May"


def test_a_snippet_goes_on_where_a_long_first_line_is_cut_for_the_title(library: Library, clock) -> None:
    line = "Minutes of the eleventh of November, with everybody who came and much that was said about water"
    write(library.folder / "a.cowrite", heading_of(line), f"{line}\nIda came.", clock)
    assert [entry.snippet for entry in library.documents()] == ["…said about water Ida came."]


def test_damaged_originals_and_hidden_files_are_not_listed(library: Library, clock) -> None:
    write(library.folder / "Plan.cowrite", "Plan", "", clock)
    write(library.folder / "Plan.damaged-20261124-120000.cowrite", "Plan", "", clock)
    write(library.folder / "Plan.damaged-20261124-120000-2.cowrite", "Plan", "", clock)
    write(library.folder / ".hidden" / "x.cowrite", "Hidden", "", clock)
    assert [entry.title for entry in library.documents()] == ["Plan"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_in_another_encoding_hides_no_document(library: Library, clock) -> None:
    other = write(library.folder / "b.cowrite", "Plan", "a plan", clock)
    named = library.folder / os.fsdecode(b"caf\xe9.cowrite")
    with DocumentFile.create(named, clock=clock) as file:
        file.append([b"x"])
    library.note(named, named.stem, "coffee")
    assert {entry.path for entry in library.documents()} == {named, other}
    assert [entry.path for entry in library.search("coffee")] == [named]
    library.rename(named, "Coffee")
    assert {entry.path.name for entry in library.documents()} == {"Coffee.cowrite", "b.cowrite"}


def test_a_place_that_cannot_be_looked_at_hides_no_document(library: Library, clock) -> None:
    path = write(library.folder / "a.cowrite", "Plan", "a plan", clock)
    gone = library.folder / ("a" * 1000) / "b.cowrite"  # as on a drive that does not answer any more
    assert [entry.path for entry in library.recent([gone, path])] == [path]


def test_a_file_that_is_no_document_is_listed_by_its_name(library: Library) -> None:
    library.folder.mkdir()
    (library.folder / "Odd.cowrite").write_bytes(b"what is this")
    assert [(entry.title, entry.snippet) for entry in library.documents()] == [("Odd", "")]


def test_a_document_that_cannot_be_read_for_a_moment_is_found_before_and_afterwards(
    library: Library, clock, monkeypatch
) -> None:
    old = write(library.folder / "old.cowrite", "Old", "apples", clock)
    assert [entry.path for entry in library.search("apples")] == [old]
    with DocumentFile.open(old, clock=clock) as file:
        file.properties[Property.TEXT] = "apples and pears"
    new = write(library.folder / "new.cowrite", "New", "plums", clock)
    with monkeypatch.context() as patched:
        patched.setattr(library_module, "glance", lambda _path: None)
        assert {entry.title for entry in library.documents()} == {"Old", "new"}
        assert [entry.path for entry in library.search("apples")] == [old]
    assert [entry.path for entry in library.search("pears")] == [old]
    assert [entry.path for entry in library.search("plums")] == [new]


def test_recent_documents_may_lie_anywhere(library: Library, tmp_path: Path, clock) -> None:
    inside = write(library.folder / "a.cowrite", "Inside", "", clock)
    outside = write(tmp_path / "desk" / "b.cowrite", "Outside", "zebras", clock)
    entries = library.recent([outside, tmp_path / "gone.cowrite", inside])
    assert [entry.title for entry in entries] == ["Outside", "Inside"]
    assert [entry.title for entry in library.documents()] == ["Inside"]
    assert [entry.title for entry in library.search("zebras")] == ["Outside"]


def test_a_new_document_has_a_name_of_its_own(library: Library, clock) -> None:
    names = []
    for title in ("Untitled", "Untitled", "untitled", "Q1/Q2: plan?"):
        path = library.new_path(title)
        names.append(path.name)
        DocumentFile.create(path, clock=clock).close()
    assert names == ["Untitled.cowrite", "Untitled 2.cowrite", "untitled 3.cowrite", "Q1 Q2 plan.cowrite"]


def test_a_duplicate_is_a_document_of_its_own(library: Library, clock) -> None:
    path = write(library.folder / "Draft.cowrite", "Draft", "zebras", clock)
    with DocumentFile.open(path, clock=clock) as file:
        file.properties["link"] = "wss://team.example/draft"
        file.append([b"not yet closed"])
        copies = [library.duplicate(path), library.duplicate(path)]
        identity = file.properties[Property.DOCUMENT_ID]
    assert [copy.name for copy in copies] == ["Draft copy.cowrite", "Draft copy 2.cowrite"]
    with DocumentFile.open(copies[0]) as copy:
        assert copy.load().state == (b"zebras", b"not yet closed")
        assert copy.properties[Property.DOCUMENT_ID] != identity
        assert copy.properties[Property.TITLE] == "Draft copy"
        assert "link" not in copy.properties
    assert len(library.search("zebras")) == 3


DELETE = """
import sys
from pathlib import Path
from cowrite.storage.library.library import Library
from cowrite.storage.library.trash import CannotTrash
Library(Path(sys.argv[1]), Path(sys.argv[2])).delete(Path(sys.argv[3]))
"""


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="a test must not fill a person's real trash")
def test_a_deleted_document_can_be_found_again_in_the_trash(
    library: Library, index: Path, tmp_path: Path, clock, run, monkeypatch
) -> None:
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", os.fspath(tmp_path / "share"))
    path = write(library.folder / "Grüße.cowrite", "Grüße", "zebras", clock)
    library.documents()
    assert run(DELETE, library.folder, index, path).wait() == 0
    assert not path.exists()
    assert library.documents() == library.search("zebras") == ()
    trash = tmp_path / "share" / "Trash"
    info = (trash / "info" / "Grüße.cowrite.trashinfo").read_text()
    assert f"Path={urllib.parse.quote(os.fspath(path))}\n" in info
    with DocumentFile.open(trash / "files" / "Grüße.cowrite") as file:
        assert file.load().state == (b"zebras",)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="a test must not fill a person's real trash")
def test_what_a_crash_left_in_the_log_goes_to_the_trash_with_its_document(
    library: Library, index: Path, tmp_path: Path, clock, run, monkeypatch
) -> None:
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", os.fspath(tmp_path / "share"))
    path = write(library.folder / "Plan.cowrite", "Plan", "one", clock)
    with DocumentFile.open(path, clock=clock) as file:
        file.append([b"two"])
        remains = {ending: Path(f"{path}{ending}").read_bytes() for ending in ("", "-wal")}
    for ending, data in remains.items():
        Path(f"{path}{ending}").write_bytes(data)
    assert run(DELETE, library.folder, index, path).wait() == 0
    assert list(library.folder.iterdir()) == []
    with DocumentFile.open(tmp_path / "share" / "Trash" / "files" / "Plan.cowrite") as file:
        assert file.load().state == (b"one", b"two")


def test_a_document_whose_name_has_its_accents_apart_is_renamed_where_that_is_the_same_name(
    library: Library, clock, monkeypatch
) -> None:
    path = write(library.folder / unicodedata.normalize("NFD", "Grüße.cowrite"), "Grüße", "one", clock)
    plain = lock._lock_path
    # As on a Mac, where both names lead to one file.
    monkeypatch.setattr(lock, "_lock_path", lambda path: plain(Path(unicodedata.normalize("NFC", str(path)))))
    assert library.rename(path, "Grüße").name == "Grüße.cowrite"
    assert [entry.path.name for entry in library.documents()] == ["Grüße.cowrite"]


def test_where_windows_has_no_recycle_bin_a_document_is_not_deleted_for_good(
    library: Library, clock, monkeypatch
) -> None:
    path = write(library.folder / "Plan.cowrite", "Plan", "one", clock)
    asked: list[str] = []
    remote = SimpleNamespace(GetDriveTypeW=lambda drive: asked.append(drive) or 4)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=remote), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(CannotTrash, match="has no recycle bin"):
        library.delete(path)
    assert asked == ["\\"]  # of a path without a drive, as paths are here
    assert [entry.title for entry in library.documents()] == ["Plan"]


def test_deleting_what_is_gone_says_so(library: Library) -> None:
    library.folder.mkdir()
    with pytest.raises(NotThere):
        library.delete(library.folder / "gone.cowrite")


def test_a_document_is_found_beside_one_whose_identity_another_program_wrote(library: Library, clock) -> None:
    for name, document_id in (("a", ["x"]), ("b", "wanted"), ("c", {"x": 1})):
        with DocumentFile.open(write(library.folder / f"{name}.cowrite", name, name, clock)) as file:
            file.properties[Property.DOCUMENT_ID] = document_id
    assert library.find({"wanted"}) == library.folder / "b.cowrite"
    assert library.find({"other"}) is None


def test_a_drive_that_does_not_answer_keeps_nobody_waiting_for_the_documents_elsewhere(
    library: Library, tmp_path: Path, clock, monkeypatch
) -> None:
    write(library.folder / "here.cowrite", "Here", "words", clock)
    near, far = (write(tmp_path / name / "x.cowrite", name, "words", clock) for name in ("near", "far"))
    assert {entry.title for entry in library.recent([near, far])} == {"near", "far"}
    answers = Event()

    def look(path: Path) -> bool:
        if path == far:
            answers.wait()
        return path.is_file()

    monkeypatch.setattr(drives, "is_file", look)
    impatient = drives.Drives(patience=0.0)
    monkeypatch.setattr(library, "_drives", impatient)
    try:
        assert impatient.are_there([far]) == {}
        impatient._patience = 60.0  # for the others; it is not asked again, nor waited for
        assert [entry.title for entry in library.documents()] == ["Here"]
        assert [entry.title for entry in library.recent([far, near])] == ["near"]
        assert {entry.title for entry in library.search("words")} == {"Here", "near"}
    finally:
        answers.set()
    far.unlink()
    near.unlink()
    while library._drives.are_there([far]) != {far: False}:
        pass
    assert [entry.title for entry in library.search("words")] == ["Here"]


def test_a_folder_that_another_thread_looks_into_just_now_is_no_silent_drive(tmp_path: Path, monkeypatch) -> None:
    class Asked(Thread):
        def join(self, timeout: float | None = None) -> None:
            if current_thread() is main_thread():
                answers.set()
            super().join(timeout)

    def look(path: Path) -> bool:
        begun.set()
        answers.wait()
        return path.is_file()

    begun, answers, there = Event(), Event(), drives.Drives(patience=60.0)
    monkeypatch.setattr(drives, "Thread", Asked)
    monkeypatch.setattr(drives, "is_file", look)
    other = Thread(target=there.are_there, args=([tmp_path / "a"],))
    other.start()
    begun.wait()
    try:
        assert there.are_there([tmp_path / "b"]) == {tmp_path / "b": False}
    finally:
        answers.set()
        other.join()
