"""A disk that is soon full."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Another disk than that of the other files, of one megabyte; only root on Linux can make it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or mount is None or os.geteuid() != 0:
        pytest.skip("only root on Linux can make a small disk")
    command = [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", os.fspath(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody make a small disk")
    yield folder
    subprocess.run(["umount", "-l", os.fspath(folder)], check=True)
