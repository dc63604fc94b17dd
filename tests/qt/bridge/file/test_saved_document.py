"""A document and its file on the storage thread, with a disk that fails when it is told to."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject

from cowrite.bridge.file import noting, saved_document, settling
from cowrite.bridge.file.kept_properties import KeptProperties
from cowrite.bridge.file.on_disk import Safety
from cowrite.bridge.file.opening import MAY_COMMENT, MAY_SUGGEST, SAVED_BLOBS, VIEW_ONLY, WAITING, open_document
from cowrite.bridge.file.saved_document import SavedDocument
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.storage.document.database import connect_beside
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.held_file import HeldFile
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.errors import DiskFull, StorageFailed, UnreadableDocument
from cowrite.storage.layout import Property
from cowrite.storage.placing import companion
from cowrite.sync.record import SyncRecord
from cowrite.sync.rights import Rights
from cowrite_server.document.ranges import deletion
from cowrite_server.wire.encoding import var_uint
from cowrite_server.wire.protocol import Role
from helpers.desk import write


class Disk:
    """Refuses the next so many appends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.refusals = 0
        append = DocumentFile.append

        def take(file: DocumentFile, updates: Sequence[bytes]) -> None:
            if self.refusals:
                self.refusals -= 1
                raise StorageFailed(file.path, "the test says so")
            append(file, updates)

        monkeypatch.setattr(DocumentFile, "append", take)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_a_write_that_failed_takes_no_newer_property_back(qtbot, tmp_path: Path, disk: Disk, storage, paths) -> None:
    path = tmp_path / "Plan.cowrite"
    opened = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    saved = SavedDocument(opened, storage, lambda *_facts: None)
    disk.refusals = 1
    has_failed = qtbot.waitSignal(saved.on_disk_changed, check_params_cb=lambda told: told.safety is Safety.FAILED)
    with has_failed:
        saved.properties.store_link("host/first")
        saved.save_now()
        saved.properties.store_link("host/second")
        saved.write()
    saved.close()
    with DocumentFile.open(path) as file:
        assert file.properties[Property.LINK] == "host/second"


def test_what_is_searched_has_the_words_of_notes(tmp_path: Path, storage, paths) -> None:
    told: list[str] = []
    opened = open_document(tmp_path / "Plan.cowrite", storage, paths, lambda: 0, create=True, new=True)
    saved = SavedDocument(opened, storage, lambda _path, _title, text, _is_shared: told.append(text))
    with opened.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "text")
    opened.document.entries("board").add("note:1", {"text": "a note", "place": [0, 0, 1, 1]})
    saved.close()
    storage.run_now(lambda: None)
    assert told == ["text\n\na note"]
    with DocumentFile.open(tmp_path / "Plan.cowrite") as file:
        assert file.properties[Property.TEXT] == told[0]


def test_what_is_noted_while_somebody_reads_the_file_is_in_the_one_file_once_they_have(
    qtbot, tmp_path: Path, storage, paths, monkeypatch
) -> None:
    monkeypatch.setattr(settling, "PAUSE", 20)
    monkeypatch.setattr(noting, "PAUSE", 20)
    path, told = tmp_path / "Plan.cowrite", []
    file, log, document, *_ = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    parent = QObject()
    settled = settling.Settling(file, storage, parent)
    with closing(connect_beside(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM properties").fetchone()
        noting.Noting(document, file, storage, lambda *facts: told.append(facts), settled, parent).changed()
        qtbot.waitUntil(lambda: bool(told))
        assert companion(path, "-wal").stat().st_size
    qtbot.waitUntil(lambda: not companion(path, "-wal").stat().st_size)
    settled.end()
    storage.run_now(file.close)
    storage.run_now(log.close)


def test_a_new_document_is_made_with_its_first_line(tmp_path: Path, disk: Disk, storage, paths) -> None:
    path = tmp_path / "Plan.cowrite"
    disk.refusals = 1
    opened = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    storage.run_now(opened.file.close)
    storage.run_now(opened.quick_log.close)
    disk.refusals = 0
    with DocumentFile.open(path) as file:
        assert file.load().state == (opened.document.state(),)
        file.append([b"next"])
        assert len(file.load().state) == 2


def test_what_a_killed_process_left_is_there_although_the_identity_of_its_document_is_damaged(
    tmp_path: Path, storage, paths
) -> None:
    path, logs = tmp_path / "Plan.cowrite", paths.quick_logs
    opened = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    made: list[bytes] = []
    opened.document.observe_updates(lambda update: made.append(update[0]))
    with opened.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "unsaved")

    def leave() -> None:
        opened.file.close()
        opened.quick_log.write(made)
        opened.quick_log.close()

    storage.run_now(leave)
    path.write_bytes(path.read_bytes().replace(b"document_id", b"DOCUMENT_ID"))
    again = open_document(path, storage, paths, lambda: 0, create=False, new=False)
    assert again.document_id != opened.document_id
    assert again.document.text() == "unsaved\n"
    storage.run_now(again.file.close)
    storage.run_now(again.quick_log.close)
    assert list(logs.iterdir()) == []


@pytest.mark.parametrize("may_suggest", [False, True])
def test_a_deletion_whose_count_a_kill_has_taken_waits_for_the_server(
    tmp_path: Path, storage, paths, may_suggest
) -> None:
    path = tmp_path / "Plan.cowrite"
    opened = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    with opened.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "too much")
    state = opened.document.state()
    made: list[bytes] = []
    opened.document.observe_updates(lambda update: made.append(update[0]))
    with opened.document.edit(Origin.LOCAL) as edit:
        edit.delete(0, 4)

    known = {Property.EPOCH: "epoch", Property.ACKNOWLEDGED: opened.document.state_vector(), WAITING: 0}

    def leave() -> None:
        opened.file.append([state])
        rights = {Property.LINK: "cowrite://host/room", VIEW_ONLY: True, MAY_SUGGEST: may_suggest}
        opened.file.properties.set_all({**known, **rights, MAY_COMMENT: may_suggest})
        opened.file.close()
        opened.quick_log.write(made)
        opened.quick_log.close()

    storage.run_now(leave)
    again = open_document(path, storage, paths, lambda: 0, create=False, new=False)
    assert again.document.text() == "much\n"
    assert again.record.waiting == int(may_suggest)  # for a viewer, who deletes nothing, it was somebody else's
    storage.run_now(again.close)


def test_what_waited_while_the_disk_was_busy_is_written_next_and_without_delay(
    qtbot, tmp_path: Path, storage, monkeypatch, paths
) -> None:
    monkeypatch.setattr(saved_document, "SAVE_DELAY", 3_600_000)
    opened = open_document(tmp_path / "Plan.cowrite", storage, paths, lambda: 0, create=True, new=True)
    saved = SavedDocument(opened, storage, lambda *_facts: None)
    disk = threading.Event()
    storage.run(disk.wait)
    opened.document.meta.set_title("first")
    saved.save_now()
    opened.document.meta.set_title("second")
    saved._save_timer.timeout.emit()
    saved._save_timer.stop()
    disk.set()
    qtbot.waitUntil(lambda: saved.on_disk.safety is Safety.SAVED)
    saved.close()


@pytest.mark.parametrize("looks_first", [False, True])
def test_a_disk_that_does_not_answer_is_told_until_it_does(
    qtbot, tmp_path: Path, storage, monkeypatch, paths, looks_first: bool
) -> None:
    monkeypatch.setattr(saved_document, "SILENCE", 0)
    opened = open_document(tmp_path / "Plan.cowrite", storage, paths, lambda: 0, create=True, new=True)
    saved = SavedDocument(opened, storage, lambda *_facts: None)
    disk = threading.Event()
    storage.run(disk.wait)
    if looks_first:
        saved.save_now()
        assert saved.on_disk.safety is Safety.SAVED
    opened.document.meta.set_title("first")
    qtbot.waitUntil(lambda: saved.on_disk.safety is Safety.SILENT)
    opened.document.meta.set_title("second")
    assert saved.on_disk.safety is Safety.SILENT
    disk.set()
    qtbot.waitUntil(lambda: saved.on_disk.safety is Safety.SAVED)
    saved.close()


def test_who_may_open_a_file_next_may_have_its_quick_log(
    tmp_path: Path, storage, monkeypatch: pytest.MonkeyPatch, paths
) -> None:
    logs = paths.quick_logs
    opened = open_document(tmp_path / "Plan.cowrite", storage, paths, lambda: 0, create=True, new=True)
    saved = SavedDocument(opened, storage, lambda *_facts: None)
    close, left = DocumentFile.close, []

    def closing(file: DocumentFile) -> None:
        left.extend(logs.glob("*.log"))
        close(file)

    monkeypatch.setattr(DocumentFile, "close", closing)
    assert list(logs.glob("*.log"))
    saved.close()
    assert left == []


def test_a_property_that_cowrite_never_writes_keeps_nobody_from_the_text(tmp_path: Path, storage, paths) -> None:
    path = tmp_path / "Plan.cowrite"
    with DocumentFile.create(path) as file:
        file.properties.set_all({SAVED_BLOBS: 5, WAITING: "many", Property.EPOCH: 7, Property.ACKNOWLEDGED: "all"})
    opened = open_document(path, storage, paths, lambda: 0, create=False, new=False)
    assert (opened.saved_blobs, opened.record) == (frozenset(), SyncRecord())
    storage.run_now(opened.file.close)
    storage.run_now(opened.quick_log.close)


@pytest.mark.parametrize("is_copy", [False, True])
def test_a_document_into_which_a_full_disk_takes_nothing_more_is_opened_to_be_read(
    tmp_path: Path, storage, paths, monkeypatch, is_copy
) -> None:
    path = tmp_path / "Plan.cowrite"
    opened = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    words = opened.document
    with words.edit(Origin.LOCAL) as edit:
        edit.insert(0, "typed before the end")
    storage.run_now(opened.file.close)
    opened.quick_log.write((words.state(),))
    opened.quick_log.close()  # as a killed process leaves it
    if is_copy:
        path = Path(shutil.copy(path, tmp_path / "Copy.cowrite"))
    real = HeldFile.transaction

    def transaction(file: HeldFile) -> Any:
        if file.path == path:
            raise DiskFull(path)
        return real(file)

    with monkeypatch.context() as full:
        full.setattr(HeldFile, "transaction", transaction)
        again = open_document(path, storage, paths, lambda: 0, create=False, new=False)
        assert again.rights.reason == "its disk is full"
        assert again.document.text() == ("\n" if is_copy else "typed before the end\n")
        storage.run_now(again.close)
    later = open_document(path, storage, paths, lambda: 0, create=False, new=False)
    assert later.document.text() == ("\n" if is_copy else "typed before the end\n")
    storage.run_now(later.close)


def test_a_document_on_a_full_disk_is_opened_to_be_read(tmp_path: Path, storage, paths, monkeypatch) -> None:
    path = tmp_path / "Plan.cowrite"
    opened = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    storage.run_now(opened.close)
    real = DocumentFile.open.__func__

    def open_file(cls: type[DocumentFile], place: Path, **options: Any) -> DocumentFile:
        if place == path:
            raise DiskFull(place)
        return real(cls, place, **options)

    monkeypatch.setattr(DocumentFile, "open", classmethod(open_file))
    again = open_document(path, storage, paths, lambda: 0, create=False, new=False)
    saved = SavedDocument(again, storage, lambda *_facts: None)
    assert saved.path == path
    assert saved.protected == again.rights.reason == "its disk is full"
    assert again.document.state() == opened.document.state()
    place = again.file.path
    assert list(paths.quick_logs.iterdir()) == []
    saved.close()
    assert not place.parent.exists()


def test_a_document_that_was_only_looked_at_is_not_written(desk) -> None:
    draft = desk.new()
    write(draft, "Words.")
    path = draft.path
    assert draft.window.close()
    content, written = path.read_bytes(), path.stat().st_mtime_ns
    draft = desk.open(path)
    assert draft.window.close()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, written)
    draft = desk.open(path)
    write(draft, " More.")
    assert draft.window.close()
    with DocumentReader(path) as reader:
        assert len(reader.load().state) == 1, "a snapshot has all of it"


def maps_in_maps(count: int) -> list[bytes]:
    """So many maps, each in the one before and in an update of its own, and one that deletes the first of all."""
    return [
        *(bytes([1, 1, 5]) + var_uint(at) + b"\x27" + within + b"\1k\1\0"
          for at in range(count) for within in [b"\0\5" + var_uint(at - 1) if at else b"\1\5board"]),
        deletion({5: [(0, 1)]}),
    ]  # fmt: skip


@pytest.mark.parametrize("depth", [0, 1_000], ids=["no update", "too deep"])
def test_a_file_with_a_change_that_cannot_be_read_is_named(tmp_path, storage, paths, depth):
    path = tmp_path / "Plan.cowrite"
    with DocumentFile.create(path) as file:
        file.append(maps_in_maps(depth) if depth else [b"no update"])

    with pytest.raises(UnreadableDocument, match=r"Plan\.cowrite” holds a change"):
        open_document(path, storage, paths, lambda: 0, create=False, new=False)
    DocumentFile.open(path).close()


def insert(document: Document, words: str) -> None:
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, words)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file is nobody else's to write there")
@pytest.mark.parametrize("is_closing", [False, True])
def test_a_document_over_whose_file_another_program_wrote_is_whole_there(
    qtbot, tmp_path: Path, storage, paths, is_closing: bool
) -> None:
    path = tmp_path / "Plan.cowrite"
    opened = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    saved = SavedDocument(opened, storage, lambda *_facts: None)
    earlier = path.read_bytes()
    insert(opened.document, "first ")
    saved.write()
    assert storage.run_now(opened.file.settle)
    with path.open("r+b") as file:
        file.write(earlier)
        file.truncate()
    insert(opened.document, "second ")
    with qtbot.waitSignal(saved.written_anew):
        if is_closing:
            saved.write()
        else:
            saved.save_now()
    qtbot.waitUntil(lambda: saved.on_disk.safety is Safety.SAVED)
    saved.close()
    with DocumentReader(path) as reader:
        state = b"".join(reader.load().state)
    assert b"first " in state
    assert b"second " in state


@pytest.mark.parametrize("takes_said", [False, True])
def test_what_a_server_takes_from_a_commenter_is_known_without_it_too(tmp_path: Path, storage, paths, takes_said):
    path, rights = tmp_path / "draft.cowrite", Rights.of(Role.COMMENTER, takes_said=takes_said)
    opened = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    kept = KeptProperties(frozenset(), lambda: None)
    kept.store_link("cowrite://host/room")
    kept.store_rights(rights)
    storage.run_now(lambda: opened.file.properties.set_all(kept.waiting))
    storage.run_now(opened.close)
    again = open_document(path, storage, paths, lambda: 0, create=False, new=False)
    assert again.rights == rights
    storage.run_now(again.close)
