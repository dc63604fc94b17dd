"""What is done with a document's file while nobody writes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from cowrite.bridge.file import noting, settling
from cowrite.bridge.file.opening import open_document
from cowrite.bridge.file.saved_document import SavedDocument
from cowrite.core.text.origin import Origin
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import DiskFull, StorageFailed


def test_what_search_could_not_take_in_it_takes_in_though_nobody_writes_any_more(
    qtbot, tmp_path: Path, storage, monkeypatch, paths
) -> None:
    monkeypatch.setattr(noting, "PAUSE", 0)
    path, told = tmp_path / "Plan.cowrite", list[str]()

    def note(_path: Path, title: str, _text: str, _is_shared: bool) -> None:
        told.append(title)
        if len(told) == 1:
            raise StorageFailed(path, "the test says so")

    opened = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    saved = SavedDocument(opened, storage, note)
    opened.document.meta.set_title("Plan B")
    qtbot.waitUntil(lambda: told == ["Plan B", "Plan B"])
    saved.close()


def test_search_takes_a_long_text_in_piece_by_piece_and_anew_where_somebody_writes_meanwhile(
    qtbot, tmp_path: Path, storage, monkeypatch, paths
) -> None:
    monkeypatch.setattr(noting, "PAUSE", 100)  # in which the rest would be taken
    monkeypatch.setattr(noting, "PIECE", 2)
    told = list[str]()
    opened = open_document(tmp_path / "Plan.cowrite", storage, paths, lambda: 0, create=True, new=True)
    saved = SavedDocument(opened, storage, lambda _path, _title, text, _is_shared: told.append(text))
    with opened.document.edit(Origin.LOCAL) as edit:
        for number in range(20):
            edit.insert(0, f"{number} ", {"bold": number % 2 == 0})
    saved._noting._begin()
    QCoreApplication.processEvents()
    assert not told
    with opened.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "first ")
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["first " + "".join(f"{number} " for number in range(19, -1, -1)) + "\n"]
    saved.close()


def test_what_a_full_disk_kept_out_of_the_one_file_comes_into_it_though_nobody_writes_any_more(
    qtbot, tmp_path: Path, storage, monkeypatch, paths
) -> None:
    monkeypatch.setattr(settling, "PAUSE", 0)
    monkeypatch.setattr(noting, "PAUSE", 3_600_000)  # it moves what it writes, too
    path, settle, tried = tmp_path / "Plan.cowrite", DocumentFile.settle, list[Path]()

    def settle_the_second_time(file: DocumentFile) -> bool:
        tried.append(file.path)
        if len(tried) == 1:
            raise DiskFull(path)
        return settle(file)

    opened = open_document(path, storage, paths, lambda: 0, create=True, new=True)
    monkeypatch.setattr(DocumentFile, "settle", settle_the_second_time)
    saved = SavedDocument(opened, storage, lambda *_facts: None)
    opened.document.meta.set_title("Plan B")
    saved.write()
    log = Path(f"{path}-wal")
    assert log.stat().st_size > 0
    qtbot.waitUntil(lambda: log.stat().st_size == 0)
    assert len(tried) == 2
    saved.close()
