"""The pictures of an OpenDocument text, and what else stands in its frames (ODF 1.3 part 3, 10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cowrite.convert.data_images import LARGEST_IMAGE, kind_of
from cowrite.convert.file_read import Losses
from cowrite.convert.formulas import in_a_line
from cowrite.convert.images import TakeImage
from cowrite.convert.odt.names import name_of, odf, points, stated
from cowrite.convert.odt.package import OdtPackage, name_within
from cowrite.core.text.richtext import EMBED_CHARACTER, Span

POINTS = 0.75  # of a pixel
SHAPES = frozenset(
    f"draw:{each}"
    for each in "rect line polyline polygon regular-polygon path circle ellipse g page-thumbnail measure caption "
    "connector control custom-shape".split()
)
"""What is drawn, and may have words in it."""
MOST_LETTERS = 1_000_000
"""Of all formulas; a file may hold one and show it many times."""


class OdtPictures:
    """The pictures of one document. Nothing that is elsewhere is fetched.

    Args:
        package: the document.
        images: stores an image and returns its name; without it, images are left out.
        losses: takes note of what comes in otherwise than it was, or not at all.
    """

    def __init__(self, package: OdtPackage, images: TakeImage | None, losses: Losses) -> None:
        self._package = package
        self._images = images
        self._losses = losses
        self._formulas: dict[str, str] = {}  # by the names of their folders
        self._letters = MOST_LETTERS
        self._names: dict[str, str | None] = {}  # of the images that were stored, by those of their parts

    def within(self, frame: Any, link: str | None) -> Iterator[Span]:
        """The picture or the formula in a frame; of several that say the same, the first that can be shown.

        Args:
            frame: `draw:frame`.
            link: where it leads, by what is around it.
        """
        held = list(frame.iterchildren(odf("draw:image")))
        if boxes_in(frame):
            return
        for part in frame.iterchildren(odf("draw:object")):
            if formula := self._formula(part)[: self._letters]:
                self._letters -= len(formula)
                self._losses.change("formulas")
                yield Span(formula)
                return
        found = next((name for each in held if (name := self._stored(each)) is not None), None)
        if found is not None:
            look = {**({"link": link} if link else {}), **_told(frame)}
            yield Span(EMBED_CHARACTER, look, {"image": found})
        elif not held:
            self._losses.leave_out("drawings")
        elif any(self._is_there(each) for each in held):
            self._losses.leave_out("images of a kind that cowrite does not show")
        else:
            self._losses.leave_out("images that are not in the file")

    def words_within(self, shape: Any) -> list[Any]:
        """What holds the words of what is drawn, one of `SHAPES`, of which nothing else comes in."""
        if next(shape.iter(odf("text:p")), None) is None:
            self._losses.leave_out("form fields" if name_of(shape) == "draw:control" else "drawings")
            return []
        if name_of(shape) != "draw:g":
            return [shape]
        held: list[Any] = []
        for each in shape:
            name = name_of(each)
            held += boxes_in(each) if name == "draw:frame" else self.words_within(each) if name in SHAPES else ()
        return held

    def _is_there(self, image: Any) -> bool:
        return image.find(odf("office:binary-data")) is not None or self._package.holds(stated(image, "xlink:href"))

    def _stored(self, image: Any) -> str | None:
        if (held := image.find(odf("office:binary-data"))) is not None:
            return self._taken(self._package.held_picture(held))
        address = name_within(stated(image, "xlink:href"))
        if address not in self._names:
            self._names[address] = self._taken(self._package.picture(address))
        return self._names[address]

    def _taken(self, data: bytes) -> str | None:
        kind = kind_of(data)
        if self._images is None or not kind or len(data) > LARGEST_IMAGE:
            return None
        return self._images(data, kind)

    def _formula(self, part: Any) -> str:
        """What a formula says; empty for any other object."""
        held = next((each for each in part if name_of(each) == "math:math"), None)
        if held is not None:
            return in_a_line(held)
        address = name_within(stated(part, "xlink:href"))
        if address not in self._formulas:
            root = self._package.part(f"{address}/content.xml")
            is_formula = root is not None and name_of(root) == "math:math"
            self._formulas[address] = in_a_line(root) if is_formula else ""
        return self._formulas[address]


def boxes_in(frame: Any) -> list[Any]:
    """What stands in a frame (`draw:frame`) and is text of its own."""
    return list(frame.iterchildren(odf("draw:text-box"), odf("table:table")))


def _told(frame: Any) -> dict[str, Any]:
    """What is said of a picture: in words, and how wide it is."""
    words = next((text for name in ("svg:desc", "svg:title") if (text := frame.findtext(odf(name)))), "")
    width = round(points(stated(frame, "svg:width")) / POINTS)
    return {**({"alt": words} if words else {}), **({"width": width} if width > 0 else {})}
