"""How a run of a Word document is to look, by inline attributes."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.run import Run

from cowrite.convert.docx_elements import new_element
from cowrite.core.richtext import Attributes

CODE_FONT = "Courier New"
_SIZES = {"small": 0.75, "large": 1.5, "huge": 2.5}
_WRITING_SIZE = 11.0  # points, of Word's template
_SIZE = re.compile(r"([0-9.]+)(pt|px|em|rem|%)")
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
    elif isinstance(look.get("font"), str):
        _put_font(run, look["font"], "cs", "eastAsia")
    if isinstance(look.get("color"), str):
        font.color.rgb = RGBColor.from_string(look["color"][1:].upper())
    if isinstance(look.get("background"), str):
        _shade(run, look["background"][1:])
    if (size := _points(look.get("size"))) is not None:
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


def _points(size: Any) -> float | None:
    """A size in points, from a word or a length."""
    if not isinstance(size, str):
        return None
    if size in _SIZES:
        return _WRITING_SIZE * _SIZES[size]
    match = _SIZE.fullmatch(size)
    if match is None:
        return None
    factor = {"pt": 1.0, "px": 0.75, "em": _WRITING_SIZE, "rem": _WRITING_SIZE, "%": _WRITING_SIZE / 100}[match[2]]
    return min(max(float(match[1]) * factor, 1.0), 400.0)


def _shade(run: Run, colour: str) -> None:
    """Gives a run a ground of a colour ("rrggbb")."""
    shading = new_element("shd", val="clear", color="auto", fill=colour.upper())
    properties: Any = run._r.get_or_add_rPr()
    properties.insert_element_before(shading, *_AFTER_SHADING)
