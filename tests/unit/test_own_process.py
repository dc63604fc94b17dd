"""A part of cowrite in a process of its own: by the Python here, or by the program itself where a build has none."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from cowrite.own_process import FLAG, MODULES, own_process


def test_beside_a_python_its_module_is_run_and_no_file_of_that_name_where_cowrite_is_called(tmp_path: Path) -> None:
    (tmp_path / "cowrite_server.py").write_text("raise SystemExit('not this one')", encoding="utf-8")
    command = own_process("cowrite_server", "--version")
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said.startswith("cowrite-server ")


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("cowrite", "cowrite "),
        ("cowrite_server", "cowrite-server "),
        pytest.param(
            *("pip", "pip "), marks=pytest.mark.skipif(find_spec("pip") is None, reason="this Python has no pip")
        ),
    ],
)
def test_in_a_build_the_program_itself_becomes_the_module(
    monkeypatch: pytest.MonkeyPatch, module: str, said: str
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    program, *rest = own_process(module, "--version")
    assert program == sys.executable
    within = subprocess.run([program, "-P", "-m", "cowrite", *rest], capture_output=True, text=True, check=True).stdout
    assert within.startswith(said)


@pytest.mark.parametrize("rest", [[], ["http.server"]])
def test_a_build_runs_no_module_but_its_own(rest: list[str]) -> None:
    assert "http.server" not in MODULES
    command = [sys.executable, "-P", "-m", "cowrite", FLAG, *rest]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == f"cowrite: {FLAG} is for cowrite's own processes."
