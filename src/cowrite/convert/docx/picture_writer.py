"""The pictures of a Word document that is being written."""

from __future__ import annotations

from typing import Any

from docx.image.exceptions import UnrecognizedImageError
from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.shape import CT_Inline
from docx.parts.image import ImagePart
from docx.shape import InlineShape
from docx.shared import Length
from docx.text.run import Run

_BEGINS_JPEG = b"\xff\xd8"
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"
"""A segment that says nothing but that this is JFIF 1.02, with square pixels."""


def image_in(content: bytes) -> Image:
    """What python-docx knows of a picture's file: its kind and its size.

    It takes JPEG for a picture only where the first segment is JFIF or Exif. Photos have none of these once what the
    camera has told is taken out, and what some programs write never had.

    Raises:
        UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError: it is none that Word shows.
    """
    try:
        return Image.from_blob(content)
    except UnrecognizedImageError:
        if not content.startswith(_BEGINS_JPEG):
            raise
    return Image.from_blob(_BEGINS_JPEG + _JFIF + content[len(_BEGINS_JPEG) :])


class WordPicturesWriter:
    """Puts pictures into a document, the file of each once. For each picture python-docx would compare its file with
    those of all before it, and look through the whole document for a number that is free.

    Args:
        part: of the document, which has no pictures yet.
    """

    def __init__(self, part: Part) -> None:
        self._part = part
        self._files: dict[str, tuple[Image, str]] = {}
        self._last = 0

    def add(self, run: Run, name: str, content: bytes, width: Length) -> InlineShape:
        """Puts a picture at the end of a run.

        Args:
            run: where it comes in.
            name: of the picture; the same one has the same content.
            content: its file.
            width: how wide it is shown.

        Raises:
            UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError: it is none that Word shows.
        """
        if name not in self._files:
            image = image_in(content)
            name_there = PackURI(f"/word/media/image{len(self._files) + 1}.{image.ext}")
            file = ImagePart(name_there, image.content_type, content)
            self._files[name] = image, self._part.relate_to(file, RELATIONSHIP_TYPE.IMAGE)
        image, relation = self._files[name]
        self._last += 1
        inline: Any = CT_Inline
        made = inline.new_pic_inline(self._last, relation, image.filename, *image.scaled_dimensions(width, None))
        element: Any = run._r
        element.add_drawing(made)
        return InlineShape(made)
