"""Whether a process is there, by its number."""

from __future__ import annotations

import os
from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether it is there and has not ended; one that has ended and that nobody has waited for yet is not there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the latter where it ends just while its file is read
        return Path("/proc/self").exists() is False
    return stat.rpartition(")")[2].split()[0] != "Z"
