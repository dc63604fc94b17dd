"""How a run of a Word document is to look, by inline attributes."""

from __future__ import annotations

import unicodedata
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.run import Run

from cowrite.convert.docx.elements import new_element
from cowrite.core.text.richtext import Attributes
from cowrite.core.writing.typeface import FONTS_OF_FILES, WRITING_SIZE, points

CODE_FONT = "Courier New"
# What Word wants behind a ground and behind a size, which python-docx does not put in by itself.
_AFTER_SHADING = ("w:fitText", "w:vertAlign", "w:rtl", "w:cs", "w:em", "w:lang")
_AFTER_SIZE = ("w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", *_AFTER_SHADING)


def put_look(run: Run, look: Attributes, *, is_code: bool) -> None:
    """Gives a run its look; code is in a font of its own."""
    font = run.font
    for name in ("bold", "italic", "underline", "strike"):
        if look.get(name):
            setattr(font, name, True)
    # Of Arabic, Hebrew and others, Word asks for the look apart.
    font.cs_bold, font.cs_italic = (True if look.get(name) else None for name in ("bold", "italic"))
    if script := look.get("script"):
        setattr(font, "superscript" if script == "super" else "subscript", True)
    if is_code:
        _put_font(run, CODE_FONT, "cs")
    elif isinstance(family := look.get("font"), str):
        _put_font(run, FONTS_OF_FILES.get(family, family), "cs", "eastAsia")
    if isinstance(look.get("color"), str):
        font.color.rgb = RGBColor.from_string(look["color"][1:].upper())
    if isinstance(look.get("background"), str):
        _shade(run, look["background"][1:])
    if (size := points(look.get("size"), WRITING_SIZE)) is not None:
        font.size = Pt(size)
        properties: Any = run._r.get_or_add_rPr()
        properties.insert_element_before(new_element("szCs", val=round(2 * size)), *_AFTER_SIZE)


def is_latin(text: str) -> bool:
    """Whether there are letters in a text, and all of them are read from left to right."""
    kinds = set(map(unicodedata.bidirectional, text))
    return "L" in kinds and kinds.isdisjoint(("R", "AL"))


def _put_font(run: Run, name: str, *others: str) -> None:
    """Gives a run a font for Latin letters, and for other ones that Word tells apart."""
    run.font.name = name
    properties: Any = run._r.get_or_add_rPr()
    for each in others:
        properties.find(qn("w:rFonts")).set(qn(f"w:{each}"), name)


def _shade(run: Run, colour: str) -> None:
    """Gives a run a ground of a colour ("rrggbb")."""
    shading = new_element("shd", val="clear", color="auto", fill=colour.upper())
    properties: Any = run._r.get_or_add_rPr()
    properties.insert_element_before(shading, *_AFTER_SHADING)
