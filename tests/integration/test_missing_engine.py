"""`cowrite assist` where the engine is not installed or does not load. Real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cowrite.assist.engine.problems import no_engine
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.missing_engine import GONE, NO_LIBRARY, without_engine
from helpers.model_folder import put_model

WHYS = {
    GONE: "No module named 'llama_cpp'",
    NO_LIBRARY: "libgomp.so.1: cannot open shared object file: No such file or directory",
}


@pytest.mark.parametrize(("what_it_does", "why"), WHYS.items(), ids=WHYS.values())
def test_the_command_says_it_in_one_sentence(cowrite_home: Path, tmp_path: Path, what_it_does: str, why: str) -> None:
    put_model(Paths.of({HOME_VARIABLE: str(cowrite_home)}))
    environment = {**os.environ, "PYTHONPATH": without_engine(tmp_path, what_it_does)}
    command = [sys.executable, "-m", "cowrite", "assist", "title"]
    done = subprocess.run(
        command, input="Herbs grow here.", env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{no_engine(why)}\n")
