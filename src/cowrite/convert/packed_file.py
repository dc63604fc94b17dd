"""What Word files and OpenDocument texts have in common: a package of XML and pictures, which is refused before it is
read where it is none, or would fill the memory."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cowrite.convert.errors import ConvertError

LARGEST_CONTENT = 64 * 1024 * 1024  # bytes of all that are no pictures, unpacked: in memory some twenty times as much
LARGEST_PICTURES = 1024 * 1024 * 1024  # bytes of all pictures, unpacked, which are in memory at once
USUAL_CONTENT, USUAL_PICTURES = 4 * 1024 * 1024, 64 * 1024 * 1024  # likewise, of a file however small it is
MOST_UNPACKED = 100  # times as much as it is packed, beyond that: what people write is some 10 to 50 times as much

# What a package lacks or says wrongly, zipfile and lxml (a SyntaxError) meet in many ways.
BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, SyntaxError, LookupError, ValueError,
    AttributeError, TypeError,
)  # fmt: skip


class FileKind(NamedTuple):
    """A kind of files of other writing programs, in words for people.

    Attributes:
        name: what it is, with its article.
        program: which writes it.
        ending: of its name.
    """

    name: str
    program: str
    ending: str


class UnreadableFile(ConvertError):
    """A file cannot be read as what it should be.

    Attributes:
        path: the file.
        kind: what it should be.
    """

    def __init__(self, path: Path, kind: FileKind) -> None:
        super().__init__(
            f"“{path}” could not be read as {kind.name}: it is damaged, has a password or is of another kind. "
            f"Open it in {kind.program} or another writing program and save it anew as {kind.ending}."
        )
        self.path = path
        self.kind = kind


class TooLargeFile(ConvertError):
    """A file holds more than can be read at once.

    Attributes:
        path: the file.
        what: what there is too much of: "text" or "images".
        most: how many bytes of it there may be, unpacked.
        for_its_size: whether a larger file could hold more.
    """

    def __init__(self, path: Path, kind: FileKind, what: str, most: int, *, for_its_size: bool = False) -> None:
        why = "far more than a file of its size should have" if for_its_size else "which would fill the memory"
        super().__init__(
            f"“{path}” was not opened: unpacked it has more than {most // 2**20} MB of {what}, {why}. "
            f"Divide it in {kind.program} or another writing program, and open its parts."
        )
        self.path = path
        self.what = what
        self.most = most


@contextmanager
def failures_of(path: Path, kind: FileKind, more: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Turns whatever fails while a file is read into UnreadableFile.

    Args:
        path: the file.
        kind: what it should be.
        more: what fails beside BROKEN.
    """
    try:
        yield
    except BROKEN + more as error:
        raise UnreadableFile(path, kind) from error


def weigh(package: zipfile.ZipFile, path: Path, kind: FileKind, is_picture: Callable[[str], bool]) -> None:
    """Refuses a file whose content would fill the memory, or is far more than one packs into so few bytes.

    Args:
        package: the file, opened.
        path: where it came from.
        kind: what it is.
        is_picture: says it of the name of a part.

    Raises:
        TooLargeFile: there is too much in it.
    """
    sizes = {"text": 0, "images": 0}
    packed = {"text": 0, "images": 0}
    for part in package.infolist():
        what = "images" if is_picture(part.filename) else "text"
        sizes[what] += part.file_size
        packed[what] += part.compress_size
    room = {"text": (USUAL_CONTENT, LARGEST_CONTENT), "images": (USUAL_PICTURES, LARGEST_PICTURES)}
    for what, (usual, largest) in room.items():
        most = min(usual + MOST_UNPACKED * packed[what], largest)
        if sizes[what] > most:
            raise TooLargeFile(path, kind, what, most, for_its_size=most < largest)


def unpacked_text(path: Path) -> int:
    """How many bytes of XML a packed file says that it holds; 0 for one that is not packed or cannot be read."""
    try:
        with zipfile.ZipFile(path) as package:
            return sum(part.file_size for part in package.infolist() if part.filename.endswith((".xml", ".rels")))
    except BROKEN:
        return 0  # who opens it says why
