"""What the assistant lacks on this machine; a part of `cowrite doctor`.

The engine is tried in a process of its own, so that a broken one takes nothing with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cowrite.doctor_probe import ENGINE
from cowrite.models.catalogue import STARTER, catalogue
from cowrite.models.errors import in_bytes
from cowrite.models.machine import engine_version, has_avx2
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import State
from cowrite.own_process import own_process
from cowrite.paths import Paths, resources
from cowrite.worker.memory import available

LOADING_LIMIT = 60.0  # seconds; a first load from a slow disk takes some
NOT_IN_TIME = f"did not load within {LOADING_LIMIT:.0f} seconds"
COMPILERS = ("c++", "g++", "clang++")
# On Windows a compiler is in no PATH, and Visual Studio's own finder tells; see bootstrap_engine.visual_studio.
VISUAL_STUDIO = ("Microsoft Visual Studio", "Installer", "vswhere.exe")
VISUAL_C = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64"
BUILD_TOOLS = (  # by themselves they come without a compiler
    "winget install Microsoft.VisualStudio.2022.BuildTools --override "
    '"--passive --wait --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"'
)


@dataclass(frozen=True, slots=True)
class Assistant:
    """What was seen of the assistant. An empty failure means that the engine works."""

    engine: str  # its version; empty where it is not installed
    engine_failure: str
    engine_uses_avx2: bool
    has_avx2: bool | None  # the processor; None where that cannot be told
    has_compiler: bool
    from_checkout: bool  # whether bootstrap.py is there to build the engine
    models: Sequence[str]  # those that can be loaded
    memory: int | None  # bytes that are free; None where the system does not say
    least_memory: int  # bytes that the starter model takes


def examine_assistant() -> Assistant:
    """Looks at this machine; takes about half a second where the engine is installed."""
    entries = catalogue()
    starter = next(entry for entry in entries if entry.id == STARTER)
    store = ModelStore(Paths.of(os.environ).models)
    version = engine_version()
    said, failure = _probe() if version else ("", "")
    return Assistant(
        engine=version,
        engine_failure=failure,
        engine_uses_avx2="AVX2 = 1" in said,
        has_avx2=has_avx2(),
        has_compiler=_has_visual_c() if sys.platform == "win32" else any(map(shutil.which, COMPILERS)),
        from_checkout=(resources().parent / "bootstrap.py").is_file(),
        models=[model.id for model in store.models() if model.state is State.PRESENT and not model.embeds],
        memory=available(),
        least_memory=starter.memory,
    )


def _has_visual_c() -> bool:
    if shutil.which("cl"):
        return True
    where = Path(os.environ.get("PROGRAMFILES(X86)", ""), *VISUAL_STUDIO)
    question = ["-latest", "-products", "*", "-requires", VISUAL_C, "-property", "installationPath"]
    try:
        return bool(subprocess.run([where, *question], capture_output=True, check=False).stdout.strip())
    except OSError:
        return False


def run_apart(subject: str) -> subprocess.CompletedProcess[str] | None:
    """Has `cowrite.doctor_probe` try a subject; None where it takes longer than LOADING_LIMIT."""
    command = own_process("cowrite.doctor_probe", subject)
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",  # a library of C names files in the encoding that it likes
            check=False,
            timeout=LOADING_LIMIT,
        )
    except subprocess.TimeoutExpired:
        return None


def _probe() -> tuple[str, str]:
    """What the engine says of itself, and why it cannot be loaded."""
    result = run_apart(ENGINE)
    if result is None:
        return "", f"it {NOT_IN_TIME}"
    if result.returncode == 0:
        return result.stdout, ""
    lines = result.stderr.strip().splitlines() or [f"its process ended with status {result.returncode}"]
    return "", lines[-1]


def engine_command(seen: Assistant, interpreter: str, compiler_command: str, system: str) -> str:
    """The command that brings the engine.

    Args:
        interpreter: the Python that runs cowrite, as it stands in a command.
        compiler_command: the one that brings a C++ compiler to this machine; empty where none is known.
        system: sys.platform's name of it.
    """
    build = f"{'py' if system == 'win32' else 'python3'} bootstrap.py setup"
    if not seen.from_checkout:
        build = f'{interpreter} -m pip install "cowrite[assistant]"'
    return f"{compiler_command} && {build}" if compiler_command and not seen.has_compiler else build


def memory_words(seen: Assistant) -> str:
    """How much memory is free, and what the smallest model takes."""
    there = "not known" if seen.memory is None else f"{in_bytes(seen.memory)} free"
    return f"{there}; the starter model takes {in_bytes(seen.least_memory)}"
