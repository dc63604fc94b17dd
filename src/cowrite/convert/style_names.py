"""What styles are by their names, which are the same in every language of Word and of LibreOffice, in Word files and in
OpenDocument."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from cowrite.convert.values import in_xml

HEADINGS = 6
CODE_STYLE = "Source Code"
LONGEST_LANGUAGE = 75
"""Characters of the name of a code's language that are a part of its style's name, which has 253 at most in Word."""
OF_LINKS = frozenset({"hyperlink", "followedhyperlink", "internet link", "visited internet link"})
"""Styles of links, in lower case. What has one and leads nowhere is no link here, and looks like none."""
LINK_COLOUR = "#2f5fd0"
"""Of the links in the files that cowrite writes."""

_HEADING = re.compile(r"heading ([1-9])")
_ENCODED = re.compile("_([0-9a-f]{2,5})_")
_CODE_IN = re.compile(rf"{CODE_STYLE} \((.+)\)", re.IGNORECASE)
_KINDS: Mapping[str, Mapping[str, Any]] = {
    "title": {"header": 1},
    "subtitle": {"header": 2},
    "quote": {"blockquote": True},
    "intense quote": {"blockquote": True},
    "block text": {"blockquote": True},
    "quotations": {"blockquote": True},
    "block quotation": {"blockquote": True},
    "html preformatted": {"code-block": True},
    "preformatted text": {"code-block": True},
    "source code": {"code-block": True},
}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "html code": {"code": True},
    "html typewriter": {"code": True},
    "source text": {"code": True},
    "teletype": {"code": True},
    "verbatim char": {"code": True},
}


def style_of_code(language: str) -> str:
    """The name of the style of code in a language. A comma would part it into several names in Word."""
    name = "".join(quote(each) if each in "%,;" else each for each in in_xml(language)[:LONGEST_LANGUAGE])
    return f"{CODE_STYLE} ({name})"


def encoded(name: str) -> str:
    """The name of a style as OpenDocument can hold it (ODF 1.3 part 3, 19.498): signs that no name in XML has, by their
    numbers."""
    return "".join(each if each.isascii() and each.isalnum() else f"_{ord(each):x}_" for each in name)


def decoded(name: str) -> str:
    """The name of a style, by what `encoded` and others make of it."""
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), name)


def kind_of(name: str) -> Mapping[str, Any] | None:
    """The block attributes of paragraphs in a style that is called so; None where the name says nothing."""
    if code := _CODE_IN.fullmatch(name):
        return {"code-block": unquote(code[1])}
    name = name.lower()
    if match := _HEADING.fullmatch(name):
        return {"header": min(int(match[1]), HEADINGS)}
    return _KINDS.get(name)


def look_by_name(name: str) -> Mapping[str, Any] | None:
    """The inline attributes of text in a style that is called so; None where the name says nothing."""
    return _LOOKS.get(name.lower())
