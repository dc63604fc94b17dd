"""Files of other programs as rich text, and opening them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.convert.data_images import LARGEST_IMAGE
from cowrite.convert.formats import format_for, text_in
from cowrite.core.richtext import Span
from cowrite.errors import CowriteError

if TYPE_CHECKING:
    from cowrite.app.application import Application
    from cowrite.app.draft.draft import Draft

_IMAGE_BESIDE = re.compile(r"images/[\w.-]+\.(png|jpe?g|gif|webp)", re.IGNORECASE)


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
    """Reads a Markdown, HTML or text file, and of Markdown the pictures in the folder `images` beside it.

    Raises:
        CannotImport: the system refuses to read it.
        ConvertError: it is of another format, or its text cannot be read.
    """
    images: list[tuple[bytes, str]] = []

    def take(content: bytes, media_type: str) -> str:
        images.append((content, media_type))
        return f"sha256:{hashlib.sha256(content).hexdigest()}"

    def beside(address: str) -> str | None:
        return take(*image) if (image := _image_beside(path, address)) is not None else None

    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotImport(path, error.strerror or str(error)) from error
    spans = format_for(path.suffix).read(text_in(content, path), take, beside)
    return Imported(tuple(spans), tuple(images))


def _image_beside(path: Path, address: str) -> tuple[bytes, str] | None:
    """A picture in the folder `images` beside a file, where exporting puts them, and its media type."""
    match = _IMAGE_BESIDE.fullmatch(address)
    if match is None:
        return None
    try:
        with (path.parent / address).open("rb") as file:
            data = file.read(LARGEST_IMAGE + 1)
    except OSError:
        return None
    return (data, f"image/{match[1].lower().replace('jpg', 'jpeg')}") if 0 < len(data) <= LARGEST_IMAGE else None


def bring_in(application: Application, path: Path) -> Draft | None:
    """Makes a document of its own from a file of another program, which stays as it is; None where that is said."""
    try:
        content = read(path)
    except CowriteError as error:
        application.say(str(error))
        return None
    draft = application.new_document(path.stem)
    if draft is not None:
        draft.fill(content)
    return draft
