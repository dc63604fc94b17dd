"""What a quick log keeps, whatever happens to the process that wrote it."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

import pytest

from cowrite.storage.document import quick_log
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.quick_log import QuickLog
from cowrite.storage.layout import Property


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "quick"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "Plan.cowrite"
    path.touch()
    return path


def logs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.log"))


def after_kill(folder: Path, document_id: str, document: Path) -> tuple[bytes, ...]:
    """What the next process finds in the log of a document; the one before is gone without a word."""
    log = QuickLog(folder, document_id, document)
    left = log.left
    log.close()
    return left


def killed(log: QuickLog) -> None:
    """Lets go of a log's file and lock, as the system does for a process that is killed."""
    log._let_go()
    log._lock.release()


def test_what_was_written_is_left_for_the_next_process_in_its_order(folder, document):
    log = QuickLog(folder, "id", document)
    assert log.left == ()
    log.write([b"one", b""])
    log.write([b"two"])
    killed(log)
    assert after_kill(folder, "id", document) == (b"one", b"", b"two")


def test_it_is_left_until_somebody_says_that_it_is_in_the_document(folder, document):
    log = QuickLog(folder, "id", document)
    log.write([b"one"])
    killed(log)
    assert after_kill(folder, "id", document) == (b"one",)
    log = QuickLog(folder, "id", document)
    assert log.left == (b"one",)
    log.keep(())
    log.write([b"two"])
    killed(log)
    assert after_kill(folder, "id", document) == (b"two",)


def test_a_log_in_which_nothing_is_left_is_deleted(folder, document):
    log = QuickLog(folder, "id", document)
    log.write([b"one"])
    log.keep(())
    log.close()
    assert list(folder.iterdir()) == []


def test_a_large_log_shrinks_to_what_is_on_the_way(folder, document):
    log = QuickLog(folder, "id", document)
    log.write([bytes(2_000_000), b"new"])
    log.keep([b"new"])
    log.write([b"newer"])
    assert logs(folder)[0].stat().st_size < 1000
    killed(log)
    assert after_kill(folder, "id", document) == (b"new", b"newer")


@pytest.mark.parametrize("cut", [1, 3, 20, 24])
def test_an_update_whose_end_is_missing_is_passed_over_and_those_before_it_are_not(folder, document, cut: int):
    log = QuickLog(folder, "id", document)
    log.write([b"one", b"torn"])
    killed(log)
    (path,) = logs(folder)
    path.write_bytes(path.read_bytes()[:-cut])
    assert after_kill(folder, "id", document) == (b"one",)


def test_a_document_that_was_moved_meanwhile_gets_what_was_left_for_it(folder, document, tmp_path):
    log = QuickLog(folder, "id", document)
    log.write([b"one"])
    killed(log)
    moved = document.rename(tmp_path / "Moved.cowrite")
    assert after_kill(folder, "other", moved) == ()
    log = QuickLog(folder, "id", moved)
    assert log.left == (b"one",)
    assert len(logs(folder)) == 1


def test_a_copy_gets_nothing_of_what_was_left_for_the_original(folder, document, tmp_path):
    log = QuickLog(folder, "id", document)
    log.write([b"one"])
    killed(log)
    copy = tmp_path / "Copy.cowrite"
    copy.touch()
    assert after_kill(folder, "id", copy) == ()
    assert after_kill(folder, "id", document) == (b"one",)


def test_what_was_left_for_a_document_on_a_drive_that_is_away_waits_for_it(folder, tmp_path):
    drive = tmp_path / "drive"
    drive.mkdir()
    document = drive / "Plan.cowrite"
    document.touch()
    log = QuickLog(folder, "id", document)
    log.write([b"one"])
    killed(log)
    away = drive.rename(tmp_path / "away")
    assert after_kill(folder, "id", tmp_path / "Copy.cowrite") == ()
    away.rename(drive)
    assert after_kill(folder, "id", document) == (b"one",)


def test_a_moved_document_gets_what_was_left_for_it_although_another_has_its_old_name(folder, tmp_path):
    path, moved = tmp_path / "Untitled.cowrite", tmp_path / "Novel.cowrite"
    with DocumentFile.create(path) as file:
        identity = str(file.properties[Property.DOCUMENT_ID])
    log = QuickLog(folder, identity, path)
    log.write([b"one"])
    killed(log)
    path.rename(moved)
    with DocumentFile.create(path) as file:
        assert after_kill(folder, str(file.properties[Property.DOCUMENT_ID]), path) == ()
        assert after_kill(folder, identity, moved) == (b"one",)


def test_a_document_that_lost_its_identity_gets_what_was_left_in_its_place(folder, document, tmp_path):
    log = QuickLog(folder, "id", document)
    log.write([b"one"])
    killed(log)
    assert after_kill(folder, "new", document) == ()
    log = QuickLog(folder, "new", tmp_path / "Other.cowrite", is_new_identity=True)
    assert log.left == ()
    log.close()
    log = QuickLog(folder, "new", document, is_new_identity=True)
    assert log.left == (b"one",)
    assert len(logs(folder)) == 1


def test_the_log_of_an_open_document_that_has_lost_its_file_stays_its_own(folder, document, tmp_path):
    log = QuickLog(folder, "id", document)
    log.write([b"one"])
    moved = document.rename(tmp_path / "Moved.cowrite")
    assert after_kill(folder, "id", moved) == ()
    log.write([b"two"])
    killed(log)
    assert after_kill(folder, "id", moved) == (b"one", b"two")


def test_a_log_that_could_not_be_written_begins_anew_once_the_document_could(folder, document, monkeypatch, caplog):
    log = QuickLog(folder, "id", document)
    log.write([b"one"])

    def refuse(_descriptor: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(os, "write", refuse)
        log.write([b"two"])
    assert "the document's file only" in caplog.text
    caplog.clear()
    log.write([b"three"])
    log.keep([b"two", b"three"])
    log.write([b"four"])
    killed(log)
    assert after_kill(folder, "id", document) == (b"two", b"three", b"four")


def test_that_a_log_cannot_be_written_is_told_once_until_it_can(folder, document, monkeypatch, caplog):
    log = QuickLog(folder, "id", document)

    def refuse(*_arguments: object) -> int:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    for _ in range(2):
        with monkeypatch.context() as refused:
            refused.setattr(os, "write", refuse)
            refused.setattr(quick_log, "replace", refuse)
            for _ in range(5):
                log.write([b"one"])
                log.keep([b"one"])
        assert caplog.text.count("the document's file only") == 1
        caplog.clear()
        log.keep([])
    log.close()


def test_what_is_left_is_found_also_where_nothing_can_be_written(folder, document, monkeypatch, caplog):
    log = QuickLog(folder, "id", document)
    log.write([b"one"])
    killed(log)

    def refuse(_path: Path, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", refuse)
        assert after_kill(folder, "id", document) == (b"one",)
    assert "the document's file only" in caplog.text
    caplog.clear()
    assert after_kill(folder, "id", document) == (b"one",)


def test_without_a_place_for_it_a_quick_log_does_nothing(folder, document, caplog):
    folder.write_text("in the way")
    with caplog.at_level(logging.WARNING):
        log = QuickLog(folder, "id", document)
    assert "the document's file only" in caplog.text
    caplog.clear()
    log.write([b"one"])
    log.keep(())
    log.close()
    assert log.left == ()


def test_what_is_left_is_found_where_the_document_went_on_in_its_renamed_folder(folder, document):
    away = document.parent / "renamed" / document.name
    log = QuickLog(folder, "id", document)
    log.write([b"in the file", b"on the way"])
    away.parent.mkdir()
    document.rename(away)
    log.follow(away, [b"on the way"])
    log.write([b"and this"])
    killed(log)
    assert after_kill(folder, "id", document.parent / "elsewhere.cowrite") == ()
    assert after_kill(folder, "id", away) == (b"on the way", b"and this")
    assert after_kill(folder, "id", away) == (b"on the way", b"and this")


@pytest.mark.parametrize("head", [b"[]", b"{}", b"no words", b'{"document": "id"}'])
def test_what_another_program_left_among_the_logs_keeps_no_document_from_its_own(folder, document, head):
    folder.mkdir()
    (folder / "foreign.log").write_bytes(quick_log._frame(head) + quick_log._frame(b"not ours"))
    log = QuickLog(folder, "id", document)
    log.write([b"one"])
    killed(log)
    assert after_kill(folder, "id", document) == (b"one",)


def test_a_log_that_cannot_be_read_keeps_no_other_document_from_its_own(folder, document, caplog):
    (folder / "foreign.log").mkdir(parents=True)
    log = QuickLog(folder, "id", document)
    log.write([b"one"])
    killed(log)
    assert after_kill(folder, "id", document) == (b"one",)
    assert caplog.text.count("a quick log cannot be read") == 2
    caplog.clear()
