"""The command `cowrite`: how its sub-commands end, whatever they do."""

from __future__ import annotations

import importlib.machinery
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cowrite import __main__ as command
from cowrite.commands import models
from helpers.warm_python import Forked


def test_ctrl_c_ends_a_command_with_a_word_from_its_first_import_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_doctor", interrupted)
    assert command.main(["doctor"]) == 1
    assert capsys.readouterr() == ("", "Stopped.\n")


@pytest.mark.parametrize(("arguments", "unbuffered"), [(["models", "list"], "1"), (["doctor"], "")])
def test_nothing_is_said_of_a_reader_who_has_gone(arguments: list[str], unbuffered: str) -> None:
    read, write = os.pipe()
    os.close(read)
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    program = [sys.executable, "-m", "cowrite", *arguments]
    ended = subprocess.run(program, stdout=write, stderr=subprocess.PIPE, env=environment, check=False)
    os.close(write)
    assert (ended.returncode, ended.stderr) == (1, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows puts the home of somebody unknown beside that of others")
def test_somebody_whose_home_is_not_known_is_told_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COWRITE_HOME", "~nobody-of-this-name/cowrite")
    assert command.main(["models", "list"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("cowrite: Your home folder is not known")
    assert "HOME" in err


@pytest.mark.skipif(sys.platform == "win32", reason="the shell of Windows closes no output")
def test_a_result_that_has_nowhere_to_go_is_said() -> None:
    program = ["sh", "-c", '"$0" -m cowrite models list >&-', sys.executable]
    ended = subprocess.run(program, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == "cowrite: The standard output is closed, so the result has nowhere to go.\n"


def test_where_errors_have_nowhere_to_go_they_do_not_go_among_the_results(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert command.main(["models", "pull", "no-such-model"]) == 1
    assert capsys.readouterr().out == ""
    sys.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize(
    ("program", "unbuffered"),
    [
        (["cowrite", "models", "list"], "1"),
        (["cowrite", "doctor"], ""),
        (["cowrite_server", "invites"], ""),
        (["cowrite_server", "invites"], "1"),
    ],
)
def test_a_full_disk_behind_the_output_is_said(program: list[str], unbuffered: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered, "COWRITE_HOME": str(tmp_path)}
    place: list[str] = []
    if program[0] == "cowrite_server":
        place = ["--data", str(tmp_path / "data"), "plan"]
        invite = [sys.executable, "-m", "cowrite_server", "invite", *place]
        assert Forked(invite, stdout=subprocess.DEVNULL).wait() == 0
    with Path("/dev/full").open("wb") as full:
        command_line = [sys.executable, "-m", *program, *place]
        ended = subprocess.run(
            command_line, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False
        )
    said = "The result could not be written whole: No space left on device; name another place.\n"
    assert (ended.returncode, ended.stderr) == (1, f"{program[0].replace('_', '-')}: {said}")


def test_texts_are_printed_whatever_the_streams_own_encoding_has() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ended = subprocess.run(
        [sys.executable, "-m", "cowrite", "--help"], capture_output=True, env=environment, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "ask, summarise …" in ended.stdout.decode("utf-8")


@pytest.mark.parametrize("arguments", [[], ["two"], ["demo", "--out", "pictures"]])
def test_a_system_that_cannot_load_qt_is_said_in_a_sentence(arguments: list[str], tmp_path: Path) -> None:
    (qt := tmp_path / "PySide6").mkdir()
    for name in ("QtCore", "QtWidgets"):
        (qt / f"{name}{importlib.machinery.EXTENSION_SUFFIXES[-1]}").write_bytes(b"no library")
    (qt / "__init__.py").touch()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "COWRITE_HOME": str(tmp_path / "home")}
    program = [sys.executable, "-m", "cowrite", *arguments]
    ended = subprocess.run(program, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    (said,) = ended.stderr.splitlines()
    assert said.startswith("cowrite cannot start on this computer: ")
    assert said.endswith(". `cowrite doctor` says what mends it.")


@pytest.mark.parametrize("more", [[], ["--session"]])
def test_a_demonstration_says_before_it_begins_that_it_cannot_write_there(
    more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place := tmp_path / "file").touch()
    assert command.main(["demo", "--out", str(place), *more]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"cowrite demo: “{place}” cannot be written to: File exists; name another folder.\n"


def test_the_help_names_each_command_on_models() -> None:
    (commands,) = (each.choices for each in models._parser()._actions if isinstance(each.choices, dict))
    (line,) = (line for line in command.USAGE.splitlines() if line.startswith("  cowrite models"))
    assert set(line.partition(": ")[2].split(", ")) == set(commands)
