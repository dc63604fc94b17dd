"""What this computer is, as far as it decides how a model runs."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ENGINE = "llama-cpp-python"
_CPUINFO = Path("/proc/cpuinfo")


def processor() -> str:
    """The processor's name and how many cores there are, as in “AMD EPYC 7B13, 2 cores”."""
    return f"{_processor_name()}, {os.cpu_count() or 1} cores"


def has_avx2() -> bool | None:
    """Whether the processor has AVX2, without which an x86 processor is several times slower; None where unknown."""
    with suppress(OSError):
        flags = _line("flags")
        return "avx2" in flags.split() if flags else None
    return None


def engine_version() -> str:
    """The version of the library that runs models, without loading it; empty where it is not installed."""
    try:
        return version(ENGINE)
    except PackageNotFoundError:
        return ""


def _processor_name() -> str:
    name = ""
    if sys.platform == "darwin":
        with suppress(OSError, subprocess.SubprocessError):
            command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
            name = subprocess.run(command, capture_output=True, text=True, check=True, timeout=5).stdout.strip()
    elif sys.platform == "linux":
        with suppress(OSError):
            name = _line("model name")
    return name or platform.processor() or platform.machine() or "unknown processor"


def _line(key: str) -> str:
    for line in _CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return ""
