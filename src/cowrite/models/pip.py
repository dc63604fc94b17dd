"""pip, as it is set up on this computer: with its mirrors, proxies and certificates. So no address is known here.

Runs on any thread but the GUI's. pip works in a process of its own and installs nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from cowrite.models.catalogue import WheelSource
from cowrite.models.errors import Cancelled, NotFetched
from cowrite.models.progress import IsCancelled
from cowrite.own_process import own_process
from cowrite.storage.errors import failures_of

LOOK = 0.2  # seconds between looks at how far pip is
ENDING = 5.0  # seconds that pip gets to end once it is told to
_ANYWHERE = {"PIP_REQUIRE_VIRTUALENV": "0", "PIP_USER": "0"}
"""What counts more than a person's settings about where packages may be installed: none is."""
_FOUND = re.compile(r"\s*Found link (\S+) \(from .*\), version: (\S+)")
_SILENCE = "the package index that pip asks does not answer"


class Pip:
    """Asks pip about one wheel, or has it fetched.

    Args:
        source: of the wheel.
        title: for people.
        folder: for what is in between; it is there and empty.
    """

    def __init__(self, source: WheelSource, title: str, folder: Path, is_cancelled: IsCancelled) -> None:
        self._source, self._title, self._folder = source, title, folder
        self._is_cancelled = is_cancelled

    def address(self) -> str | None:
        """Where the wheel is on the web; None where it is not, or pip does not say so.

        Raises:
            NotFetched: the index does not answer.
            Cancelled: somebody ended it.
            StorageError: the disk refused.
        """
        source, about, log = self._source, self._folder / "about.json", self._log("install")
        options = ["-vv", "--dry-run", "--ignore-installed", "--report", str(about)]

        def look(_arrived: int) -> None:
            url = _address_among(_lines(log), source)
            if url:  # pip before 23.3 would now fetch the whole wheel only to say what is in it
                raise _Known(url)

        try:
            status, lines = self._run("install", [*options, f"{source.package}=={source.version}"], look)
        except _Known as known:
            return known.url
        if url := _address_among(lines, source):
            return url
        if status and _is_silent(lines):
            raise NotFetched(self._title, _SILENCE)
        if status:
            return None
        with failures_of(about):
            return _address_in(about.read_text("utf-8"), source)

    def download(self, look: Callable[[int], None]) -> Path:
        """Has the wheel fetched from its beginning, and compared with its hash.

        Args:
            look: is told now and then how many bytes have arrived.

        Raises:
            NotFetched: pip would not.
            Cancelled: somebody ended it.
            StorageError: the disk refused.
        """
        source, wanted = self._source, self._folder / "wanted.txt"
        with failures_of(wanted):
            wanted.write_text(f"{source.package}=={source.version} --hash=sha256:{source.wheel_sha256}\n", "utf-8")
        options = ["--quiet", "--require-hashes", "--dest", str(self._folder), "-r", str(wanted)]
        status, lines = self._run("download", options, look)
        wheels = list(self._folder.glob("*.whl"))
        if status or len(wheels) != 1:
            if _is_silent(lines):
                raise NotFetched(self._title, _SILENCE)
            errors = [line.partition("ERROR:")[2].strip() for line in lines if line.startswith("ERROR:")]
            # pip's last words are the general ones: "No matching distribution found".
            reason = errors[-1] if errors else (lines[-1].strip() if lines else f"it ended with status {status}")
            raise NotFetched(self._title, f"pip could not fetch {source.words} ({reason.rstrip('.')[:300]})")
        return wheels[0]

    def _log(self, verb: str) -> Path:
        return self._folder / f"{verb}.log"

    def _run(self, verb: str, options: list[str], look: Callable[[int], None]) -> tuple[int, list[str]]:
        """Gives its exit status and what it said."""
        usual = ["--disable-pip-version-check", "--no-input", "--no-cache-dir"]
        command = [*own_process("pip"), verb, *usual, "--no-deps", "--only-binary", ":all:", *options]
        temporary = self._folder / "tmp"  # on the disk whose room was looked at, and to see how far it is
        env = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)), **_ANYWHERE}
        log = self._log(verb)
        with failures_of(self._folder):
            temporary.mkdir(exist_ok=True)
            with log.open("wb") as output:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=env,
                    cwd=self._folder,
                )
                try:
                    status = self._wait(process, look)
                finally:
                    _end(process)
            return status, _lines(log)

    def _wait(self, process: subprocess.Popen[bytes], look: Callable[[int], None]) -> int:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(LOOK)
            if self._is_cancelled():
                raise Cancelled(self._title)
            look(self._arrived())

    def _arrived(self) -> int:
        """Bytes of the largest file so far: the wheel, wherever pip has it."""
        sizes = [0]
        for folder, _, names in os.walk(self._folder):
            for name in names:
                with suppress(OSError):  # pip moves and deletes meanwhile
                    sizes.append((Path(folder) / name).stat().st_size)
        return max(sizes)


class _Known(Exception):
    """pip has said what it was asked for."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _lines(log: Path) -> list[str]:
    return log.read_text("utf-8", errors="replace").splitlines()


def _is_silent(lines: Sequence[str]) -> bool:
    return any("Retrying" in line for line in lines)


def _address_among(lines: Sequence[str], source: WheelSource) -> str | None:
    """The address among the links that pip says it has found on the page of the package."""
    found = (match.groups() for match in map(_FOUND.match, lines) if match)
    return next((url for url, version in found if version == source.version and _is_it(url, "", source)), None)


def _address_in(about: str, source: WheelSource) -> str | None:
    """The address in pip's report on what it would install.

    Source: https://pip.pypa.io/en/stable/reference/installation-report/
    """
    try:
        (found,) = json.loads(about)["install"]
        url, info = str(found["download_info"]["url"]), found["download_info"]["archive_info"]
        sha256 = str(info.get("hashes", {}).get("sha256", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return url if _is_it(url, sha256, source) else None


def _is_it(url: str, sha256: str, source: WheelSource) -> bool:
    """Whether an address is on the web, and not that of another file as far as its hash is known."""
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all, such as https://[bad/little.whl
        return False
    known = sha256 or parts.fragment.removeprefix("sha256=") or source.wheel_sha256
    return parts.scheme in ("https", "http") and parts.path.endswith(".whl") and known == source.wheel_sha256
