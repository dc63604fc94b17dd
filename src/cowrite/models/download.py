"""Fetches a file into a part that a later try goes on with.

Runs on any thread but the GUI's. The library of the Hugging Face hub brings the connection, with the person's proxies;
the bytes are read here, because that library goes on with a part whatever range it is sent, and never compares the
hash.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.models.errors import Cancelled, NotFetched
from cowrite.models.hashing import feed
from cowrite.models.progress import IsCancelled, Progress, Report
from cowrite.storage.errors import failures_of

if TYPE_CHECKING:
    import httpx2

TRIES = 5  # without a byte in between
PAUSE = 1.0  # seconds before the second try; each one after waits twice as long
LOOK = 0.25  # seconds between looks at whether it shall end
TIMEOUT = 10.0  # seconds without a byte
TELLING = 2**18  # bytes after which Progress is told, on a fast line
TELLING_PAUSE = 0.2  # seconds after which it is, on a slow one
AGAIN = "What was fetched is deleted; try again later."
_DENIALS = (401, 403, 407)  # the server or a proxy wants a name and a password
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that can be fetched. `size` counts bytes, `sha256` is hexadecimal."""

    url: str
    size: int
    sha256: str


class Denied(NotFetched):
    """The server lets nobody have the file who does not say who they are."""


class Download:
    """One file on its way.

    Args:
        file: what is fetched.
        part: where it goes; what is there already is gone on with.
        title: for people.
        pause: waits so many seconds between tries.
    """

    def __init__(
        self,
        file: RemoteFile,
        part: Path,
        title: str,
        report: Report,
        is_cancelled: IsCancelled,
        pause: Callable[[float], None],
    ) -> None:
        self._file, self._part, self._title = file, part, title
        self._report, self._is_cancelled, self._pause = report, is_cancelled, pause
        self._digest = hashlib.sha256()
        self._done = 0
        self._told, self._told_at = 0, 0.0  # bytes, seconds

    def fetch(self) -> str:
        """Fetches what is lacking, and gives the SHA-256 of the whole part.

        Raises:
            NotFetched: it stopped; the part stays.
            Cancelled: somebody ended it; the part stays.
            StorageError: the disk refused, as when it is full; the part stays.
        """
        with failures_of(self._part):
            self._take_up()
        failures, furthest = 0, self._done
        while self._done < self._file.size:
            if self._is_cancelled():
                raise Cancelled(self._title)
            try:
                self._read_on()
            except _Interrupted as stop:
                failures = 1 if self._done > furthest else failures + 1
                furthest = max(furthest, self._done)  # what is fetched anew after a start over is not a step on
                if failures >= TRIES:
                    raise NotFetched(self._title, stop.reason) from stop
                self._wait(PAUSE * 2 ** (failures - 1))
        return self._digest.hexdigest()

    def _wait(self, seconds: float) -> None:
        """Waits before the next try, and no longer once somebody ends it."""
        while seconds > 0 and not self._is_cancelled():
            self._pause(min(LOOK, seconds))
            seconds -= LOOK

    def _take_up(self) -> None:
        """Reads what an earlier try left; more than the whole file is none of it."""
        if self._part.exists() and self._part.stat().st_size > self._file.size:
            self._part.unlink()
        if self._part.exists():
            self._done = feed(
                self._digest,
                self._part,
                doing="Reading what is there",
                report=lambda progress: None,
                is_cancelled=self._is_cancelled,
            )

    def _start_over(self) -> None:
        self._digest, self._done = hashlib.sha256(), 0

    def _read_on(self) -> None:
        from huggingface_hub import get_session

        headers = {"Accept-Encoding": "identity"}  # not packed: then what is counted would not be what is written
        if self._done:
            headers["Range"] = f"bytes={self._done}-"
        stream = get_session().stream("GET", self._file.url, headers=headers, follow_redirects=True, timeout=TIMEOUT)
        try:
            with stream as response:
                self._judge(response)
                self._write(response)
        except foreign(ConnectionError) as error:
            raise _Interrupted(f"the connection ended ({words_of(error)})") from error
        if self._done < self._file.size:
            raise _Interrupted("the connection ended too soon")

    def _judge(self, response: httpx2.Response) -> None:
        """Sees what is sent: the rest only where it says that it is exactly that; else the whole file anew.

        Raises:
            _Interrupted: neither.
            Denied: and no other try will do better.
        """
        status = response.status_code
        if status == 206:
            match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            wanted = (self._done, self._file.size - 1, self._file.size)
            if match is not None and tuple(map(int, match.groups())) == wanted:
                return
            self._start_over()
            raise _Interrupted("its server sent another piece than it was asked for")
        if status == 200:
            self._start_over()
            return
        if status == 416:  # there is no such piece: what is here is not of this file
            self._start_over()
        answer = f"its server answered {status} {response.reason_phrase}".rstrip()
        if status in _DENIALS:
            raise Denied(self._title, answer)
        raise _Interrupted(answer)

    def _write(self, response: httpx2.Response) -> None:
        with failures_of(self._part), self._part.open("ab" if self._done else "wb") as part:
            # In pieces as they come: gathered to a size, the last ones before the connection ends would be lost.
            for chunk in response.iter_bytes():
                if self._done + len(chunk) > self._file.size:
                    self._start_over()
                    raise _Interrupted("its server sent more than the file has")
                part.write(chunk)
                self._digest.update(chunk)
                self._done += len(chunk)
                self._tell()
                if self._is_cancelled():
                    raise Cancelled(self._title)

    def _tell(self) -> None:
        """Reports now and then how far it is, and that it is done."""
        now = time.monotonic()
        is_due = abs(self._done - self._told) >= TELLING or now - self._told_at >= TELLING_PAUSE
        if is_due or self._done == self._file.size:
            self._told, self._told_at = self._done, now
            self._report(Progress(self._done, self._file.size, "Fetching"))


class _Interrupted(Exception):
    """One try ended; the next may do better."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_unreachable(error: BaseException) -> bool:
    """Whether no connection came about, or nothing was said on it in time."""
    import httpx2

    return isinstance(error, httpx2.NetworkError | httpx2.TimeoutException)


def foreign(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """What the connection raises, whatever goes wrong with it or its address, and others besides."""
    import httpx2

    return httpx2.HTTPError, httpx2.InvalidURL, UnicodeError, *others


def words_of(error: BaseException) -> str:
    """What a foreign error says, in one line."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
