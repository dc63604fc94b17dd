"""Pictures of a document that is set in OpenDocument: what is told of them, and their files.

Runs on the GUI thread. Neither goes through Qt: it is taken out of the document before Qt writes that, and comes into
what Qt has written.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextBlock, QTextCursor, QTextDocument, QTextFormat, QTextImageFormat

from cowrite.app.paper.paper import blocks
from cowrite.convert.values import in_xml

_PICTURE = "picture:"
_FRAME = re.compile(
    rf'<draw:frame draw:name="{_PICTURE}(?P<number>\d+)"(?P<look>[^<>]*)>'
    r'(?P<image>.*?xlink:href="(?P<file>[^"]*)".*?)</draw:frame>'
)
_LISTED = re.compile(r'<manifest:file-entry manifest:media-type="image/png" manifest:full-path="(?P<file>[^"]*)"/>')


class Told(NamedTuple):
    """What is told of a picture.

    Attributes:
        words: what is said of it.
        leads_to: where it leads; empty for nowhere.
        media_type: of its file.
        file: that; empty where there is none.
    """

    words: str
    leads_to: str
    media_type: str
    file: bytes


def take_out(shown: QTextDocument) -> list[Told]:
    """Takes out of a document what is told of each picture, and gives that.

    Behind a picture that leads somewhere Qt 6.11 ends no paragraph any more, so that other programs lose all that
    follows. Pictures get numbers as names, for Qt would write what they are named by, which is what is in them. Their
    files go in as they are: Qt would make others of each, and the window would stand still meanwhile.
    """
    told: list[Told] = []
    dot = QImage(1, 1, QImage.Format.Format_Mono)
    dot.fill(0)
    for block in blocks(shown):
        for at, format in _pictures(block):
            kind = QTextDocument.ResourceType.ImageResource.value
            name = f"{_PICTURE}{len(told)}"
            media_type, file = _file(format.name())
            shown.addResource(kind, QUrl(name), dot if file else shown.resource(kind, QUrl(format.name())))
            words = format.stringProperty(QTextFormat.Property.ImageAltText.value)
            told.append(Told(words, format.anchorHref(), media_type, file))
            format.setName(name)
            for link in (QTextFormat.Property.IsAnchor, QTextFormat.Property.AnchorHref):
                format.clearProperty(link.value)
            cursor = QTextCursor(shown)
            cursor.setPosition(at)
            cursor.setPosition(at + 1, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(format)
    return told


def files_of(xml: str, told: Sequence[Told]) -> dict[str, Told]:
    """Of which pictures the file is known, by the names of those that Qt has written instead.

    Args:
        xml: the content that Qt has written.
        told: see `take_out`.
    """
    found = ((each["file"], told[int(each["number"])]) for each in _FRAME.finditer(xml))
    return {name: picture for name, picture in found if picture.file}


def with_told(xml: str, told: Sequence[Told]) -> str:
    """The content that Qt has written, with what is told of pictures; see `files_of`."""
    return _FRAME.sub(lambda found: _frame(found, told), xml)


def with_kinds(manifest: str, files: Mapping[str, Told]) -> str:
    """The list of what is in the file, with the kinds that pictures have.

    Args:
        manifest: as Qt has written it.
        files: see `files_of`.
    """
    return _LISTED.sub(lambda found: _listed(found, files), manifest)


def _pictures(block: QTextBlock) -> list[tuple[int, QTextImageFormat]]:
    """The pictures of a line: their places, and what holds for each."""
    found, iterator = [], block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        format = fragment.charFormat().toImageFormat()
        if format.isValid():
            places = range(fragment.position(), fragment.position() + fragment.length())
            found += [(at, QTextImageFormat(format)) for at in places]
        iterator += 1
    return found


def _file(address: str) -> tuple[str, bytes]:
    """The kind of a picture with a `data:` address, and its file; empty for another."""
    head, _, content = address.partition(";base64,")
    return (head.removeprefix("data:"), base64.b64decode(content)) if head.startswith("data:image/") else ("", b"")


def _listed(found: re.Match[str], files: Mapping[str, Told]) -> str:
    """What the file says of a picture in it, with the kind that it has."""
    picture = files.get(found["file"])
    return found[0] if picture is None else found[0].replace("image/png", picture.media_type)


def _frame(found: re.Match[str], told: Sequence[Told]) -> str:
    """A picture that Qt has written, with what is said of it and where it leads."""
    number = int(found["number"])
    words, leads_to = in_xml(told[number].words), in_xml(told[number].leads_to)
    said = f"<svg:desc>{escape(words)}</svg:desc>" if words else ""
    frame = f'<draw:frame draw:name="Picture {number + 1}"{found["look"]}>{found["image"]}{said}</draw:frame>'
    return f'<draw:a xlink:type="simple" xlink:href={quoteattr(leads_to)}>{frame}</draw:a>' if leads_to else frame
