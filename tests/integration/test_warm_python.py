"""What a forked process has of its own, as one that begins has it, so that a test may start one in its place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.warm_python import Begun, Forked

LOOK = """
import os, sys

print(os.getcwd(), os.environ["WHO"], sys.argv[1:], len(os.listdir("/proc/self/task")), sys.stdin.readline())
print("wrong", file=sys.stderr)
sys.exit(3)
"""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc"),
    pytest.mark.parametrize("start", [Forked, Begun]),
]


def test_a_process_has_its_own_words_variables_folder_files_and_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: type[Forked | Begun]
) -> None:
    script = tmp_path / "look.py"
    script.write_text(LOOK)
    monkeypatch.chdir(tmp_path)
    pipe = subprocess.PIPE
    process = start(
        [sys.executable, str(script), "a", "b"], stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ, "WHO": "Ada"}
    )
    process.stdin.write(b"said\n")
    assert process.wait(30) == process.poll() == 3
    with process.stdin, process.stdout, process.stderr:
        assert process.stdout.read().decode() == f"{tmp_path} Ada ['a', 'b'] 1 said\n\n"
        assert process.stderr.read() == b"wrong\n"


def test_a_process_that_is_killed_is_gone_and_leaves_the_next_alone(
    tmp_path: Path, start: type[Forked | Begun]
) -> None:
    script = tmp_path / "wait.py"
    script.write_text("import sys\nprint(flush=True)\nsys.stdin.read()")
    first, second = (
        start([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)
    )
    with first.stdin, first.stdout, second.stdin, second.stdout:
        assert first.stdout.readline() == second.stdout.readline() == b"\n"
        assert first.poll() is None
        first.kill()
        assert first.wait(30) == -signal.SIGKILL
        with pytest.raises(ProcessLookupError):
            os.kill(first.pid, 0)
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(0)
        second.terminate()
        assert second.wait(30) == -signal.SIGTERM
