"""What `tests/run_windows.py` says and leaves alone, without Wine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("runs where Wine does", allow_module_level=True)

import run_windows


@pytest.fixture(autouse=True)
def every_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: tool)


def test_a_folder_that_holds_something_else_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "python" / "mine.py"
    kept.parent.mkdir()
    kept.touch()
    monkeypatch.setattr(sys, "argv", ["run_windows.py", "--folder", str(tmp_path), "-V"])
    assert run_windows.main() == 1
    assert f"{tmp_path} holds something else; name a new folder." in capsys.readouterr().err
    assert kept.exists()


def test_an_interrupted_making_begins_anew_and_a_made_folder_is_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = iter([KeyboardInterrupt, None])
    made: list[Path] = []
    asked: list[list[str]] = []

    def make(windows: run_windows.Windows) -> None:
        made.append(windows.folder)
        if (end := next(ends)) is not None:
            raise end

    def run(_: run_windows.Windows, arguments: list[str]) -> object:
        asked.append(arguments)
        return subprocess.CompletedProcess(arguments, 7)

    monkeypatch.setattr(run_windows.Windows, "_make", make)
    monkeypatch.setattr(run_windows.Windows, "run", run)
    monkeypatch.setattr(sys, "argv", ["run_windows.py", "--folder", str(tmp_path), "-X", "utf8", "-m", "cowrite", "-h"])
    assert [run_windows.main() for _ in range(3)] == [130, 7, 7]
    assert made == [tmp_path, tmp_path]
    assert asked == [["-X", "utf8", "-m", "cowrite", "-h"]] * 2, "-h is the command's"


def test_without_arguments_it_runs_tests_that_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Sequence[str]] = []

    def run(_: run_windows.Windows, arguments: Sequence[str]) -> object:
        asked.append(arguments)
        return subprocess.CompletedProcess(arguments, 0)

    monkeypatch.setattr(run_windows.Windows, "_make", lambda _: None)
    monkeypatch.setattr(run_windows.Windows, "run", run)
    monkeypatch.setattr(sys, "argv", ["run_windows.py", "--folder", str(tmp_path)])
    assert run_windows.main() == 0
    [arguments] = asked
    files = [each.partition("::") for each in arguments if each.endswith(".py") or "::" in each]
    assert len(files) > 10
    for file, _, name in files:
        assert f"def {name}" in (run_windows.ROOT / file).read_text(encoding="utf-8")


def test_wine_is_not_told_of_another_folder_of_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []

    def run(command: list[str], *, env: dict[str, str], **_: object) -> object:
        told.append(env)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", run)
    run_windows.Windows(tmp_path).run(["-V"])
    [environment] = told
    assert "TMPDIR" not in environment
    assert environment["PATH"] == os.environ["PATH"]
