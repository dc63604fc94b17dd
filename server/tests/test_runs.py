"""The long runs that are begun by hand, as CONTRIBUTING.md names them."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from helpers.warm_python import Forked

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("run_*.py")))
def test_a_long_run_can_be_begun_from_any_folder(name: str, tmp_path: Path) -> None:
    ran = Forked([sys.executable, str(FOLDER / name), "--help"], stdout=PIPE, stderr=PIPE, cwd=tmp_path)
    assert ran.stdout is not None
    assert ran.stderr is not None
    with ran.stdout as out, ran.stderr as errors:
        said, wrong = out.read(), errors.read()
    assert (ran.wait(), wrong) == (0, b"")
    assert said.startswith(f"usage: {name}".encode())
