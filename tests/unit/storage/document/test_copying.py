"""Copies of a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowrite.storage.document.copying import Unwritten
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import StorageFailed, StoreLocked
from cowrite.storage.layout import Property


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_is_a_document_of_its_own(document: DocumentFile, tmp_path: Path) -> None:
    document.append([b"x"])
    document.properties.set_all({"link": "wss://team.example/plan?key=SESAME", "epoch": "e1", "acknowledged": b"v"})
    name = document.put_blob(b"picture", "image/png")
    document.append([shown := f"it shows {name}".encode()])
    document.save_copy(tmp_path / "Copy.cowrite")
    document.append([b"y"])
    with DocumentFile.open(tmp_path / "Copy.cowrite") as copy:
        assert copy.load().state == (b"x", shown)
        assert copy.blob(name) is not None
        assert copy.properties[Property.DOCUMENT_ID] != document.properties[Property.DOCUMENT_ID]
        assert not {"link", "epoch", "acknowledged"} & set(copy.properties)
    assert b"SESAME" not in (tmp_path / "Copy.cowrite").read_bytes()
    assert document.load().state == (b"x", shown, b"y")


def test_a_copy_has_no_image_that_its_document_never_showed(document: DocumentFile, tmp_path: Path) -> None:
    sealed, coming = document.put_blob(b"a sealed picture", "image/png"), document.put_blob(b"another", "image/png")
    document.save_copy(tmp_path / "Copy.cowrite", unwritten=Unwritten([f"it shows {coming}".encode()]))
    with DocumentFile.open(tmp_path / "Copy.cowrite") as copy:
        assert copy.blob(sealed) is None
        assert copy.blob(coming) is not None
        assert list(copy.properties[Property.IMAGES]) == [coming]
    assert b"a sealed picture" not in (tmp_path / "Copy.cowrite").read_bytes()


def test_a_copy_replaces_what_is_there_but_no_open_document(document: DocumentFile, tmp_path: Path) -> None:
    document.append([b"new"])
    with DocumentFile.create(tmp_path / "Other.cowrite") as other:
        other.append([b"old"])
        with pytest.raises(StoreLocked):
            document.save_copy(other.path)
        assert other.load().state == (b"old",)
    document.save_copy(other.path)
    with DocumentFile.open(other.path) as other:
        assert other.load().state == (b"new",)
    with pytest.raises(StorageFailed, match="onto itself"):
        document.save_copy(document.path)
    assert [name for name in names_in(tmp_path) if name.endswith(".tmp")] == []


def test_a_copy_is_not_touched_by_the_log_of_the_document_it_replaces(document: DocumentFile, tmp_path: Path) -> None:
    with DocumentFile.create(tmp_path / "Crashed.cowrite") as other:
        other.append([b"old"])
        remains = {ending: Path(f"{other.path}{ending}").read_bytes() for ending in ("", "-wal")}
    for ending, data in remains.items():
        Path(f"{other.path}{ending}").write_bytes(data)
    document.append([b"new"])
    document.save_copy(other.path)
    with DocumentFile.open(other.path) as other:
        assert other.load().state == (b"new",)
