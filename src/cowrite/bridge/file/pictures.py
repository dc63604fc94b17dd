"""Pictures as files, and as they are drawn.

Runs on any thread. A camera's picture takes 50 MB once it is decoded, of which a page shows a tenth: so pages and
boards draw smaller ones, and what leaves the document is the file that came in.
"""

from __future__ import annotations

import base64
import hashlib
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader, QImageWriter

from cowrite.storage.layout import blob_name
from cowrite.sync.blob import Blob

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST_SIDE = 12_000  # pixels; larger pictures are not decoded
SHOWN_SIDE = 1600  # pixels of what is drawn: as wide as the text on a screen of double density
MEDIA_TYPES = {
    b"png": "image/png",
    b"jpeg": "image/jpeg",
    b"gif": "image/gif",
    b"webp": "image/webp",
    b"bmp": "image/bmp",
}
"""Formats of pictures; whatever a teammate calls a picture, SVG is a document that has Qt load files from any place."""

_READ_EVERYWHERE = frozenset({b"png", b"jpeg", b"gif"})
_QUALITY = 92  # of a JPEG that has to be written anew
_TINY = 64  # pixels
_MOST_DRAWN = 100_000  # elements of a drawing, each as often as it is drawn: Qt takes a second


class Picture(NamedTuple):
    """A picture as a document takes it in.

    Attributes:
        name: how the document names it.
        media_type: of its file.
        content: its file, without what that tells beside the picture.
        image: as it is drawn; None where it cannot be.
    """

    name: str
    media_type: str
    content: bytes
    image: QImage | None


def picture_of(content: bytes, media_type: str) -> Picture:
    """The picture in a file that a person puts in."""
    from cowrite.convert.bare_pictures import without_metadata

    content = without_metadata(content)
    return Picture(blob_name(hashlib.sha256(content).digest()), media_type, content, shown(content))


def shown(content: bytes) -> QImage | None:
    """A picture as it is drawn: upright, and at most SHOWN_SIDE pixels wide and high.

    Its `deviceIndependentSize` is that of the picture itself.

    Returns:
        None where the bytes are none of MEDIA_TYPES, or the picture is larger than LARGEST_SIDE.
    """
    return _decoded(content, SHOWN_SIDE)


def decoded_file(path: str) -> QImage | None:
    """The whole picture in a file, upright; None as for `shown`."""
    return _read(QImageReader(path))


def is_picture(content: bytes) -> bool:
    """Whether bytes are a picture that can be seen: pages hold dots in the place of pictures that are yet to come."""
    image = _decoded(content, _TINY)
    size = None if image is None else image.deviceIndependentSize()
    return size is not None and max(size.width(), size.height()) > 1


def media_type(content: bytes) -> str | None:
    """The media type of a picture; None for anything else."""
    buffer = _buffer(content)
    return MEDIA_TYPES.get(_format(QImageReader(buffer)))


def drawn(content: bytes) -> QImage | None:
    """An SVG drawing as an image, without the files that it would have Qt load; None where it is none, or is nested so
    deeply, or repeats its parts so often, that to draw it would take for ever."""
    from xml.etree import ElementTree as ET

    try:
        drawing = ET.fromstring(content)
        if _elements_drawn(drawing) > _MOST_DRAWN:
            return None
        for element in drawing.iter():
            for name, value in tuple(element.attrib.items()):
                if name.endswith("href") and not value.startswith("#"):
                    del element.attrib[name]
        buffer = _buffer(ET.tostring(drawing))
    except (ET.ParseError, RecursionError):
        return None
    image = QImageReader(buffer, QByteArray(b"svg")).read()
    return None if image.isNull() else image


def _elements_drawn(drawing: Element) -> float:
    """How many elements of a drawing are drawn, each as often as others refer to it; infinite where one does to itself.

    Raises:
        RecursionError: it is nested too deeply.
    """
    named = {element.get("id"): element for element in drawing.iter()}
    counts: dict[Element, float] = {}

    def count(element: Element) -> float:
        if element not in counts:
            counts[element] = inf  # until it is known
            found = 1 + sum(map(count, element))
            for name, value in element.attrib.items():
                if (
                    element.tag.endswith("use")
                    and name.endswith("href")
                    and (other := named.get(value.removeprefix("#"))) is not None
                ):
                    found += count(other)
            counts[element] = found
        return counts[element]

    return count(drawing)


def portable(blob: Blob) -> Blob | None:
    """A picture as a file that every program reads and shows upright: the same file where it is one.

    Returns:
        A PNG, JPEG or GIF file; None where the bytes are no picture.
    """
    buffer = _buffer(blob.data)
    reader = QImageReader(buffer)
    format = _format(reader)
    is_upright = reader.transformation() == QImageIOHandler.Transformation.TransformationNone
    if format in _READ_EVERYWHERE and is_upright and reader.canRead():
        return Blob(MEDIA_TYPES[format], blob.data)
    image = _decoded(blob.data)
    if image is None:
        return None
    if format == b"jpeg":
        return Blob("image/jpeg", _written(image, b"JPEG", _QUALITY))
    return Blob("image/png", png_of(image))


def png_of(image: QImage) -> bytes:
    """An image as a PNG file."""
    return _written(image, b"PNG")


def pasted(image: QImage) -> bytes:
    """An image as a PNG file that can be shown: smaller where it is larger than LARGEST_SIDE, as of a whole page."""
    if max(image.width(), image.height()) > LARGEST_SIDE:
        fit, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(LARGEST_SIDE, LARGEST_SIDE, fit, smooth)
    return png_of(image)


def data_url(blob: Blob | None) -> str:
    """A picture as a data: URL; empty where there is none."""
    return "" if blob is None else f"data:{blob.media_type};base64,{base64.b64encode(blob.data).decode()}"


def _written(image: QImage, format: bytes, quality: int = -1) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(format))
    writer.setQuality(quality)
    writer.write(image)
    return bytes(content.data())


def _buffer(content: bytes) -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return buffer


def _format(reader: QImageReader) -> bytes:
    return bytes(reader.format().data())


def _decoded(content: bytes, side: int = LARGEST_SIDE) -> QImage | None:
    buffer = _buffer(content)  # a reader does not keep it
    return _read(QImageReader(buffer), side)


def _read(reader: QImageReader, side: int = LARGEST_SIDE) -> QImage | None:
    """A picture, upright, at most `side` pixels wide and high."""
    if _format(reader) not in MEDIA_TYPES:
        return None
    reader.setAutoTransform(True)
    own = reader.size()
    longest = max(own.width(), own.height())
    if longest > LARGEST_SIDE:
        return None
    if longest > side:
        reader.setScaledSize(own.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return None
    if longest > side:
        image.setDevicePixelRatio(max(image.width(), image.height()) / longest)
    return image
