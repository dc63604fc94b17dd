"""Which values an attribute can have once it has passed through `convert`, whatever it came from.

Each function takes what it was given and returns the one spelling that is kept, or None where the attribute is to be
left out.
"""

from __future__ import annotations

import re
from typing import Any

from cowrite.convert.colours import colour
from cowrite.core.text.direction import LTR, RTL
from cowrite.core.text.richtext import COLUMN, DEEPEST_INDENT, LARGEST_NUMBER
from cowrite.core.text.table import column_width as stated_width

LINK_SCHEMES = frozenset({"http", "https", "mailto", "cowrite", "cowrites"})
"""What a link that is opened may point to. Everything else with a scheme (javascript:, file:, data:) is dropped."""

LONGEST_LINK = 8192  # characters
MARK_COLOUR = "#ffff00"
"""The background that HTML's <mark> stands for."""

IMAGE_NAME = re.compile(r"sha256:[0-9a-f]{1,64}", re.ASCII)

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):.", re.ASCII | re.DOTALL)
_RELATIVE = re.compile(r"(?!#?$|[/\\\\]{2})[^:/?#]*(?:[/?#].*)?", re.DOTALL)
_NOT_IN_LINKS = re.compile(r'[\s<>"\x00-\x20\x7f-\x9f\ud800-\udfff]')
_SIZE = re.compile(r"([0-9]{1,4})(?:\.([0-9]{1,4}))?(pt|px|em|rem|%)", re.ASCII)
_PIXELS = re.compile(r"([0-9]{1,5})(?:\.[0-9]*)?(?:px)?", re.ASCII)
_CONTROL = {
    code: None if code not in (0x0A, 0x0B, 0x0C) else " " for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x09
}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Text without what no format carries: control characters other than the tab, and halves of characters."""
    if text.isprintable():
        return text
    return _SURROGATES.sub("\ufffd", text.translate(_CONTROL))


def in_xml(text: str) -> str:
    """Text without what XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


def link(value: Any) -> str | None:
    """An address that is safe to open, without blanks; None for any scheme but those of LINK_SCHEMES."""
    if not isinstance(value, str) or len(value) > LONGEST_LINK:
        return None
    value = _without_breaks(value)
    match = _SCHEME.match(value)
    if match is None or match[1].lower() not in LINK_SCHEMES:
        return None
    return _NOT_IN_LINKS.sub(lambda found: _percent(found[0]), value)


def address(value: Any) -> str | None:
    """An address that a text may hold: one that is safe to open, or one without a scheme, such as `other.md#part`.

    The latter leads somewhere only beside the text that it came from. It is kept so that it goes back there as it was.
    """
    if not isinstance(value, str) or len(value) > LONGEST_LINK:
        return None
    value = _without_breaks(value)
    if value.startswith("//"):  # a page says so "by the scheme of this page"
        value = f"https:{value}"
    if _RELATIVE.fullmatch(value):
        return _NOT_IN_LINKS.sub(lambda found: _percent(found[0]), value)
    return link(value)


def _without_breaks(value: str) -> str:
    # Browsers drop these characters before they look at the scheme, so `java\nscript:` must not slip through.
    return re.sub(r"[\t\n\r]", "", value).strip()


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def hex_colour(value: Any) -> str | None:
    """`#rrggbb`, lower case."""
    return colour(value) if isinstance(value, str) else None


def font(value: Any) -> str | None:
    """The first family of a font list, without quotes."""
    if not isinstance(value, str):
        return None
    family = in_xml(clean(value)).split(",")[0].translate(dict.fromkeys(map(ord, "\"'\\;{}<>&"), None))
    return " ".join(family.split()) or None


def size(value: Any) -> str | None:
    """`12pt`, `1.5em`, or one of Quill's words small, large and huge; a bare number means points."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = f"{value:g}pt"
    if not isinstance(value, str):
        return None
    text: str = value.strip().lower()
    if text in ("small", "large", "huge"):
        return text
    match = _SIZE.fullmatch(text)
    if match is None:
        return None
    fraction = (match[2] or "").rstrip("0")
    return f"{int(match[1])}{'.' + fraction if fraction else ''}{match[3]}"


def script(value: Any) -> str | None:
    """`super` or `sub`."""
    return _one_of(value, "super", "sub")


def pixels(value: Any) -> int | None:
    """A whole number of pixels above 0, from a number or from HTML's `300` or `300px`."""
    if isinstance(value, str) and (match := _PIXELS.fullmatch(value.strip().lower())):
        value = int(match[1])
    if isinstance(value, float):
        value = round(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 100_000 else None


def indent(value: Any) -> int | None:
    """1 to 8."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not value >= 1:
        return None
    return min(int(min(value, DEEPEST_INDENT)), DEEPEST_INDENT)


def start(value: Any) -> int | None:
    """The number of an item that states its own: 0 to 999 999 999, which is the largest in Markdown."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_NUMBER else None


def column_width(value: Any) -> int | None:
    """How wide a cell makes its column, in thousandths of the table, as `core.text.table.column_width` has it."""
    return stated_width({COLUMN: value})


def header(value: Any) -> int | None:
    """1 to 6."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 6 else None


def row_id(value: Any) -> str | None:
    """The id of a table's row: text that is not empty, as `core.text.table.row_id` has it. No format writes it."""
    return value if isinstance(value, str) and value else None


def align(value: Any) -> str | None:
    """`center`, `left`, `right` or `justify`; the side on which a line begins is the absence of this attribute."""
    return _one_of(value, "center", "left", "right", "justify")


def direction(value: Any) -> str | None:
    """`rtl` or `ltr`; that of the first letter is the absence of this attribute."""
    return _one_of(value, RTL, LTR)


def list_kind(value: Any) -> str | None:
    """`bullet`, `ordered`, `checked` or `unchecked`."""
    return _one_of(value, "bullet", "ordered", "checked", "unchecked")


def code_language(value: Any) -> str | bool | None:
    """The name of a language, or True for code in no stated language."""
    if value is True:
        return True
    if not isinstance(value, str):
        return None
    return " ".join(clean(value).split()) or True


def _one_of(value: Any, *choices: str) -> str | None:
    return value if isinstance(value, str) and value in choices else None
