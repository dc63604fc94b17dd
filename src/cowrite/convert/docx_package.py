"""The package of a Word document: what is none, or would fill the memory, is refused before it is read; and what one
that is written says of itself."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError

from cowrite.convert.errors import ConvertError
from cowrite.convert.values import in_xml

LARGEST_CONTENT = 64 * 1024 * 1024  # bytes of all parts but pictures, unpacked: in memory some twenty times as much
LARGEST_PICTURES = 1024 * 1024 * 1024  # bytes of all pictures, unpacked, which are in memory at once

# What a package lacks or says wrongly, zipfile, lxml (a SyntaxError) and python-docx meet in many ways.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, OpcError, OSError, EOFError, RuntimeError, SyntaxError,
    LookupError, ValueError, AttributeError, TypeError,
)  # fmt: skip

_OF_THE_TEMPLATE = (RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.THUMBNAIL)


class NoWordFile(ConvertError):
    """A file cannot be read as a Word document.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"“{path}” could not be read as a Word document: it is damaged, has a password or is of another kind. "
            "Open it in Word or another writing program and save it anew as .docx."
        )
        self.path = path


class TooLargeWordFile(ConvertError):
    """A Word document holds more than can be read at once.

    Attributes:
        path: the file.
        what: what there is too much of: "text" or "pictures".
        most: how many bytes of it there may be, unpacked.
    """

    def __init__(self, path: Path, what: str, most: int) -> None:
        super().__init__(
            f"“{path}” was not opened: unpacked it has more than {most // 2**20} MB of {what}, which would fill the "
            "memory. Divide it in Word or another writing program, and open its parts."
        )
        self.path = path
        self.what = what
        self.most = most


@contextmanager
def failures_of(path: Path) -> Iterator[None]:
    """Turns whatever fails while a file is read into NoWordFile."""
    try:
        yield
    except _BROKEN as error:
        raise NoWordFile(path) from error


def opened(data: bytes, path: Path) -> Document:
    """A Word file as python-docx has it.

    Args:
        data: the whole file.
        path: where it came from.

    Raises:
        TooLargeWordFile: there is too much in it.
        zipfile.BadZipFile, OpcError and others: it is none; see `failures_of`.
    """
    with zipfile.ZipFile(BytesIO(data)) as package:
        _weigh(package, path)
    return docx.Document(BytesIO(data))


def _weigh(package: zipfile.ZipFile, path: Path) -> None:
    """Refuses a file whose content would fill the memory."""
    sizes = {"text": 0, "pictures": 0}
    for part in package.infolist():
        sizes["pictures" if part.filename.startswith("word/media/") else "text"] += part.file_size
    for what, most in (("text", LARGEST_CONTENT), ("pictures", LARGEST_PICTURES)):
        if sizes[what] > most:
            raise TooLargeWordFile(path, what, most)


def put_facts(word: Document, title: str) -> None:
    """Has a document that python-docx has made say what it is called and when it was written, and nothing of the file
    of 2013 which that begins with: its picture, and the program by which it was made.

    Args:
        word: the document.
        title: what it is called.
    """
    facts = word.core_properties
    facts.title = in_xml(title)[:255]
    facts.author = facts.comments = ""
    facts.created = facts.modified = datetime.now(UTC)
    rels = word.part.package.rels
    for key in [key for key, each in rels.items() if each.reltype in _OF_THE_TEMPLATE]:
        del rels[key]
