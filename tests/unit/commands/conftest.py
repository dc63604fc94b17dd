"""The worker of a command, which begins as a fork."""

from __future__ import annotations

import subprocess
import sys
from io import BufferedReader
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cowrite.commands import model_process
from helpers.warm_python import WORKER, Forked


@pytest.fixture
def forked_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker begins as a fork of a process that has loaded it, where there are forks."""

    def begin(command: list[str], *, bufsize: int, process_group: int, **files: Any) -> Forked:
        process = Forked(command, loaded=WORKER, **files)
        process.stdout = cast(BufferedReader, process.stdout).detach()  # gives what there is, as without a buffer
        return process

    if sys.platform == "linux":
        monkeypatch.setattr(model_process, "subprocess", SimpleNamespace(**{**vars(subprocess), "Popen": begin}))
