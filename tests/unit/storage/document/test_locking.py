"""One writer at a time, in this process and in others."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.errors import NotAllowed, StoreLocked
from cowrite.storage.lock import FileLock

HOLDER = """
import sys
from pathlib import Path
from cowrite.storage.document.document_file import DocumentFile
file = DocumentFile.open(Path(sys.argv[1]))
file.append([b"from the other process"])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_second_window_is_told_who_has_the_document(document: DocumentFile) -> None:
    with pytest.raises(StoreLocked, match="is open in another cowrite window") as raised:
        DocumentFile.open(document.path)
    assert raised.value.owner_pid == os.getpid()
    document.close()
    DocumentFile.open(document.path).close()


def test_another_process_is_told_and_its_death_frees_the_document(document: DocumentFile, run) -> None:
    document.close()
    holder = run(HOLDER, document.path)
    assert holder.stdout.readline() == "open\n"
    with pytest.raises(StoreLocked) as raised:
        DocumentFile.open(document.path)
    assert raised.value.owner_pid == holder.pid
    holder.kill()
    holder.wait()
    with DocumentFile.open(document.path) as file:
        assert file.load().state == (b"from the other process",)
        assert file.load().missing == ()


@pytest.mark.skipif(sys.platform == "win32", reason="making links there takes special rights")
def test_a_link_to_an_open_document_is_the_same_document(document: DocumentFile, tmp_path: Path) -> None:
    link = tmp_path / "Link.cowrite"
    link.symlink_to(document.path)
    with pytest.raises(StoreLocked):
        DocumentFile.open(link)


def test_an_open_document_can_be_read(document: DocumentFile) -> None:
    document.append([b"x"])
    name = document.put_blob(b"picture", "image/png")
    with DocumentReader(document.path) as reader:
        document.append([b"y"])
        assert reader.load().state == (b"x", b"y")
        assert reader.properties["title"] == "Plan"
        assert reader.blob(name) == document.blob(name)


def test_reading_a_closed_document_leaves_no_trace(document: DocumentFile, tmp_path: Path) -> None:
    document.append([b"x"])
    document.close()
    before = document.path.read_bytes()
    with DocumentReader(document.path) as reader:
        assert reader.load().state == (b"x",)
    assert [path.name for path in tmp_path.iterdir()] == ["Plan.cowrite"]
    assert document.path.read_bytes() == before


def test_a_lock_is_free_after_its_release(tmp_path: Path) -> None:
    for _ in range(3):
        lock = FileLock(tmp_path / "x")
        with pytest.raises(StoreLocked):
            FileLock(tmp_path / "x")
        lock.release()
        lock.release()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there a link takes a privilege")
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_lock_file_that_leads_to_another_file_leaves_that_as_it_is(tmp_path: Path, link) -> None:
    (tmp_path / "precious").write_text("words")
    link(tmp_path / "precious", tmp_path / ".Plan.cowrite.lock")

    with FileLock(tmp_path / "Plan.cowrite"), pytest.raises(StoreLocked):
        FileLock(tmp_path / "Plan.cowrite")

    assert (tmp_path / "precious").read_text() == "words"
    FileLock(tmp_path / "Plan.cowrite").release()


@pytest.mark.skipif(sys.platform == "win32", reason="a file that may only be read cannot be locked there")
def test_a_lock_file_that_somebody_else_has_left_can_be_taken_by_who_may_only_read_it(
    tmp_path: Path, monkeypatch
) -> None:
    (tmp_path / ".x.lock").touch()
    opened = os.open

    def open_to_read(path: Path, flags: int, mode: int = 0o777, **where: int) -> int:
        if flags & os.O_RDWR:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, flags, mode, **where)  # a folder is taken away meanwhile, from 3.13 on

    monkeypatch.setattr(os, "open", open_to_read)
    with pytest.raises(NotAllowed):
        FileLock(tmp_path / "y")
    lock = FileLock(tmp_path / "x")
    with pytest.raises(StoreLocked):
        FileLock(tmp_path / "x")
    lock.release()
    assert list(tmp_path.iterdir()) == []
