"""The package of an OpenDocument text, or its single XML file: what is none, or would fill the memory, is refused
before it is read.

Nothing is fetched, and what a file defines for itself (entities) stands for nothing.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

from cowrite.convert.data_images import LARGEST_IMAGE
from cowrite.convert.errors import ConvertError
from cowrite.convert.odt_names import odf, stated

LARGEST_CONTENT = 64 * 1024 * 1024  # bytes of all XML, unpacked: in memory some twenty times as much
LARGEST_PICTURES = 1024 * 1024 * 1024  # bytes of all else, unpacked, of which all pictures are in memory at once

# What a package lacks or says wrongly, zipfile and lxml (a SyntaxError) meet in many ways.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, SyntaxError, LookupError,
    ValueError, AttributeError, TypeError,
)  # fmt: skip
_PACKED = b"PK"
_TEXT = "application/vnd.oasis.opendocument.text"
"""Begins the media types of texts and of their templates."""
_BINARY = re.compile(rb"(<office:binary-data>)([A-Za-z0-9+/=\s]*)(?=</office:binary-data>)")


class NoOpenDocument(ConvertError):
    """A file cannot be read as an OpenDocument text.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"“{path}” could not be read as an OpenDocument text: it is damaged, has a password or is of another kind. "
            "Open it in LibreOffice or another writing program and save it anew as .odt."
        )
        self.path = path


class TooLargeOpenDocument(ConvertError):
    """An OpenDocument text holds more than can be read at once.

    Attributes:
        path: the file.
        what: what there is too much of: "text" or "pictures".
        most: how many bytes of it there may be, unpacked.
    """

    def __init__(self, path: Path, what: str, most: int) -> None:
        super().__init__(
            f"“{path}” was not opened: unpacked it has more than {most // 2**20} MB of {what}, which would fill the "
            "memory. Divide it in LibreOffice or another writing program, and open its parts."
        )
        self.path = path
        self.what = what
        self.most = most


@contextmanager
def failures_of(path: Path) -> Iterator[None]:
    """Turns whatever fails while a file is read into NoOpenDocument."""
    try:
        yield
    except _BROKEN as error:
        raise NoOpenDocument(path) from error


class OdtPackage:
    """An OpenDocument text that is opened.

    Args:
        data: the whole file.
        path: where it came from.

    Attributes:
        content: the root of what has the text.
        styles: the root of what has the named styles; None where there is none.
        text: what holds the text (`office:text`).

    Raises:
        TooLargeOpenDocument: there is too much in it.
        zipfile.BadZipFile and others: it is none; see `failures_of`.
    """

    def __init__(self, data: bytes, path: Path) -> None:
        self._package: zipfile.ZipFile | None = None
        self._held: list[bytes] = []  # the pictures of a single file, in base64
        if data.startswith(_PACKED):
            self._package = zipfile.ZipFile(BytesIO(data))
            _weigh(self._package, path)
            names = self._package.namelist()
            kind = self._kind() if "mimetype" in names else _TEXT
            self.content = _parsed(self._package.read("content.xml"))
            self.styles = _parsed(self._package.read("styles.xml")) if "styles.xml" in names else None
        else:
            data = _BINARY.sub(self._held_back, data)
            if len(data) > LARGEST_CONTENT:
                raise TooLargeOpenDocument(path, "text", LARGEST_CONTENT)
            self.content = self.styles = _parsed(data)
            kind = stated(self.content, "office:mimetype")
        self.text = self.content.find(f"{odf('office:body')}/{odf('office:text')}")
        if self.text is None or not kind.startswith(_TEXT):
            raise ValueError(f"this is {kind or 'of no kind'}")

    def holds(self, address: str) -> bool:
        """Whether there is such a part in the package."""
        return self._package is not None and name_within(address) in self._package.NameToInfo

    def part(self, address: str) -> Any:
        """The root of another part of the package; None where there is none that can be read."""
        if self._package is None or not self.holds(address):
            return None
        try:
            return _parsed(self._package.read(name_within(address)))
        except SyntaxError:
            return None

    def picture(self, address: str) -> bytes:
        """The bytes of a picture in the package; empty where there is none, where it is damaged or too large."""
        if self._package is None or not self.holds(address):
            return b""
        name = name_within(address)
        try:
            return self._package.read(name) if self._package.getinfo(name).file_size <= LARGEST_IMAGE else b""
        except _BROKEN:
            return b""

    def held_picture(self, element: Any) -> bytes:
        """The bytes of a picture that stands in the XML itself (`office:binary-data`); empty where they are none."""
        text = element.text or ""
        if text.isascii() and text.isdecimal() and int(text) < len(self._held):
            encoded = self._held[int(text)]
        else:
            encoded = text.encode("ascii", "ignore")
        if len(encoded) > 2 * LARGEST_IMAGE:
            return b""
        try:
            found = base64.b64decode(encoded)
        except binascii.Error:
            return b""
        return found if len(found) <= LARGEST_IMAGE else b""

    def _kind(self) -> str:
        """The media type that a package states."""
        assert self._package is not None
        with self._package.open("mimetype") as stated_kind:
            return stated_kind.read(len(_TEXT) + 100).decode("ascii").strip()

    def _held_back(self, found: re.Match[bytes]) -> bytes:
        # lxml takes no more than ten million characters at a stretch, and keeps what it takes.
        self._held.append(found[2])
        return found[1] + b"%d" % (len(self._held) - 1)


def _weigh(package: zipfile.ZipFile, path: Path) -> None:
    """Refuses a file whose content would fill the memory."""
    sizes = {"text": 0, "pictures": 0}
    for part in package.infolist():
        sizes["text" if part.filename.endswith(".xml") else "pictures"] += part.file_size
    for what, most in (("text", LARGEST_CONTENT), ("pictures", LARGEST_PICTURES)):
        if sizes[what] > most:
            raise TooLargeOpenDocument(path, what, most)


def _parsed(xml: bytes) -> Any:
    # Without `huge_tree`, what lies in more than 256 elements is refused.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(xml, parser)


def name_within(address: str) -> str:
    """The name of a part by its address, which can be written in many ways."""
    return posixpath.normpath(address.removeprefix("./"))
