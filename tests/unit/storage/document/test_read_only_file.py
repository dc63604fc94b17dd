"""Documents in places where nothing can be written are read, whatever lies beside them, and stay as they are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.read_only_file import ReadOnlyFile
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.errors import NotADocument, NotWritable, StorageFailed
from cowrite.storage.layout import PAGE_SIZE, Property
from cowrite.storage.placing import protection
from cowrite_server import patience
from helpers.read_only import read_only_disk
from plain_rights import with_plain_rights


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def left(document: DocumentFile, folder: Path, endings: tuple[str, ...] = ("", "-wal")) -> Path:
    """What a backup has of a document that was open."""
    folder.mkdir()
    for ending in endings:
        shutil.copy(f"{document.path}{ending}", folder)
    return folder / document.path.name


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_document_on_a_disk_that_can_only_be_read_is_read_with_the_log_beside_it(
    document: DocumentFile, tmp_path: Path, temporary: Path
) -> None:
    document.properties["link"] = "wss://team.example/plan"
    document.append([b"in the log"])
    name = document.put_blob(b"picture", "image/png")
    path = left(document, tmp_path / "disk")
    before = content(path.parent)
    with read_only_disk(path.parent):
        with pytest.raises(NotWritable, match="its disk cannot be written") as raised:
            DocumentFile.open(path)
        with DocumentReader(path) as reader:
            assert reader.load().state == (b"in the log",)
            assert reader.properties["link"] == "wss://team.example/plan"
        with ReadOnlyFile.of(path, raised.value.reason) as file:
            assert file.load().state == (b"in the log",)
            assert file.blob(name) == document.blob(name)
            assert file.place == path
            assert file.protected == "its disk cannot be written"
            assert "link" not in file.properties
            assert file.properties[Property.DOCUMENT_ID] != document.properties[Property.DOCUMENT_ID]
            file.append([b"and more"])
            file.save_copy(tmp_path / "Copy.cowrite")
        assert content(path.parent) == before
    assert list(temporary.iterdir()) == []
    with DocumentFile.open(tmp_path / "Copy.cowrite") as copy:
        assert copy.load().state == (b"in the log", b"and more")


def test_a_damaged_document_that_can_only_be_read_says_what_is_missing_and_no_file_that_is_not_there(
    document: DocumentFile, tmp_path: Path, temporary: Path
) -> None:
    for number in range(40):
        document.append([b"update %04d " % number * 30])
    document.close()
    path = left(document, tmp_path / "disk", ("",))
    data = path.read_bytes()
    at = data.index(b"update 0020 ") // PAGE_SIZE * PAGE_SIZE
    path.write_bytes(data[:at] + bytes(PAGE_SIZE) + data[at + PAGE_SIZE :])
    before = content(path.parent)
    with ReadOnlyFile.of(path, "its file is write-protected") as file:
        assert len(file.load().state) > 20
        assert file.load().missing
        assert file.load().damaged_original is None
    path.write_bytes(b"# Notes")
    with pytest.raises(NotADocument):
        ReadOnlyFile.of(path, "its file is write-protected")
    path.write_bytes(before[path.name])
    assert content(path.parent) == before
    assert list(temporary.iterdir()) == []


OPENED = """
import sys
from pathlib import Path
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import NotWritable
from cowrite.storage.placing import protection
from cowrite.storage.document.read_only_file import ReadOnlyFile
for path in map(Path, sys.argv[1:]):
    try:
        DocumentFile.open(path).close()
        print("written")
    except NotWritable as error:
        with ReadOnlyFile.of(path, error.reason) as file:
            print(error.reason.replace(str(path.parent), "FOLDER"), file.load().state)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights there")
def test_the_rights_of_a_file_and_of_its_folder_are_what_is_said(document: DocumentFile, tmp_path: Path) -> None:
    document.append([b"kept"])
    document.close()
    paths = [left(document, tmp_path / name, ("",)) for name in ("both", "folder", "file", "none")]
    for path, (folder, file) in zip(
        paths, [(0o555, 0o444), (0o555, 0o644), (0o755, 0o444), (0o755, 0o644)], strict=True
    ):
        path.chmod(file)
        path.parent.chmod(folder)
    before = [content(path.parent) for path in paths]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    command = [*with_plain_rights(), sys.executable, "-c", OPENED, *map(str, paths)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ended.stdout.splitlines() == [
        "its file is write-protected (b'kept',)",
        "the folder “FOLDER” is write-protected (b'kept',)",
        "its file is write-protected (b'kept',)",
        "written",
    ], ended.stderr
    assert [content(path.parent) for path in paths] == before


def test_rights_of_which_the_system_does_not_tell_are_found_out_by_trying(
    document: DocumentFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_what: object, **_how: object) -> int:
        raise PermissionError(13, "Permission denied")

    document.close()
    before = sorted(document.path.parent.iterdir())
    assert protection(document.path) == ""
    assert sorted(document.path.parent.iterdir()) == before
    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(NotWritable, match=r"the folder “.*” is write-protected"):
        DocumentFile.open(document.path)
    monkeypatch.setattr(patience, "_WAIT", 0)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "open", refuse)
    assert protection(document.path) == "its file is write-protected"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are counted otherwise")
def test_a_document_whose_name_leaves_no_room_for_those_beside_it_is_read(
    document: DocumentFile, tmp_path: Path
) -> None:
    document.append([b"kept"])
    document.close()
    path = document.path.rename(tmp_path / f"{'ü' * 123}.cowrite")
    with pytest.raises(NotWritable, match="its name is too long") as raised:
        DocumentFile.open(path)
    with ReadOnlyFile.of(path, raised.value.reason) as file:
        assert file.load().state == (b"kept",)
    shorter = path.rename(tmp_path / f"{'ü' * 119}.cowrite")
    data = shorter.read_bytes()
    shorter.write_bytes(bytes(PAGE_SIZE) + data[PAGE_SIZE:])  # to be repaired, and kept as it was under a longer name
    with DocumentFile.open(shorter) as file:
        assert file.load().state == (b"kept",)
        (kept,) = tmp_path.glob("*.damaged-*")
    with DocumentFile.open(kept) as file:
        assert file.load().state == (b"kept",)


def test_a_file_that_cannot_be_read_either_is_said_to_be_so(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(StorageFailed):
        ReadOnlyFile.of(tmp_path, "its file is write-protected")
    assert list(temporary.iterdir()) == []
    assert protection(tmp_path / "gone.cowrite") != ""
