"""The names of OpenDocument's elements and attributes (ODF 1.3, part 3), as prefix and name, and its lengths."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = {
    **{each: f"{_OASIS}:{each}:1.0" for each in ("office", "text", "table", "style", "manifest", "meta")},
    "draw": f"{_OASIS}:drawing:1.0",
    "fo": f"{_OASIS}:xsl-fo-compatible:1.0",
    "svg": f"{_OASIS}:svg-compatible:1.0",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    "field": "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "math": "http://www.w3.org/1998/Math/MathML",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_PREFIXES = {space: prefix for prefix, space in _SPACES.items()}
_LENGTH = re.compile(r"(-?[0-9]{0,6}(?:\.[0-9]{1,8})?)(cm|mm|in|pt|pc|px)")
_POINTS = {"cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
_LONGEST_NUMBER = 9  # digits


@cache
def odf(name: str) -> str:
    """A name such as `text:p` as lxml has it."""
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


def name_of(element: Any) -> str:
    """The name of an element, such as `text:p`; empty for what is none or of another format."""
    return _name(element.tag) if isinstance(element.tag, str) else ""


@cache
def _name(tag: str) -> str:
    space, _, local = tag[1:].partition("}")
    prefix = _PREFIXES.get(space, "")
    return f"{prefix}:{local}" if prefix else ""


def stated(element: Any, name: str) -> str:
    """An attribute of an element, which may be None; empty where it is not stated."""
    return element.get(odf(name), "") if element is not None else ""


def number_in(text: str) -> int | None:
    """A whole number of few digits; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def points(length: str) -> float:
    """A length in points; 0 for what is none."""
    match = _LENGTH.fullmatch(length)
    return float(match[1]) * _POINTS[match[2]] if match and match[1].strip("-.") else 0.0
