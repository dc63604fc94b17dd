"""How a run of a Word document looks, by its own properties and its styles (ECMA-376 part 1, 17.3.2)."""

from __future__ import annotations

import re
from typing import Any

from cowrite.convert.colours import is_ink, is_paper
from cowrite.convert.docx.lists import value_of
from cowrite.convert.docx.names import qn
from cowrite.convert.docx.styles import ParagraphStyle, WordStyles, font_of, own_look, points_of
from cowrite.convert.html.elements import LINK_COLOURS, MONOSPACED
from cowrite.convert.style_names import LINK_COLOUR
from cowrite.core.writing.typeface import kind_of_font, stated_size

_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_HIGHLIGHTS = {
    "yellow": "#ffff00", "green": "#00ff00", "cyan": "#00ffff", "magenta": "#ff00ff", "blue": "#0000ff",
    "red": "#ff0000", "darkBlue": "#000080", "darkCyan": "#008080", "darkGreen": "#008000", "darkMagenta": "#800080",
    "darkRed": "#800000", "darkYellow": "#808000", "darkGray": "#808080", "lightGray": "#c0c0c0",
}  # fmt: skip


def look_of(properties: Any, link: str | None, styles: WordStyles, of_paragraph: ParagraphStyle) -> dict[str, Any]:
    """The inline attributes of a run.

    Args:
        properties: its `w:rPr`, or None.
        link: where it leads.
        styles: of the document.
        of_paragraph: what the style of its paragraph says.
    """
    if (properties is None or not len(properties)) and not of_paragraph.look:
        return {"link": link} if link else {}
    of_style, own = {**of_paragraph.look, **styles.look(properties, is_link=bool(link))}, own_look(properties)
    if of_paragraph.is_stated and own.get("bold"):
        del own["bold"]  # else a heading that LibreOffice has written would be bold twice
    look = {**of_style, **own}
    fonts = properties.find(qn("w:rFonts")) if properties is not None else None
    if fonts is not None and MONOSPACED.search(fonts.get(qn("w:ascii"), "")):
        look["code"] = True
    elif not look.get("code"):
        look |= _letters(properties, of_paragraph)
    look |= _colours(properties)
    if link:
        look["link"] = link
        if not (own.get("underline") and of_style.get("underline")):  # else it is how a program draws its links
            look.pop("underline", None)
        if look.get("color") in LINK_COLOURS | {LINK_COLOUR}:
            del look["color"]
    return {name: value for name, value in look.items() if value is not None}


def _colours(properties: Any) -> dict[str, Any]:
    """The colours of a run and of its ground, but for those of all text."""
    look: dict[str, Any] = {}
    colour = _hex(value_of(properties, "w:color"))
    if colour and not is_ink(colour):
        look["color"] = colour
    shading = properties.find(qn("w:shd")) if properties is not None else None
    ground = _HIGHLIGHTS.get(value_of(properties, "w:highlight"))
    ground = ground or (_hex(shading.get(qn("w:fill"), "")) if shading is not None else None)
    if ground and not is_paper(ground):
        look["background"] = ground
    return look


def _letters(properties: Any, of_paragraph: ParagraphStyle) -> dict[str, Any]:
    """Font and size of a run where somebody has set them there. What styles say of them is the look of another program,
    and so is a font that stands for no kind of fonts here."""
    font, size = font_of(properties), points_of(properties)
    look: dict[str, Any] = {}
    if font and font != of_paragraph.font:
        look["font"] = kind_of_font(font)
    is_raised = value_of(properties, "w:position") and not value_of(properties, "w:vertAlign")  # see `own_look`
    if size is not None and not is_raised:
        look["size"] = stated_size(size, of_paragraph.points)
    return look


def _hex(value: str) -> str | None:
    return f"#{value.lower()}" if _HEX.fullmatch(value) else None
