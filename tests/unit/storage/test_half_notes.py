"""What is half written on the pad, on this computer."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from cowrite.storage.half_notes import Half, HalfNotes


def test_what_is_half_written_is_read_again_for_its_session_or_note_and_without_any_there_is_no_file(
    tmp_path: Path,
) -> None:
    file = HalfNotes(tmp_path / "half" / "a.json")
    assert file.read() == {}
    halves = {"session:1": Half("größer 👩‍👩‍👧"), "session:2": Half("two\nlines"), "note:1": Half("Shad", "Trees")}
    file.write(halves)
    assert HalfNotes(tmp_path / "half" / "a.json").read() == halves
    file.write({})
    assert list((tmp_path / "half").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps others out by the folder's rights")
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    HalfNotes(tmp_path / "half" / "a.json").write({"session:1": Half("words")})
    assert stat.S_IMODE((tmp_path / "half" / "a.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "half").stat().st_mode) == 0o700


def test_a_broken_file_is_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('["half"]')
    file = HalfNotes(tmp_path / "a.json")
    assert file.read() == {}
    assert file.kept_aside is not None
    assert [path.name.split(".broken")[0] for path in tmp_path.iterdir()] == ["a.json"]


def test_what_a_newer_version_has_half_written_stays_there(tmp_path: Path) -> None:
    newer = {"words": "Trees", "colour": "red"}
    (tmp_path / "a.json").write_text(json.dumps({"session:1": newer, "session:2": "two"}))
    file = HalfNotes(tmp_path / "a.json")
    assert file.read() == {"session:2": Half("two")}
    file.write({})
    assert json.loads((tmp_path / "a.json").read_text()) == {"session:1": newer}
