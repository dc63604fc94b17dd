"""What a person has typed survives kill -9 of application and server; more rounds: `tests/run_crashes.py`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cowrite.paths import HOME_VARIABLE
from helpers.crashes import SAFE_AFTER, play
from helpers.desk import Desk
from helpers.warm_python import APPLICATION, Forked

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("seed", "people"), [(1, 1), (2, 2)])
def test_nothing_is_lost_doubled_or_different_when_processes_are_killed_under_typing(seed: int, people: int) -> None:
    outcome = play(seed, stops=2, people=people)
    assert not outcome.wrong, str(outcome)
    assert outcome.typed > 0
    assert outcome.acknowledged > 0


def is_computing(process: int) -> bool:
    """Whether a process computes, or would if others left it a processor; never where the system does not tell."""
    for thread in Path(f"/proc/{process}/task").glob("*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            if thread.read_text().rpartition(")")[2].split()[0] == "R":
                return True
    return False


def test_what_was_typed_survives_kill_9_although_the_disk_took_nothing_of_it(tmp_path: Path, qtbot: QtBot) -> None:
    environment = {**os.environ, HOME_VARIABLE: str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    command = [sys.executable, "-m", "helpers.stuck_disk"]
    process = Forked(command, env=environment, stdout=subprocess.PIPE, loaded=APPLICATION)
    assert process.stdout is not None
    with process.stdout as said:
        path = Path(said.readline().decode().rstrip("\n"))
        time.sleep(SAFE_AFTER)  # the promise itself
        while is_computing(process.pid):
            time.sleep(0.01)  # nothing tells of what another process does
        process.kill()
        process.wait()
    desk = Desk(tmp_path, qtbot)
    assert desk.open(path).document.text() == "saved and more\n"
    desk.leave()
    assert list(desk.paths.quick_logs.iterdir()) == []
