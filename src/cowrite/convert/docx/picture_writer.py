"""The pictures of a Word document that is being written."""

from __future__ import annotations

from typing import Any

from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.shape import CT_Inline
from docx.parts.image import ImagePart
from docx.shape import InlineShape
from docx.shared import Length
from docx.text.run import Run


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
            image = Image.from_blob(content)
            file = ImagePart.from_image(image, PackURI(f"/word/media/image{len(self._files) + 1}.{image.ext}"))
            self._files[name] = image, self._part.relate_to(file, RELATIONSHIP_TYPE.IMAGE)
        image, relation = self._files[name]
        self._last += 1
        inline: Any = CT_Inline
        made = inline.new_pic_inline(self._last, relation, image.filename, *image.scaled_dimensions(width, None))
        element: Any = run._r
        element.add_drawing(made)
        return InlineShape(made)
