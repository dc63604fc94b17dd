"""The command `cowrite desktop`: cowrite in the menu of programs of a Linux desktop, which opens documents and links
with it from then on; no Qt.

What it writes is in the form of the Desktop Entry Specification 1.5, the Shared MIME-info Database and the Icon Theme
Specification of freedesktop.org, in the person's own data folder of the XDG Base Directory Specification.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cowrite.commands.terminal import carried_out
from cowrite.errors import CowriteError
from cowrite.paths import resources

IDENTITY = "io.github.cowrite.Cowrite"
PROGRAM = (sys.executable, "-P", "-m", "cowrite")  # -P: a folder of that name where it is started is not imported
SECONDS = 60  # what a desktop's own tool may take
_QUOTED = re.compile(r'(["`$\\])')


class NoSuchDesktop(CowriteError):
    """This system's menu of programs is not one of the kind that cowrite can be put into."""

    def __init__(self) -> None:
        super().__init__(
            "cowrite can be put into the menu of programs on Linux only; here, start it as the guide says."
        )


class NotWritten(CowriteError):
    """A file of the desktop cannot be written or removed.

    Attributes:
        path: it.
    """

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"“{path}” cannot be changed: {error.strerror or error}. Nothing else was done.")
        self.path = path


class _Entry(NamedTuple):
    """One file of a desktop: where it goes below the data folder, and what is in it."""

    place: str
    content: bytes


def main(argv: Sequence[str]) -> int:
    """Carries out `cowrite desktop …`: 0 when it was done, 1 when it could not be, 2 on wrong use."""
    parser = argparse.ArgumentParser(
        "cowrite desktop",
        description="cowrite in the desktop's menu of programs, its documents and links open with it.",
    )
    parser.add_argument("command", choices=("install", "uninstall"), help="puts it there, or takes it out again")
    return carried_out(install if parser.parse_args(argv).command == "install" else uninstall)


def install() -> None:
    """Puts cowrite, as it is called now, into this person's menu of programs; once more where it is there already.

    Raises:
        NoSuchDesktop: this is no Linux.
        NotWritten: a file cannot be written.
    """
    data = _data_folder(os.environ)
    for entry in _entries(PROGRAM):
        path = data / entry.place
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f"{path.name}.new")
            beside.write_bytes(entry.content)
            beside.replace(path)  # a desktop that looks meanwhile sees a whole file
        except OSError as error:
            raise NotWritten(path, error) from error
    missing = _tell_the_desktop(data)
    print("cowrite is in the menu of programs now, and its documents and links open with it.")
    if missing:
        print(f"They do once the desktop has {' and '.join(missing)}: install that, and do this again.")
    print("`cowrite desktop uninstall` takes it out again.")


def uninstall() -> None:
    """Takes out what `install` put there; documents stay.

    Raises:
        NoSuchDesktop: this is no Linux.
        NotWritten: a file cannot be removed.
    """
    data = _data_folder(os.environ)
    for entry in _entries(PROGRAM):
        path = data / entry.place
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise NotWritten(path, error) from error
    _tell_the_desktop(data)
    print("cowrite is not in your menu of programs any more. Your documents stay where they are.")


def _data_folder(environ: Mapping[str, str]) -> Path:
    if sys.platform != "linux":
        raise NoSuchDesktop
    chosen = Path(environ.get("XDG_DATA_HOME", ""))
    return chosen if chosen.is_absolute() else Path.home() / ".local" / "share"


def _entries(program: Sequence[str]) -> list[_Entry]:
    files = resources() / "desktop"
    menu = (files / f"{IDENTITY}.desktop").read_text(encoding="utf-8")
    started_by = f"TryExec={_string(program[0])}\nExec={' '.join(map(_argument, program))} %U\n"
    return [
        _Entry(f"icons/hicolor/scalable/apps/{IDENTITY}.svg", (resources() / "brand/cowrite.svg").read_bytes()),
        _Entry(f"mime/packages/{IDENTITY}.xml", (files / f"{IDENTITY}.mime.xml").read_bytes()),
        _Entry(f"applications/{IDENTITY}.desktop", menu.replace("Exec=cowrite %U\n", started_by).encode()),
    ]


def _argument(text: str) -> str:
    """One argument of `Exec`: in quotes, with what a quoted one escapes, a per cent sign doubled."""
    quoted = _QUOTED.sub(r"\\\1", text).replace("%", "%%")
    return _string(f'"{quoted}"')


def _string(text: str) -> str:
    """A value of the type string."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _tell_the_desktop(data: Path) -> list[str]:
    """Has the desktop's own tools look at what has changed; gives the names of those that are not here."""
    with contextlib.suppress(OSError):
        os.utime(data / "icons" / "hicolor")  # by which a desktop sees that icons have come or gone
    missing = []
    for tool, folder in (("update-mime-database", "mime"), ("update-desktop-database", "applications")):
        found = shutil.which(tool)
        if found is None:
            missing.append(tool)
        elif (data / folder).is_dir():
            with contextlib.suppress(subprocess.TimeoutExpired):
                command = [found, str(data / folder)]
                null = subprocess.DEVNULL
                subprocess.run(command, stdin=null, stdout=null, stderr=null, timeout=SECONDS, check=False)
    return missing
