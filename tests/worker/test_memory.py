"""How much memory there is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cowrite.worker import memory


def test_what_is_left_in_a_container_is_its_limit_without_what_is_used_for_good(tmp_path: Path) -> None:
    group = tmp_path / "app.slice" / "cowrite.scope"
    group.mkdir(parents=True)
    (group.parent / "memory.max").write_text("1000000\n")
    (group.parent / "memory.current").write_text("700000\n")
    (group.parent / "memory.stat").write_text("anon 500000\ninactive_file 100000\n")
    (group / "memory.max").write_text("max\n")
    (group / "memory.current").write_text("600000\n")
    names = ("memory.max", "memory.current", "inactive_file")
    assert memory.left_in(tmp_path, "/app.slice/cowrite.scope", *names) == [400_000]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_limit_of_the_process_counts() -> None:
    free = "from cowrite.worker import memory; print(memory.available())"
    limited = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)); " + free
    answers = [subprocess.check_output([sys.executable, "-c", code], text=True) for code in (free, limited)]
    unlimited, below = map(int, answers)
    assert 0 < below < 1 << 30
    assert below < unlimited
