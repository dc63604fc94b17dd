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
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

from cowrite.convert import packed_file
from cowrite.convert.data_images import LARGEST_IMAGE
from cowrite.convert.odt.names import odf, stated
from cowrite.convert.packed_file import BROKEN, FileKind, weigh

ODT = FileKind("an OpenDocument text", "LibreOffice", ".odt")
_PACKED = b"PK"
_TEXT = "application/vnd.oasis.opendocument.text"
"""Begins the media types of texts and of their templates."""
_BINARY = re.compile(rb"(<office:binary-data>)([A-Za-z0-9+/=\s]*)(?=</office:binary-data>)")


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
        TooLargeFile: there is too much in it.
        zipfile.BadZipFile and others: it is none; see `packed_file.BROKEN`.
    """

    def __init__(self, data: bytes, path: Path) -> None:
        self._package: zipfile.ZipFile | None = None
        self._held: list[bytes] = []  # the pictures of a single file, in base64
        if data.startswith(_PACKED):
            self._package = zipfile.ZipFile(BytesIO(data))
            weigh(self._package, path, ODT, lambda name: not name.endswith(".xml"))
            names = self._package.namelist()
            kind = self._kind() if "mimetype" in names else _TEXT
            self.content = _parsed(self._package.read("content.xml"))
            self.styles = _parsed(self._package.read("styles.xml")) if "styles.xml" in names else None
        else:
            data = _BINARY.sub(self._held_back, data)
            if len(data) > packed_file.LARGEST_CONTENT:
                raise packed_file.TooLargeFile(path, ODT, "text", packed_file.LARGEST_CONTENT)
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
        except BROKEN:
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


def _parsed(xml: bytes) -> Any:
    # Without `huge_tree`, what lies in more than 256 elements is refused; with `collect_ids`, a file in which two lists
    # have one id, as some programs write it.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    return etree.fromstring(xml, parser)


def name_within(address: str) -> str:
    """The name of a part by its address, which can be written in many ways."""
    return posixpath.normpath(address.removeprefix("./"))
