"""Closing a document: whatever keeps it from being done whole, the next `open` finds all, and says nothing else."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import StorageFailed


def test_a_kill_at_any_statement_of_closing_leaves_a_document_that_lacks_nothing(tmp_path: Path) -> None:
    """What a process leaves that is killed there is what the files hold before each statement."""
    (tmp_path / "data").mkdir()
    file = DocumentFile.create(tmp_path / "data" / "Plan.cowrite")
    file.append([b"kept"])
    copies: list[Path] = []

    def copy(_statement: str) -> None:
        copies.append(tmp_path / str(len(copies)))
        shutil.copytree(tmp_path / "data", copies[-1])

    file._held.connection.set_trace_callback(copy)
    file.close()
    assert len(copies) > 3
    for folder in copies:
        with DocumentFile.open(folder / "Plan.cowrite") as left:
            assert left.load().state == (b"kept",)
            assert left.load().missing == ()


def test_a_document_that_the_disk_does_not_let_us_finish_keeps_its_log_and_lacks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = DocumentFile.create(tmp_path / "Plan.cowrite")
    file.append([b"kept"])

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(file._held._wal, "_take_mark_away", fail)
    file.close()
    assert "disk I/O error" in caplog.text
    caplog.clear()
    with DocumentFile.open(file.path) as again:
        assert again.load().state == (b"kept",)
        assert again.load().missing == ()
    assert [path.name for path in tmp_path.iterdir()] == ["Plan.cowrite"]


def test_a_document_that_could_not_be_written_lacks_nothing_when_it_was_closed(
    document: DocumentFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    document.append([b"kept"])
    document.close()
    file = DocumentFile.open(document.path)

    def fail(_mode: str) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as failing:
        failing.setattr(file._held._wal, "_checkpoint", fail)
        with pytest.raises(StorageFailed):
            file.append([b"refused"])
    file.close()
    with DocumentFile.open(file.path) as again:
        assert again.load().state == (b"kept",)
        assert again.load().missing == ()


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be moved there")
def test_closing_a_document_that_was_moved_leaves_alone_what_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = DocumentFile.create(tmp_path / "Plan.cowrite")
    file.append([b"kept"])
    file.path.rename(tmp_path / "moved.cowrite")
    (tmp_path / "Plan.cowrite-wal").unlink()
    file.path.write_bytes(b"another")
    file.close()
    assert file.path.read_bytes() == b"another"
