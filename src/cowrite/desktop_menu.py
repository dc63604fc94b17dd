"""DesktopMenu: cowrite in the menu of programs of a Linux desktop, which then opens documents and links with it.

What it writes is in the form of the Desktop Entry Specification 1.5, the Shared MIME-info Database and the Icon Theme
Specification of freedesktop.org, in the person's own data folder of the XDG Base Directory Specification.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from cowrite.errors import CowriteError
from cowrite.own_process import own_process
from cowrite.paths import ResourcesMissing, resources

IDENTITY = "io.github.cowrite.Cowrite"
SECONDS = 20  # what a desktop's own tool may take
_FOR_EVERYBODY = "/usr/local/share:/usr/share"  # by the XDG Base Directory Specification
_QUOTED = re.compile(r'(["`$\\])')


class NoSuchMenu(CowriteError):
    """There is no menu of programs that cowrite, where it is, can be put into."""

    def __init__(
        self, reason: str = "cowrite can be put into the menu of programs only on Linux; start it as before."
    ) -> None:
        super().__init__(reason)


class NotWritten(CowriteError):
    """A file of the desktop cannot be written or removed.

    Attributes:
        path: it.
    """

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"“{path}” cannot be changed: {error.strerror or error}. Nothing else was done.")
        self.path = path


class DesktopNotTold(CowriteError):
    """The desktop's own tools fail: it does not open documents and links with cowrite yet.

    Attributes:
        tools: their names.
    """

    def __init__(self, tools: Sequence[str]) -> None:
        names = " and ".join(tools)
        super().__init__(
            f"cowrite is in the menu of programs now, but its documents and links do not open with it yet: {names} "
            "failed. Look whether the disk is full, and do this again."
        )
        self.tools = tools


class DesktopMenu:
    """One person's menu of programs.

    Args:
        data: the person's data folder, `$XDG_DATA_HOME`.
        program: how cowrite is called, as a program and its arguments; this very installation where left out.

    Raises:
        NoSuchMenu: no menu can name the program.
        ResourcesMissing: the installation is incomplete, or was taken away while cowrite runs.
    """

    def __init__(self, data: Path, program: Sequence[str] | None = None) -> None:
        self._data = data
        self._called = list(program or own_process("cowrite"))
        files, brand = resources() / "desktop", resources() / "brand"
        try:
            entry = (files / f"{IDENTITY}.desktop").read_text(encoding="utf-8")
            kinds = (files / f"{IDENTITY}.mime.xml").read_bytes()
            icon = (brand / "cowrite.svg").read_bytes()
        except OSError as error:
            raise ResourcesMissing((files, brand)) from error
        # WORKAROUND GLib looks for the program by the name that it has with a doubled per cent sign.
        called = [*(["env"] if "%" in self._called[0] else []), *self._called]
        started_by = f"TryExec={_string(self._called[0])}\nExec={' '.join(map(_argument, called))} %U\n"
        try:
            added = started_by.encode()
        except UnicodeEncodeError as error:
            raise NoSuchMenu("No menu can name cowrite’s folder, because its name is not UTF-8: rename it.") from error
        self._files = {
            f"icons/hicolor/scalable/apps/{IDENTITY}.svg": icon,
            f"mime/packages/{IDENTITY}.xml": kinds,
            f"applications/{IDENTITY}.desktop": entry.encode().replace(b"Exec=cowrite %U\n", added),
        }

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """The menu of who runs this.

        Args:
            environ: the process's environment, `os.environ`.

        Raises:
            NoSuchMenu: this is no Linux, or no menu can name the program.
            ResourcesMissing: the installation is incomplete.
        """
        if sys.platform != "linux":
            raise NoSuchMenu
        chosen = Path(environ.get("XDG_DATA_HOME", ""))
        return cls(chosen if chosen.is_absolute() else Path.home() / ".local" / "share")

    def has_it(self) -> bool:
        """Says whether cowrite, as it is called now, is in it."""
        try:
            return all((self._data / place).read_bytes() == content for place, content in self._files.items())
        except OSError:
            return False

    def is_given(self, environ: Mapping[str, str]) -> bool:
        """Says whether the package by which cowrite came has put it there, for everybody on this computer, and the
        person has nothing of their own there, which would come first.

        Args:
            environ: the process's environment, `os.environ`.
        """
        folders = map(Path, (environ.get("XDG_DATA_DIRS") or _FOR_EVERYBODY).split(":"))
        command = shutil.which("cowrite", path=environ.get("PATH"))
        try:
            is_this = command is not None and Path(command).samefile(self._called[0])
            is_there = is_this and any((each / "applications" / f"{IDENTITY}.desktop").is_file() for each in folders)
            return is_there and not any((self._data / place).exists() for place in self._files)
        except OSError:
            return False

    def put_in(self) -> list[str]:
        """Puts cowrite in, once more where it is there already.

        Returns:
            The desktop's tools that are not here: without them it does not open documents and links with cowrite yet.

        Raises:
            NotWritten: a file cannot be written.
            DesktopNotTold: all files are, and the desktop's tools fail.
        """
        for place, content in self._files.items():
            with self._changing(place) as path:
                path.parent.mkdir(parents=True, exist_ok=True)
                beside = path.with_name(f"{path.name}.{os.getpid()}.new")
                try:
                    beside.write_bytes(content)
                    beside.replace(path)  # a desktop that looks meanwhile sees a whole file
                finally:
                    with contextlib.suppress(OSError):
                        beside.unlink(missing_ok=True)
        missing, failed = self._tell_the_desktop()
        if failed:
            raise DesktopNotTold(failed)
        return missing

    def take_out(self) -> None:
        """Takes out what `put_in` put there; documents stay.

        Raises:
            NotWritten: a file cannot be removed.
        """
        for place in self._files:
            with self._changing(place) as path:
                path.unlink(missing_ok=True)
        self._tell_the_desktop()

    @contextlib.contextmanager
    def _changing(self, place: str) -> Iterator[Path]:
        path = self._data / place
        try:
            yield path
        except OSError as error:
            raise NotWritten(path, error) from error

    def _tell_the_desktop(self) -> tuple[list[str], list[str]]:
        """Has the desktop's own tools look at what has changed; gives the names of those that are not here, and of
        those that fail."""
        with contextlib.suppress(OSError):
            os.utime(self._data / "icons" / "hicolor")  # by which a desktop sees that icons have come or gone
        missing, failed = [], []
        for tool, folder in (("update-mime-database", "mime"), ("update-desktop-database", "applications")):
            found = shutil.which(tool)
            if found is None:
                missing.append(tool)
            elif (self._data / folder).is_dir() and not _succeeds([found, str(self._data / folder)]):
                failed.append(tool)
        return missing, failed


def _succeeds(command: Sequence[str]) -> bool:
    null = subprocess.DEVNULL
    try:
        done = subprocess.run(command, stdin=null, stdout=null, stderr=null, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _argument(text: str) -> str:
    """One argument of `Exec`: in quotes, with what a quoted one escapes, a per cent sign doubled."""
    quoted = _QUOTED.sub(r"\\\1", text).replace("%", "%%")
    return _string(f'"{quoted}"')


def _string(text: str) -> str:
    """A value of the type string."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
