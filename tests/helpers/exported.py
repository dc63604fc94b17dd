"""A document with a picture, to be exported."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from cowrite.bridge.file.pictures import png_of
from cowrite.core.text.richtext import Line, Span
from cowrite.sync.blob import Blob

NAME = f"sha256:{'a' * 64}"
LINES = [Line((Span("", embed={"image": NAME}),))]


def picture(_name: str, width: int = 2, height: int = 2) -> Blob:
    """The picture, in a size in pixels."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    return Blob("image/png", png_of(image))
