"""Files that are put in their places in one step."""

from __future__ import annotations

import os
import socket
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cowrite.storage import placing
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.quick_log import QuickLog
from cowrite.storage.errors import StorageFailed
from cowrite.storage.json_file import read_object, write_object
from cowrite.storage.library.library import Library
from cowrite.storage.library.originals import Originals
from cowrite.storage.placing import is_file, move_to_free, write_in_place
from cowrite.storage.sealed_items import KeptItem, KeptItems, SealedItems
from cowrite_server import patience

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
        with pytest.raises(OSError, match="is not a file"):
            write_in_place(tmp_path / name, b"x")
        assert (tmp_path / name).lstat().st_mode == kind
    with DocumentFile.create(tmp_path / "a.cowrite") as document:
        with pytest.raises(StorageFailed, match="is not a file"):
            document.save_copy(tmp_path / "pipe")
        assert (tmp_path / "pipe").is_fifo()


def test_what_cannot_be_looked_at_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert is_file(tmp_path / "a")
    assert not is_file(tmp_path)
    assert not is_file(tmp_path / ("a" * 1_000))


@pytest.mark.parametrize("by_linux", [True, False])
def test_a_name_that_something_has_is_given_to_nothing_else(tmp_path: Path, monkeypatch, by_linux: bool) -> None:
    if not by_linux:
        monkeypatch.setattr(placing, "_moved_by_linux", lambda _source, _target: False)
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    mine.write_bytes(b"mine")
    theirs.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        move_to_free(mine, theirs)
    assert theirs.is_symlink()
    with pytest.raises(FileNotFoundError):
        move_to_free(tmp_path / "gone", tmp_path / "free")
    move_to_free(mine, tmp_path / "Grüße")
    assert (tmp_path / "Grüße").read_bytes() == b"mine"
    assert not mine.exists()


class Scanner:
    """Stands for a virus scanner on Windows: it reads each file that is to get another name, twice as long as a try."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._seen: Counter[Path] = Counter()
        for way in ("rename", "replace"):
            monkeypatch.setattr(Path, way, self._slow(getattr(Path, way)))
        monkeypatch.setattr(patience, "_WAIT", 0)
        monkeypatch.setattr(sys, "platform", "win32")

    def _slow(self, way: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def renamed(source: Path, target: Path) -> Path:
            self._seen[source] += 1
            if self._seen[source] % 3:
                raise PermissionError(13, "another process has it open", str(source))
            return way(source, target)

        return renamed


def test_whatever_gets_a_name_waits_until_a_virus_scanner_is_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(tmp_path / "library", tmp_path / "search.sqlite")
    with DocumentFile.create(library.new_path("Plan")) as document:
        path = document.path
    (tmp_path / "broken.json").write_text("{")
    Scanner(monkeypatch)

    write_object(tmp_path / "settings.json", {"size": 12})
    assert read_object(tmp_path / "settings.json").values == {"size": 12}
    kept_aside = read_object(tmp_path / "broken.json").kept_aside
    assert kept_aside is not None
    assert kept_aside.read_text() == "{"
    kept = KeptItems((KeptItem("session:1", "note:1", {"text": "one"}),))
    SealedItems(tmp_path / "sealed.json").write(kept)
    assert SealedItems(tmp_path / "sealed.json").read() == kept
    log = QuickLog(tmp_path / "quick", "id", path)
    log.write([b"one"])
    log._let_go()
    log._lock.release()
    again = QuickLog(tmp_path / "quick", "id", path)
    assert again.left == (b"one",)
    again.close()
    Originals(tmp_path / "originals").note("id", path)
    assert len(list((tmp_path / "originals").iterdir())) == 1
    assert library.rename(path, "Journey").name == "Journey.cowrite"


def test_a_file_that_another_program_shows_on_windows_is_said_to_be_open_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: Path, target: Path) -> Path:
        raise PermissionError(13, "Access is denied", str(target))

    path = tmp_path / "Plan.docx"
    path.write_bytes(b"the first")
    monkeypatch.setattr(patience, "_WAIT", 0)
    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(PermissionError, match="another program has it open"):
        write_in_place(path, b"the second")
    assert path.read_bytes() == b"the first"
