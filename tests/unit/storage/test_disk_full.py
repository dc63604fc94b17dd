"""A disk that fills up, a file that cannot grow."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import pytest

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import DiskFull
from cowrite.storage.library import closed_files
from cowrite.storage.library.library import Library
from cowrite.storage.settings import Settings, load_settings, save_settings


def fill(folder: Path) -> None:
    """Leaves no room."""
    with (folder / "ballast").open("ab", buffering=0) as ballast, contextlib.suppress(OSError):
        while ballast.write(bytes(4096)):
            pass


def append_until_full(file: DocumentFile, written: list[bytes]) -> None:
    while True:
        update = b"%d" % len(written) + os.urandom(3000)
        file.append([update])
        written.append(update)


def test_on_a_full_disk_nothing_is_lost_and_a_retry_works(small_disk: Path, author) -> None:
    author.types("x" * 200_000)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(300_000))
    with DocumentFile.create(small_disk / "Plan.cowrite") as file:
        written: list[bytes] = []
        with pytest.raises(DiskFull, match="no room left") as raised:
            append_until_full(file, written)
        assert raised.value.path == file.path
        assert file.load().state == tuple(written)
        with pytest.raises(DiskFull):
            file.write_snapshot(author.state)
        with pytest.raises(DiskFull):
            file.put_blob(os.urandom(200_000), "image/png")
        with pytest.raises(DiskFull):
            file.save_copy(small_disk / "Copy.cowrite")
        assert file.load().state == tuple(written)
        ballast.unlink()
        file.append([b"again"])
        written.append(b"again")
        assert file.load().state == tuple(written)
    with DocumentFile.open(file.path) as again:
        assert again.load().state == tuple(written)
        assert again.load().missing == ()
    assert sorted(path.name for path in small_disk.iterdir()) == ["Plan.cowrite"]


def test_a_document_closed_on_a_full_disk_opens_again(small_disk: Path) -> None:
    file = DocumentFile.create(small_disk / "Plan.cowrite")
    file.append([b"kept"])
    fill(small_disk)
    file.close()
    with DocumentFile.open(file.path) as again:
        assert again.load().state == (b"kept",)
        assert again.load().missing == ()
    with pytest.raises(DiskFull):
        DocumentFile.create(small_disk / "Another.cowrite")
    assert not (small_disk / "Another.cowrite").exists()


def test_settings_survive_a_full_disk(small_disk: Path) -> None:
    path = small_disk / "settings.json"
    save_settings(path, Settings(model="de"))
    fill(small_disk)
    with pytest.raises(DiskFull):
        save_settings(path, Settings(model="x" * 10_000))
    assert load_settings(path).settings == Settings(model="de")


def test_a_full_disk_keeps_no_document_from_being_listed_or_deleted(small_disk: Path, monkeypatch, caplog) -> None:
    library = Library(small_disk / "library", small_disk / "cache" / "search.sqlite")
    library.folder.mkdir()
    for name in ("Known", "New"):
        DocumentFile.create(library.folder / f"{name}.cowrite").close()
        if name == "Known":
            library.documents()
    fill(small_disk)
    assert {entry.title for entry in library.documents()} == {"Known", "New"}
    monkeypatch.setattr(closed_files, "move_to_trash", Path.unlink)
    library.delete(library.folder / "Known.cowrite")
    assert [entry.title for entry in library.documents()] == ["New"]
    assert "the search index is behind" in caplog.text
    caplog.clear()


LIMITED = """
import os, resource, sys
from pathlib import Path
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import StorageError
file = DocumentFile.create(Path(sys.argv[1]))
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, most))
written = []
try:
    while True:
        update = os.urandom(3000)
        file.append([update])
        written.append(update)
except StorageError as error:
    print(type(error).__name__)
assert file.load().state == tuple(written)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
file.append([update])
assert file.load().state == (*written, update)
file.close()
print(len(written))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on file sizes there")
def test_a_file_that_may_not_grow_loses_nothing_and_a_retry_works(tmp_path: Path, run) -> None:
    output, _ = run(LIMITED, tmp_path / "Plan.cowrite").communicate()
    kind, count = output.split()
    assert kind in {"StorageFailed", "DiskFull"}
    with DocumentFile.open(tmp_path / "Plan.cowrite") as file:
        assert len(file.load().state) == int(count) + 1
        assert file.load().missing == ()
