"""A document and its file on the storage thread, with a disk that fails when it is told to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from cowrite.bridge.opening import open_document
from cowrite.bridge.saved_document import Safety, SavedDocument
from cowrite.bridge.storage_thread import StorageThread
from cowrite.storage.document_file import DocumentFile
from cowrite.storage.errors import StorageFailed
from cowrite.storage.layout import Property


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


@pytest.fixture
def storage(qapp: object) -> Iterator[StorageThread]:
    thread = StorageThread()
    yield thread
    thread.close()


def test_a_write_that_failed_takes_no_newer_property_back(qtbot, tmp_path: Path, disk: Disk, storage) -> None:
    path = tmp_path / "Plan.cowrite"
    saved = SavedDocument(
        open_document(path, storage, lambda: 0, create=True, new=True), storage, lambda _path, _title, _text: None
    )
    disk.refusals = 1
    saved.store_link("host/first")
    saved.save_now()
    saved.store_link("host/second")
    saved.write()
    qtbot.waitUntil(lambda: saved.on_disk.safety is Safety.FAILED)
    saved.close()
    with DocumentFile.open(path) as file:
        assert file.properties[Property.LINK] == "host/second"


def test_a_new_document_whose_first_line_cannot_be_written_is_let_go_of(tmp_path: Path, disk: Disk, storage) -> None:
    path = tmp_path / "Plan.cowrite"
    disk.refusals = 1
    with pytest.raises(StorageFailed):
        open_document(path, storage, lambda: 0, create=True, new=True)
    with DocumentFile.open(path) as file:
        assert file.load().missing == ()
