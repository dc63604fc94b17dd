"""Places where documents can only be read: a disk, for everybody; a folder, for whom its rights bind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def read_only_disk(folder: Path) -> Iterator[None]:
    """A folder as a disk that can only be read, also by root; only root on Linux can make it."""
    mount = shutil.which("mount")
    if sys.platform != "linux" or mount is None or os.geteuid() != 0:
        pytest.skip("only root on Linux can make a disk that can only be read")
    for options in (["--bind", str(folder)], ["-o", "remount,bind,ro"]):
        if subprocess.run([mount, *options, str(folder)], check=False, capture_output=True).returncode:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)
            pytest.skip("this system lets nobody make a disk that can only be read")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
