"""The long runs that are begun by hand, as CONTRIBUTING.md names them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("run_*.py")))
def test_a_long_run_can_be_begun_from_any_folder(name: str, tmp_path: Path) -> None:
    command = [sys.executable, FOLDER / name, "--help"]
    ran = subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"usage: {name}")
