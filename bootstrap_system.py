"""What the system must have before anything can be installed, packages of Debian and its kin; and memory for tests.

A part of bootstrap.py; runs before anything is installed, so it imports the standard library only.
"""

from __future__ import annotations

import configparser
import contextlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bootstrap_steps import ROOT, Problem, Progress, ask, call

DEBIAN_PACKAGES = "resources/system/debian-packages.ini"
ROOM_FOR_TESTS = 4 * 1024**3  # bytes
POLICY = Path("/usr/sbin/policy-rc.d")
"""The program that packages ask whether they may start their services (invoke-rc.d(8))."""
NO_SERVICE = "#!/bin/sh\nexit 101\n"
"""That none may."""


def wanted_packages(sections: Iterable[str], listing: Path) -> list[tuple[str, ...]]:
    """Reads the named sections: one tuple a requirement, any one of whose packages meets it."""
    parser = configparser.ConfigParser(allow_no_value=True, delimiters=("=",), interpolation=None)
    parser.read_string(listing.read_text(encoding="utf-8"))
    return [tuple(name.strip() for name in line.split("|")) for section in sections for line in parser[section]]


def missing_packages(wanted: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Keeps the requirements none of whose packages is installed, which is what dpkg's status `ii` says."""
    names = [name for names in wanted for name in names]
    words = ask(["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package}\\n", *names]).stdout.splitlines()
    installed = {line.split()[-1] for line in words if line.startswith("ii ")}
    return [names for names in wanted if installed.isdisjoint(names)]


def choose_packages(missing: Iterable[tuple[str, ...]]) -> list[str]:
    """Names one package for each requirement: the first one that this release has, or else the last one."""
    has = ["apt-cache", "show"]
    return [next((name for name in names[:-1] if not ask([*has, name]).returncode), names[-1]) for names in missing]


def is_debian() -> bool:
    """Says whether packages come from apt here, as on Debian, Ubuntu and their kin."""
    return sys.platform == "linux" and all(shutil.which(tool) for tool in ("dpkg-query", "apt-get", "apt-cache"))


def is_root() -> bool:
    """Says whether this user may install system packages."""
    return sys.platform != "win32" and os.geteuid() == 0


@contextlib.contextmanager
def no_services() -> Iterator[None]:
    """While packages are installed, none of them starts its service: tests start what they need, on ports of their own.

    A policy that the machine has stays as it is.
    """
    try:
        with POLICY.open("x", encoding="utf-8") as file:
            file.write(NO_SERVICE)
        POLICY.chmod(0o755)
    except FileExistsError:
        yield
        return
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def apt_install(missing: Sequence[tuple[str, ...]]) -> None:
    """Installs one package for each requirement, as root; raises Problem when apt cannot."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    with Progress(1).step(f"System packages ({len(missing)} missing)") as note:
        call([*apt, "update"], lambda line: note("reading the package lists"), env)
        names = choose_packages(missing)
        with no_services():
            call([*apt, "install", "-y", "--no-install-recommends", *names], lambda line: note(line.strip()[:60]), env)


def ensure_system_packages(sections: Sequence[str]) -> None:
    """Installs what Qt needs from Debian's packages as root, or else prints the command and goes on."""
    missing = missing_packages(wanted_packages(sections, ROOT / DEBIAN_PACKAGES)) if is_debian() else []
    if not missing:
        return
    command = f"apt-get install {' '.join(choose_packages(missing))}"
    if not is_root():
        print(f"System packages are missing; windows or tests may fail until you run:\n    sudo {command}", flush=True)
        return
    try:
        apt_install(missing)
    except Problem as problem:
        print(f"{problem} Going on without them; to try again: {command}", file=sys.stderr, flush=True)


def ensure_venv_module() -> None:
    """Makes sure that this Python can make a virtual environment; installs Debian's package for it as root."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not (sys.base_prefix == "/usr" and is_debian()):
        raise Problem(f"{sys.executable} has no ensurepip: run bootstrap.py with a Python from python.org instead.")
    if not is_root():
        raise Problem(f"Python cannot make a virtual environment here until you run: sudo apt-get install {package}")
    apt_install([(package,)])


def folder_for_tests(memory: Path = Path("/dev/shm")) -> dict[str, str]:
    """Names the folder in memory as the one for passing files: tests make tens of thousands of files, and many wait for
    a disk until one is written.

    Args:
        memory: that folder; where it is not there, starts no programs or has little room, files go where they always
            do.
    """
    try:
        is_fit = not os.statvfs(memory).f_flag & os.ST_NOEXEC and shutil.disk_usage(memory).free >= ROOM_FOR_TESTS
    except (AttributeError, OSError):  # Windows has no such facts, and macOS no such folder
        return {}
    return {"TMPDIR": str(memory)} if is_fit and os.access(memory, os.W_OK) else {}
