"""The files of the running program, in whose place an update puts others."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from cowrite.app.start.program_files import ProgramFiles
from cowrite.app.start.run import UNEXPECTED, UPDATED, reporter
from helpers.desk import Desk, notices


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the program."""
    file = tmp_path / "part.py"
    file.write_text("words = 1")
    module = ModuleType("part_of_cowrite")
    module.__file__ = str(file)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return file


def replace(part: Path) -> None:
    new = part.with_name("new.py")
    new.write_text("words = 2")
    new.replace(part)


def test_who_meets_a_fault_of_a_program_that_was_updated_meanwhile_is_told_to_open_it_again(
    desk: Desk, part: Path, caplog: pytest.LogCaptureFixture
) -> None:
    draft = desk.new()
    for update in (replace, Path.unlink):
        files = ProgramFiles()
        files.note()
        report = reporter(desk.application, files)
        report(ImportError, ImportError("the test says so"), None)
        assert UNEXPECTED in notices(draft)
        assert UPDATED not in notices(draft)
        update(part)
        report(ImportError, ImportError("the test says so"), None)
        assert UPDATED in notices(draft), update
    caplog.clear()


def test_of_a_build_the_program_itself_is_its_file(part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(part))
    files = ProgramFiles()
    files.note()
    assert not files.are_others()
    replace(part)
    assert files.are_others()
