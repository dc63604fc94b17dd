"""Whether a process is there, by its number."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":  # where `os.kill` with 0 would be Ctrl+C
    import ctypes

    _SYNCHRONIZE, _STILL_THERE = 0x100000, 0x102


def is_running(pid: int) -> bool:
    """Whether it is there and has not ended; one that has ended and that nobody has waited for yet is not there."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_SYNCHRONIZE, False, pid)
        is_there = bool(handle) and kernel.WaitForSingleObject(handle, 0) == _STILL_THERE
        kernel.CloseHandle(handle)
        return is_there
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the latter where it ends just while its file is read
        return Path("/proc/self").exists() is False
    return stat.rpartition(")")[2].split()[0] != "Z"
