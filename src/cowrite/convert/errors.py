"""What can go wrong between a file and rich text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cowrite.convert.encodings import Sample, sample_of
from cowrite.convert.western import marked_encoding
from cowrite.errors import CowriteError


class ConvertError(CowriteError):
    """A text could not be brought into, or out of, cowrite."""


class UnknownFormat(ConvertError):
    """No reader or writer goes by this suffix."""

    def __init__(self, suffix: str, known: Iterable[str]) -> None:
        self.suffix = suffix
        self.known = tuple(known)
        name = f"the format “{suffix}”" if suffix else "a file without a suffix"
        super().__init__(f"cowrite does not know {name}; choose one of {', '.join(self.known)}.")


class UnreadableText(ConvertError):
    """The bytes of a file are not text in the encoding that it should have."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.encoding = encoding
        super().__init__(f"{path} is not text in {encoding}; save it as UTF-8 and try again.")


class NoText(ConvertError):
    """A file has bytes in it that are in no text, such as those of an image or a program."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} is no text; if it should be, save it as UTF-8 in the program that wrote it.")


class NotRows(ConvertError):
    """A text is no table of separated values.

    Attributes:
        reason: why, in words.
        line: where, from 1.
    """

    def __init__(self, reason: str, line: int) -> None:
        self.reason = reason
        self.line = line
        super().__init__(f"The table cannot be read from line {line} on, because {reason}.")


class UnknownEncoding(UnreadableText):
    """A file is text in an encoding that it does not say, or not in the one that it says. A person can tell which.

    Attributes:
        sample: the lines by which it can be told, and the encodings in which it can be.
    """

    def __init__(self, path: Path, encoding: str, sample: Sample) -> None:
        super().__init__(path, encoding)
        self.sample = sample


def unreadable(data: bytes, path: Path, encoding: str) -> UnreadableText | NoText:
    """What is wrong with a file that is not in the encoding in which it should be.

    Args:
        data: the whole content.
        path: where it came from.
        encoding: that one.
    """
    if marked_encoding(data):
        return UnreadableText(path, encoding)
    sample = sample_of(data)
    return NoText(path) if sample is None else UnknownEncoding(path, encoding, sample)


class NoListFile(ConvertError):
    """A file is no text, so there is no list of notes in it.

    Attributes:
        path: the file.
        kind: what it is, in a few words with their article.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self.path = path
        self.kind = kind
        super().__init__(
            f"“{path}” is {kind} and no list: save its text as Markdown, CSV or plain text, and import that."
        )


class UnreadableGuide(ConvertError):
    """A page of the guide cannot be shown.

    Attributes:
        path: its file.
        reason: why.
    """

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"The page {path} of the guide cannot be read ({reason}); install cowrite again.")
