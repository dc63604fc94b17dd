"""Product: what there are builds of, and where they are tried."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Product:
    """A program with its packages.

    Attributes:
        name: of the program, of its `.spec` and of its packages.
        licences: a folder of those that its packages do not bring; None for none.
        try_out: runs a build as somebody would who has no Python; takes its program and a folder to be made as home,
            and raises Problem where something does not work.
        section: of Debian's archive.
        description: as Debian's control file has it.
        needed: the system's packages without which it does not run, in Debian's words; glibc is found out.
        recommended: those without which it runs.
        files: what goes to other places than its own folder: content and path below `/`.
        scripts: what dpkg runs, by Debian's names.
        has_installer: whether one is made for Windows.
    """

    name: str
    licences: Path | None
    try_out: Callable[[Path, Path], None]
    section: str
    description: str
    needed: Sequence[str]
    recommended: Sequence[str]
    files: Callable[[], Iterable[tuple[bytes, str]]]
    scripts: Mapping[str, str] = field(default_factory=dict)
    has_installer: bool = False


def bare_environment(home: Path) -> dict[str, str]:
    """Gives the environment of somebody who has no Python, nor anything else that a build could use.

    Args:
        home: their folder. On Windows, where the system itself says whose it is, cowrite alone keeps to it.
    """
    if sys.platform == "win32":
        own = dict.fromkeys(("COWRITE_HOME", "USERPROFILE", "TEMP", "TMP", "PATH"), str(home))
        return {**own, "SYSTEMROOT": os.environ["SYSTEMROOT"]}  # without it no program gets at the network
    return {"HOME": str(home), "PATH": str(home), "LANG": "C.UTF-8"}


def for_everybody(mode: int, *, is_folder: bool) -> int:
    """Says by whom a file may be read, run and changed where it is installed, whatever who built it lets others do.

    Args:
        mode: its permissions at who built it; a program is one that they may run.
        is_folder: whether it is a folder.
    """
    return 0o755 if is_folder or mode & 0o100 else 0o644
