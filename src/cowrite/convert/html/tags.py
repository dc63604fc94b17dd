"""What HTML's tags and styles mean as attributes of rich text. The readers of HTML and of Markdown share it.

A meaning is a dict from attribute to value; the value None takes away what an outer element set.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cowrite.convert import values
from cowrite.core.text.richtext import DEEPEST_INDENT

Meaning = dict[str, Any]
Declarations = Mapping[str, str]

LONGEST_STYLE = 4096  # characters; a longer style attribute says nothing
POINTS_PER_INDENT = 36.0
"""How far one step of indent moves a paragraph: half an inch, as in Word, LibreOffice and Google Docs."""

_MEANINGS: Mapping[str, Meaning] = {
    **{tag: {"bold": True} for tag in ("b", "strong")},
    **{tag: {"italic": True} for tag in ("i", "em", "cite", "dfn", "var")},
    **{tag: {"underline": True} for tag in ("u", "ins")},
    **{tag: {"strike": True} for tag in ("s", "strike", "del")},
    **{tag: {"code": True} for tag in ("code", "tt", "kbd", "samp")},
    "sup": {"script": "super"},
    "sub": {"script": "sub"},
    "mark": {"background": values.MARK_COLOUR},
}
INLINE_TAGS = frozenset(_MEANINGS) | frozenset("a abbr bdi bdo big data font label q small span time".split())
_SCRIPTS = {"super": "super", "sub": "sub", "baseline": None}
_POINTS = {"pt": 1.0, "px": 0.75, "em": 18.0, "rem": 12.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "pc": 12.0}
_CSS_SIZES = {"xx-large": "huge", "xxx-large": "huge"}

_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_DECLARATION = re.compile(r"""([a-z-]+)\s*:\s*((?:[^;"'()]|"[^"]*"|'[^']*'|\([^()]*\))*)""", re.IGNORECASE)
_LENGTH = re.compile(r"([0-9]{0,5}(?:\.[0-9]{1,6})?)(pt|px|em|rem|in|cm|mm|pc)", re.ASCII)
_PAGES = frozenset("always page left right recto verso".split())
_BOLD_FROM = 600
"""From this font weight on, text is bold."""


def attributes_of(text: str) -> dict[str, str]:
    """The attributes in the source of one start tag, names in lower case, values without quotes and references."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), html.unescape(value[1:-1] if value[:1] in ('"', "'") else value))
    return found


@lru_cache(maxsize=2048)
def declarations(style: str) -> Declarations:
    """The declarations of a `style` attribute: property to value, without `!important`."""
    if len(style) > LONGEST_STYLE:
        return {}
    return {name.lower(): value.replace("!important", "").strip() for name, value in _DECLARATION.findall(style)}


def inline_meaning(tag: str, attributes: Mapping[str, str], style: Declarations) -> Meaning:
    """What an element says about the characters inside it, apart from font and size."""
    meaning: Meaning = dict(_MEANINGS.get(tag, {}))
    if tag == "a" and (address := values.address(attributes.get("href"))):
        meaning["link"] = address
    if tag == "font" and (found := values.hex_colour(attributes.get("color"))):
        meaning["color"] = found
    meaning |= _weight_and_slant(style) | _decoration(meaning, style)
    if (alignment := style.get("vertical-align", "").lower()) in _SCRIPTS:
        meaning["script"] = _SCRIPTS[alignment]
    if found := values.hex_colour(style.get("color")):
        meaning["color"] = found
    background = style.get("background-color") or style.get("background", "").split(" ")[0]
    if found := values.hex_colour(background):
        meaning["background"] = found
    elif background.lower() in ("transparent", "none", "initial"):
        meaning["background"] = None
    return meaning


def overlaid(attributes: Mapping[str, Any], meaning: Meaning) -> dict[str, Any]:
    """Attributes with one more meaning laid over them."""
    return {name: value for name, value in {**attributes, **meaning}.items() if value is not None}


def typeface(style: Declarations) -> Meaning:
    """Font and size, where a style states them."""
    meaning: Meaning = {}
    if family := values.font(style.get("font-family")):
        meaning["font"] = family
    stated = style.get("font-size", "").lower()
    if found := values.size(_CSS_SIZES.get(stated, stated)):
        meaning["size"] = found
    return meaning


def letters(style: Declarations) -> tuple[str, float]:
    """The font that a style names first, empty for none, and the size that it states in points or pixels as points, 0
    for none."""
    length = _LENGTH.fullmatch(style.get("font-size", "").lower())
    is_size = length is not None and length[2] in ("pt", "px") and length[1].strip(".")
    size = float(length[1]) * _POINTS[length[2]] if length is not None and is_size else 0.0
    return values.font(style.get("font-family")) or "", size


def block_meaning(tag: str, attributes: Mapping[str, str], style: Declarations) -> Meaning:
    """Alignment and direction of the paragraphs inside an element."""
    meaning: Meaning = {}
    alignment = (style.get("text-align") or attributes.get("align") or "").strip().lower()
    if tag == "center" and not alignment:
        alignment = "center"
    if alignment in ("center", "left", "right", "justify"):
        meaning["align"] = alignment
    elif alignment == "start":
        meaning["align"] = None
    turn = (attributes.get("dir") or style.get("direction") or "").strip().lower()
    if turn in ("rtl", "ltr"):
        meaning["direction"] = turn
    elif turn == "auto":
        meaning["direction"] = None
    return meaning


def breaks_page(style: Declarations, side: str) -> bool:
    """Whether a page begins at a side of an element: "before" or "after" it."""
    stated = style.get(f"break-{side}") or style.get(f"page-break-{side}") or ""
    return stated.strip().lower() in _PAGES


def indent_steps(style: Declarations) -> int:
    """How many steps of indent a left margin makes."""
    stated = style.get("margin-left") or style.get("margin-inline-start") or _left_of(style.get("margin", ""))
    match = _LENGTH.fullmatch(stated.strip().lower())
    if match is None or not match[1]:
        return 0
    return min(round(float(match[1]) * _POINTS[match[2]] / POINTS_PER_INDENT), DEEPEST_INDENT)


def _left_of(margin: str) -> str:
    """The left side of CSS's `margin: top right bottom left`, where it names all four."""
    sides = margin.split()
    return sides[3] if len(sides) == 4 else ""


def _weight_and_slant(style: Declarations) -> Meaning:
    meaning: Meaning = {}
    weight = style.get("font-weight", "").lower()
    if weight in ("bold", "bolder") or (weight.isdecimal() and len(weight) <= 4 and int(weight) >= _BOLD_FROM):
        meaning["bold"] = True
    elif weight in ("normal", "lighter") or weight.isdecimal():
        meaning["bold"] = None
    slant = style.get("font-style", "").lower()
    if slant.startswith(("italic", "oblique")):
        meaning["italic"] = True
    elif slant == "normal":
        meaning["italic"] = None
    return meaning


def _decoration(own: Meaning, style: Declarations) -> Meaning:
    lines = (style.get("text-decoration") or style.get("text-decoration-line") or "").lower().split()
    meaning: Meaning = {}
    if "underline" in lines:
        meaning["underline"] = True
    if "line-through" in lines:
        meaning["strike"] = True
    if "none" in lines:
        # CSS cannot take away an outer element's line, only the one that this element's own tag would draw.
        meaning |= {name: None for name in ("underline", "strike") if name in own}
    return meaning
