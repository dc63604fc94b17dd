"""How much memory there is for a model.

Runs in the worker. Looks at what the system says, at the limit of the container and at that of the process.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")


def available() -> int | None:
    """How many bytes this process could still take; None where the system does not say."""
    known = [limit for limit in (_of_system(), _of_container(), _of_process()) if limit is not None]
    return max(0, min(known)) if known else None


def trim() -> None:
    """Gives freed memory back to the system where the C library would keep it."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than GNU's
            ctypes.CDLL(None).malloc_trim(0)


def _of_system() -> int | None:
    if sys.platform == "win32":
        return _of_windows()
    if sys.platform == "darwin":
        return _of_macos()
    return _lines(Path("/proc/meminfo")).get("MemAvailable")


def _of_container() -> int | None:
    """What is left below the limits of the control groups that hold this process, of version 2 or 1."""
    own = Path("/proc/self/cgroup")
    left: list[int] = []
    with suppress(OSError):
        for line in own.read_text().splitlines():
            _, controllers, place = line.split(":", 2)
            if not controllers:
                left += left_in(_GROUPS, place, "memory.max", "memory.current", "inactive_file")
            elif "memory" in controllers.split(","):
                names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
                left += left_in(_GROUPS / "memory", place, *names)
    return min(left) if left else None


def left_in(root: Path, place: str, limit: str, usage: str, reclaimable: str) -> list[int]:
    """Bytes that are left below the limits of one control group and those around it.

    Args:
        root: the folder of all groups.
        place: of this one, below it.
        limit: name of the file with the limit.
        usage: of the file with what is used.
        reclaimable: line of `memory.stat` with what is cached of files; it gives way, so it does not count as used.
    """
    left = []
    folder = root / place.lstrip("/")
    while True:
        with suppress(OSError, ValueError):
            most = int((folder / limit).read_text())  # "max" is no number
            used = int((folder / usage).read_text())
            if most < 1 << 60:  # how version 1 writes "no limit"
                left.append(most - used + _lines(folder / "memory.stat").get(reclaimable, 0))
        if folder in (root, folder.parent):
            return left
        folder = folder.parent


def _lines(path: Path) -> dict[str, int]:
    """Lines of a name and a number, in bytes where they say kB."""
    found = {}
    with suppress(OSError):
        for line in path.read_text().splitlines():
            words = line.replace(":", " ").split()
            if len(words) >= 2 and words[1].isdigit():
                found[words[0]] = int(words[1]) * (1024 if words[-1] == "kB" else 1)
    return found


def _of_process() -> int | None:
    """What is left below the limit of its address space."""
    if sys.platform == "win32":
        return None
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return None
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return limit - pages * os.sysconf("SC_PAGE_SIZE")
    return limit


def _of_windows() -> int | None:
    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            *((name, ctypes.c_uint64) for name in ("physical", "free", "page", "free_page", "virtual", "free_virtual")),
            ("extended", ctypes.c_uint64),
        )

    status = Status()
    status.length = ctypes.sizeof(Status)
    windll = getattr(ctypes, "windll", None)
    return int(status.free) if windll and windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None


def _of_macos() -> int | None:
    with suppress(OSError, subprocess.SubprocessError, ValueError, IndexError):
        lines = subprocess.run(["/usr/bin/vm_stat"], capture_output=True, text=True, timeout=5, check=True).stdout
        size = int(lines.split("page size of ")[1].split()[0])
        counts = {
            name: int(rest.strip(" .")) for name, _, rest in (row.partition(":") for row in lines.split("\n")[1:-1])
        }
        free = ("Pages free", "Pages inactive", "Pages speculative", "Pages purgeable")
        return size * sum(counts.get(name, 0) for name in free)
    return None
