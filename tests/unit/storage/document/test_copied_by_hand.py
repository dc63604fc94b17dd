"""A document that people copy as a file, also while it is open: the copy lacks nothing that the file had."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.errors import OpenElsewhere
from cowrite.storage.layout import PAGE_SIZE, Property
from cowrite.storage.library import originals as originals_module
from cowrite.storage.library.originals import Original, Originals

WORDS = [b"update %03d " % number + bytes(number) for number in range(120)]

HOLDER = """
import sys
from pathlib import Path
from cowrite.storage.document.document_file import DocumentFile
file = DocumentFile.open(Path(sys.argv[1]))
file.append([b"from the other process"])
if sys.argv[2] == "settled":
    file.settle()
print("open", flush=True)
sys.stdin.read()
"""


def copied(document: DocumentFile, name: str = "Copy.cowrite") -> Path:
    """A copy of the one file, as a file manager makes it."""
    return Path(shutil.copy(document.path, document.path.with_name(name)))


def test_a_copy_of_an_open_document_is_whole_after_a_pause(document: DocumentFile) -> None:
    for turn in (b"first", b"second"):
        document.append([turn])
        document.settle()
    with DocumentFile.open(copied(document)) as copy:
        assert copy.load().state == (b"first", b"second")
        assert copy.load().missing == ()
        assert copy.load().behind == ""


def test_what_is_written_after_a_pause_is_said_to_be_behind_in_a_copy_without_the_log(document, clock) -> None:
    document.append([b"first"])
    document.settle()
    document.append([b"second"])
    with DocumentFile.open(copied(document)) as copy:
        assert copy.load().state == (b"first",)
        assert copy.load().missing == ()
        here = datetime.fromtimestamp(clock.now / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
        assert copy.load().behind == f"What was written after {here} may not be in it"
        copy.forget_missing()
        assert copy.load().behind == ""
    assert document.load().state == (b"first", b"second")


def test_of_what_is_written_after_a_pause_a_reader_reads_all_or_nothing(document: DocumentFile) -> None:
    document.append(WORDS)
    document.settle()
    with DocumentReader(document.path) as reader:
        assert len(reader.load().state) == len(WORDS)
        document.append(WORDS * 10)
        document.settle()
        reader.save_copy(document.path.with_name("Copy.cowrite"), title="Copy")
    with DocumentFile.open(document.path.with_name("Copy.cowrite")) as copy:
        assert len(copy.load().state) == 11 * len(WORDS)
        assert copy.load().missing == ()


def test_a_copy_says_what_it_may_lack_although_somebody_was_reading_when_it_began_to_be_written(
    document: DocumentFile,
) -> None:
    document.append([b"first"])
    assert document.settle()
    with DocumentReader(document.path) as reader:
        reader._connection.execute("BEGIN")
        reader.load()
        document.append([b"second"])
        assert not document.settle()
    document.append([b"third"])
    with DocumentFile.open(copied(document)) as copy:
        assert copy.load().state == (b"first", b"second")
        assert copy.load().behind
    assert document.settle()
    with DocumentFile.open(copied(document, "Whole.cowrite")) as copy:
        assert copy.load().state == (b"first", b"second", b"third")


def test_a_kill_at_any_statement_of_settling_leaves_a_document_that_lacks_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    copies: list[Path] = []
    with DocumentFile.create(tmp_path / "data" / "Plan.cowrite") as file:
        file.append([b"kept"])

        def copy(_statement: str) -> None:
            copies.append(tmp_path / str(len(copies)))
            shutil.copytree(tmp_path / "data", copies[-1])

        file._held.connection.set_trace_callback(copy)
        file.settle()
        file.append([b"and this"])
        file._held.connection.set_trace_callback(None)
    assert len(copies) > 6
    for folder in copies:
        with DocumentFile.open(folder / "Plan.cowrite") as left:
            assert left.load().state in ((b"kept",), (b"kept", b"and this"))
            assert left.load().missing == ()
            assert left.load().behind == ""


def test_while_somebody_reads_the_file_it_is_not_called_settled(document: DocumentFile) -> None:
    from cowrite.storage.document.database import connect_to_look

    document.append([b"first"])
    reader = connect_to_look(document.path)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM updates").fetchall()
    document.append([b"second"])
    document.settle()
    with DocumentFile.open(copied(document)) as copy:
        assert copy.load().behind
    reader.close()
    document.settle()
    with DocumentFile.open(copied(document, "Later.cowrite")) as copy:
        assert copy.load().state == (b"first", b"second")
        assert copy.load().behind == ""


@pytest.mark.parametrize("is_ahead", [True, False])
def test_a_copy_that_was_made_in_the_middle_of_a_write_is_never_called_damaged(
    document: DocumentFile, is_ahead: bool
) -> None:
    """Its first pages are of before and its others of after the log was moved into the file, or the other way round."""
    states = []
    for words in (WORDS[:60], WORDS[60:]):
        document.append(words)
        with document._held.writing() as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        states.append(document.path.read_bytes())
    before, after = states
    first, then = (before, after) if is_ahead else (after, before)
    copy = document.path.with_name("Copy.cowrite")
    for cut in range(PAGE_SIZE, len(then), PAGE_SIZE):
        copy.write_bytes(first[:cut] + then[cut:])
        with DocumentFile.open(copy) as file:
            assert set(WORDS[:60]) <= set(file.load().state)
            assert file.load().behind
        for left in copy.parent.glob("Copy*"):
            left.unlink()


# A document of its own


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "originals")


def test_a_file_is_a_copy_where_its_document_lies_elsewhere_and_the_document_where_it_was_moved(
    document: DocumentFile, originals: Originals, tmp_path: Path
) -> None:
    identity = str(document.properties[Property.DOCUMENT_ID])
    originals.note(identity, document.path)
    assert originals.original_of(identity, document.path) is None
    document.close()
    copy = copied(document)
    assert originals.original_of(identity, copy) == Original(document.path, is_away=False)
    with DocumentFile.open(copy) as file:
        file.become_another()
        assert originals.original_of(str(file.properties[Property.DOCUMENT_ID]), copy) is None
    document.path.rename(tmp_path / "Moved.cowrite")
    assert originals.original_of(identity, tmp_path / "Moved.cowrite") is None
    with DocumentFile.create(document.path):  # another one of its name
        assert originals.original_of(identity, tmp_path / "Moved.cowrite") is None


def test_a_document_whose_place_does_not_answer_any_more_is_not_waited_for(
    document: DocumentFile, originals: Originals, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    identity = str(document.properties[Property.DOCUMENT_ID])
    originals.note(identity, document.path)
    answers = Event()
    monkeypatch.setattr(originals_module, "PATIENCE", 0.01)
    monkeypatch.setattr(originals_module, "glance", lambda _path: {} if answers.wait() else None)
    try:
        assert originals.original_of(identity, copied(document)) == Original(document.path, is_away=True)
        assert originals.place_of(identity) is None
        assert originals.may_be_somewhere(identity)
        assert "the drive does not answer" in caplog.text
    finally:
        answers.set()
        caplog.clear()


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is a drive of its own as long as it is called so; Python takes it for one also while it is away, as
    it does a letter on Windows."""
    ismount, drive = os.path.ismount, tmp_path / "drive"
    drive.mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == drive or ismount(path))
    return drive


def test_a_file_is_a_copy_also_while_the_drive_of_its_document_is_away(
    document: DocumentFile, originals: Originals, drive: Path
) -> None:
    identity = str(document.properties[Property.DOCUMENT_ID])
    document.close()
    there = document.path.rename(drive / "Plan.cowrite")
    originals.note(identity, there)
    copy = Path(shutil.copy(there, document.path))
    away = drive.rename(drive.with_name("away"))
    assert originals.original_of(identity, copy) == Original(there, is_away=True)
    assert originals.original_of(identity, away / "Plan.cowrite") is None  # the same file, where the drive is now
    assert originals.may_be_somewhere(identity)
    away.rename(drive)
    assert originals.original_of(identity, there) is None
    there.unlink()
    assert originals.original_of(identity, copy) is None  # moved to another drive
    assert not originals.may_be_somewhere(identity)
    assert not originals.may_be_somewhere("never noted")


def test_what_was_noted_of_documents_that_are_nowhere_goes_and_of_those_on_a_drive_that_is_away_stays(
    originals: Originals, drive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def note(identity: str, path: Path) -> None:
        path.touch()
        originals.note(identity, path)

    monkeypatch.setattr(originals_module, "SWEEP", 4)
    note("away", drive / "Away.cowrite")
    drive.rename(drive.with_name("away"))
    (tmp_path / "originals" / "old").write_bytes(os.fsencode(tmp_path / "Old.cowrite"))  # by an earlier version
    note("gone", tmp_path / "Gone.cowrite")
    (tmp_path / "Gone.cowrite").unlink()
    note("here", tmp_path / "Here.cowrite")
    names = {note.read_bytes().split(b"\0")[0] for note in (tmp_path / "originals").iterdir()}
    assert {Path(os.fsdecode(name)).name for name in names} == {"Away.cowrite", "Old.cowrite", "Here.cowrite"}


def test_a_copy_that_became_a_document_of_its_own_is_in_no_room(document: DocumentFile) -> None:
    document.properties.set_all({"link": "wss://team.example/plan", "epoch": "e1"})
    identity = document.properties[Property.DOCUMENT_ID]
    document.settle()
    with DocumentFile.open(copied(document)) as copy:
        copy.become_another()
        assert copy.properties[Property.DOCUMENT_ID] != identity
        assert "link" not in copy.properties
        assert "epoch" not in copy.properties
    assert document.properties["link"] == "wss://team.example/plan"


# Hard links


@pytest.mark.skipif(sys.platform == "win32", reason="SQLite lets nobody link an open file there")
@pytest.mark.parametrize("how", ["settled", "written"])
def test_a_hard_link_to_a_document_that_is_open_is_refused_until_that_is_closed(
    document: DocumentFile, run, tmp_path: Path, how: str
) -> None:
    document.close()
    link = tmp_path / "Link.cowrite"
    os.link(document.path, link)
    holder = run(HOLDER, document.path, how)
    assert holder.stdout.readline() == "open\n"
    with pytest.raises(OpenElsewhere, match=r"Link\.cowrite” is another name for a document that is open"):
        DocumentFile.open(link)
    assert sorted(path.name for path in tmp_path.glob("Link*")) == ["Link.cowrite"]
    holder.kill()
    holder.wait()
    if how == "written":  # what it wrote is in the log beside the other name
        with pytest.raises(OpenElsewhere):
            DocumentFile.open(link)
        DocumentFile.open(document.path).close()
    with DocumentFile.open(link) as file:
        assert file.load().state == (b"from the other process",)
        assert file.load().missing == ()


@pytest.mark.skipif(sys.platform == "win32", reason="links are made otherwise there")
def test_a_hard_link_is_opened_by_the_name_by_which_the_document_is_known(
    document: DocumentFile, originals: Originals, tmp_path: Path
) -> None:
    originals.note(str(document.properties[Property.DOCUMENT_ID]), document.path)
    document.close()
    link = tmp_path / "Link.cowrite"
    os.link(document.path, link)
    assert originals.name_of(link) == originals.name_of(document.path) == document.path
    document.path.unlink()
    assert originals.name_of(link) == link


def test_settling_what_was_not_written_writes_nothing(document: DocumentFile) -> None:
    document.append([b"x"])
    document.settle()
    statements: list[str] = []
    document._held.connection.set_trace_callback(statements.append)
    document.settle()
    assert statements == []
