"""What the tests of storage share: a clock set by hand, documents, their library, a writer in another process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from pycrdt import Doc, Text

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.library.library import Library

Run = Callable[..., "subprocess.Popen[str]"]


class Author:
    """Types into a Doc and collects its updates."""

    def __init__(self) -> None:
        self._doc: Doc[Text] = Doc()
        self._body = self._doc.get("body", type=Text)
        self._made: list[bytes] = []
        self._doc.observe(lambda event: self._made.append(event.update))

    @property
    def state(self) -> bytes:
        return self._doc.get_update()

    @property
    def text(self) -> str:
        return str(self._body)

    def types(self, *words: str) -> list[bytes]:
        """The updates of typing these words at the end of the text, one each."""
        self._made.clear()
        for word in words:
            self._body += word
        return list(self._made)

    def deletes(self, count: int) -> list[bytes]:
        """The update of deleting so many bytes from the start of the text."""
        self._made.clear()
        del self._body[:count]
        return list(self._made)

    def receives(self, updates: Iterable[bytes]) -> None:
        for update in updates:
            self._doc.apply_update(update)


def text_of(state: Iterable[bytes]) -> str:
    """The text of a document with this state."""
    reader = Author()
    reader.receives(state)
    return reader.text


class Clock:
    """Milliseconds since 1970, moved on by the test."""

    def __init__(self) -> None:
        self.now = 1_790_000_000_000

    def __call__(self) -> int:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += round(60_000 * minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "search.sqlite"


@pytest.fixture
def library(tmp_path: Path, index: Path, clock: Clock) -> Library:
    return Library(tmp_path / "library", index, clock=clock)


@pytest.fixture
def author() -> Author:
    return Author()


@pytest.fixture
def new_author() -> type[Author]:
    return Author


@pytest.fixture
def read() -> Callable[[Iterable[bytes]], str]:
    """Gives the text of a state."""
    return text_of


@pytest.fixture
def document(tmp_path: Path, clock: Clock) -> Iterator[DocumentFile]:
    """A new document, open."""
    with DocumentFile.create(tmp_path / "Plan.cowrite", clock=clock) as file:
        yield file


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts a Python process that runs a script with arguments, its output in a pipe; it is gone after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(script: str, *arguments: object) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-c", script, *map(str, arguments)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=environment
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
