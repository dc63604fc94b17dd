"""Files that are put in their places in one step."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from cowrite.storage.document_file import DocumentFile
from cowrite.storage.errors import StorageFailed
from cowrite.storage.placing import is_file, write_in_place

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there, and devices are no files")


def test_a_link_that_is_written_stays_one_and_the_file_to_which_it_leads_is_written(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link, file = tmp_path / "notes.md", tmp_path / "elsewhere" / "notes.md"
    link.symlink_to(file)
    for data in (b"the first", b"the second"):  # of which the first makes the file
        write_in_place(link, data)
        assert link.is_symlink()
        assert file.read_bytes() == data


def test_what_is_no_file_is_not_replaced_by_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
    (tmp_path / "round").symlink_to(tmp_path / "round")
    for name in ("pipe", "socket"):
        kind = (tmp_path / name).lstat().st_mode
        with pytest.raises(OSError, match="is no file"):
            write_in_place(tmp_path / name, b"x")
        assert (tmp_path / name).lstat().st_mode == kind
    with DocumentFile.create(tmp_path / "a.cowrite") as document:
        with pytest.raises(StorageFailed, match="is no file"):
            document.save_copy(tmp_path / "pipe")
        assert (tmp_path / "pipe").is_fifo()


def test_what_cannot_be_looked_at_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert is_file(tmp_path / "a")
    assert not is_file(tmp_path)
    assert not is_file(tmp_path / ("a" * 1_000))
