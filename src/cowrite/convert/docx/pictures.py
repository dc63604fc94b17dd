"""The pictures of a Word document, and what else is drawn: text boxes, and lines across the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cowrite.convert.data_images import LARGEST_IMAGE, kind_of
from cowrite.convert.docx.names import number_in, qn
from cowrite.convert.file_read import Losses
from cowrite.convert.images import TakeImage
from cowrite.convert.normal import DIVIDER
from cowrite.core.text.richtext import EMBED_CHARACTER, Span

PIXEL = 9525  # English Metric Units
_TEXT_BOX, _SHAPE = qn("w:txbxContent"), "{urn:schemas-microsoft-com:vml}imagedata"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HREF, _RULE = (f"{{urn:schemas-microsoft-com:office:office}}{name}" for name in ("href", "hr"))


class WordPictures:
    """The pictures of one document, and the lines that are drawn across it. Nothing that is elsewhere is fetched.

    Args:
        part: that with the text.
        images: stores an image and returns its name; without it, images are left out.
        losses: takes note of what is left out.
    """

    def __init__(self, part: Any, images: TakeImage | None, losses: Losses) -> None:
        self._part = part
        self._images = images
        self._losses = losses
        self._names: dict[Any, str | None] = {}  # of the images that were stored, by their parts

    def within(self, drawing: Any, link: str | None) -> Iterator[Span]:
        """The pictures in a drawing.

        Args:
            drawing: `w:drawing`, `w:pict` or `w:object`.
            link: where they lead, by what is around them.
        """
        if any(each.get(_RULE) in ("t", "true", "1") for each in drawing):  # Word's horizontal line, and Google Docs'
            yield DIVIDER
            return
        blips = (each for each in drawing.iter(qn("a:blip")) if _is_outside(each, drawing))
        pictures = [(each.get(qn("r:embed")), each.get(qn("r:link"))) for each in blips]
        shapes = (each for each in drawing.iter(_SHAPE) if _is_outside(each, drawing))
        pictures += [(each.get(qn("r:id")), each.get(qn("r:href"), each.get(_HREF))) for each in shapes]
        if not pictures and next(text_boxes(drawing), None) is None:
            self._losses.leave_out("drawings")
        for held, elsewhere in pictures:
            if held not in self._part.related_parts:
                self._losses.leave_out("images that are not in the file" if held or elsewhere else "drawings")
            elif (name := self._stored(self._part.related_parts[held])) is None:
                self._losses.leave_out("images of a kind that cowrite does not show")
            else:
                yield Span(EMBED_CHARACTER, {**({"link": link} if link else {}), **_told(drawing)}, {"image": name})

    def _stored(self, part: Any) -> str | None:
        if part not in self._names:
            self._names[part] = self._taken(part)
        return self._names[part]

    def _taken(self, part: Any) -> str | None:
        kind = kind_of(part.blob, part.content_type)
        if self._images is None or not kind or not 0 < len(part.blob) <= LARGEST_IMAGE:
            return None
        return self._images(part.blob, kind)


def text_boxes(drawing: Any) -> Iterator[Any]:
    """The text boxes in a drawing (`w:txbxContent`), each of which holds paragraphs; those within one are its own."""
    return (each for each in drawing.iter(_TEXT_BOX) if _is_outside(each, drawing))


def _is_outside(element: Any, drawing: Any) -> bool:
    """Whether a part of a drawing is in none of its text boxes, nor in what says the same for older programs."""
    for each in element.iterancestors():
        if each is drawing:
            return True
        if each.tag in (_TEXT_BOX, _FALLBACK):
            return False
    return True


def _told(drawing: Any) -> dict[str, Any]:
    """What is said of a picture: in words, and how wide it is."""
    told = next(drawing.iter(qn("wp:docPr")), None)
    size = next(drawing.iter(qn("wp:extent")), None)
    more: dict[str, Any] = {}
    if told is not None and told.get("descr"):
        more["alt"] = told.get("descr")
    if size is not None and (wide := number_in(size.get("cx", ""))) is not None:
        more["width"] = max(1, round(wide / PIXEL))
    return more
