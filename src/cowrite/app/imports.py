"""Files of other programs as rich text, for opening them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cowrite.convert.formats import format_for, text_in
from cowrite.core.richtext import Span
from cowrite.errors import CowriteError


class CannotImport(CowriteError):
    """A file could not be read.

    Attributes:
        path: the file.
        reason: why, in a few words.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"“{path}” could not be read: {reason}.")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds.

    Attributes:
        spans: its rich text.
        images: the images in it, as bytes and media type.
    """

    spans: tuple[Span, ...]
    images: tuple[tuple[bytes, str], ...]


def read(path: Path) -> Imported:
    """Reads a Markdown, HTML or text file.

    Raises:
        CannotImport: the system refuses to read it.
        ConvertError: it is of another format, or its text cannot be read.
    """
    images: list[tuple[bytes, str]] = []

    def take(content: bytes, media_type: str) -> str:
        images.append((content, media_type))
        return f"sha256:{hashlib.sha256(content).hexdigest()}"

    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotImport(path, error.strerror or str(error)) from error
    spans = format_for(path.suffix).read(text_in(content, path), take)
    return Imported(tuple(spans), tuple(images))
