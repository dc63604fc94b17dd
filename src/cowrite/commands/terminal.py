"""What commands have to do with where they are called: texts that come in, a line that says how far they are, and why
something could not be done."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cowrite.errors import CowriteError

if TYPE_CHECKING:
    from cowrite.assist.tasks.carrying import ReadingOn
    from cowrite.assist.tasks.jobs import Progress

MAX_TEXT = 32 * 1024 * 1024  # bytes
STANDARD_INPUT = "-"  # in the place of a file, as other commands have it
_DOCUMENTS = (b"SQLite format 3\0", b"PK\x03\x04", b"%PDF-")
"""How documents begin, cowrite's own and those of other writing programs, that are no text."""


class Unreadable(CowriteError):
    """A text cannot be read.

    Attributes:
        name: the file, or "standard input".
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"“{name}” cannot be read: {reason}.")
        self.name = name


def text_of(name: str | None) -> str:
    """The text of a file, or of standard input where none or `-` is named.

    Raises:
        Unreadable: it cannot be read.
    """
    name = None if name == STANDARD_INPUT else name
    shown = name or "standard input"
    if not name and not sys.stdin:
        raise Unreadable(shown, "it is closed")
    try:
        with Path(name).open("rb") if name else nullcontext(sys.stdin.buffer) as file:
            data = file.read(MAX_TEXT + 1)
    except OSError as error:
        raise Unreadable(shown, error.strerror or str(error)) from error
    if len(data) > MAX_TEXT:
        raise Unreadable(shown, f"it is larger than {MAX_TEXT // 2**20} MB")
    if data.startswith(_DOCUMENTS):
        raise Unreadable(shown, "it is a document, not a text; open it in cowrite and export it as Markdown first")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(shown, f"it is not UTF-8 (byte {error.start + 1})") from error
    return text


def carried_out(work: Callable[[], None]) -> int:
    """Does what a command is for: 0 when it was done, 1 when it could not be, with the reason on stderr."""
    try:
        work()
    except CowriteError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


class TerminalLine:
    """One line on a terminal that says what is being done; nothing where there is none.

    Blanks take away what stands there: a console of Windows knows no sign that clears a line, and prints it.

    Args:
        stream: where it is.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._width = 0  # of what stands there
        self.is_live = stream.isatty()

    def draw(self, words: str) -> None:
        """Puts words in the place of those that are there."""
        if self.is_live:
            print(f"\r{words:<{self._width}}", end="", file=self._stream, flush=True)
            self._width = len(words)

    def clear(self) -> None:
        """Takes the line away."""
        if self._width:
            print(f"\r{'':<{self._width}}\r", end="", file=self._stream, flush=True)
            self._width = 0


class JobLine(TerminalLine):
    """The line of a command that has a model at work."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._doing = "Reading the text"

    def loading(self, fraction: float) -> None:
        """How much of the model is loaded, from 0 to 1. Then the text is read, and of a long one that takes a while
        before the job can say how far it is."""
        self.draw(f"Loading the model: {fraction:.0%}" if fraction < 1.0 else self._doing)

    def show(self, progress: Progress) -> None:
        """How far the job is."""
        self._doing = progress.doing
        self.draw(self._doing)

    def reading(self, on: ReadingOn) -> None:
        """How far the model is with reading what its present step is about."""
        is_read = on.done >= on.total
        self.draw(self._doing if is_read else f"{self._doing}: {on.done:,} of {on.total:,} tokens read")
