"""Material for random rich-text edits."""

from __future__ import annotations

import itertools

WORDS = ["a", "écrit", "😀", "👩‍👩‍👧", "中文", "\n", "x\ny", "שלום", "n\u0303", " ", "🇩🇪", "ends\n"]
INLINE = [
    {"bold": True},
    {"italic": True, "bold": None},
    {"link": "https://example.org"},
    {"color": "#aa0000"},
    {"code": True},
    {"bold": None, "code": None},
]
BLOCKS = [
    {"header": 1},
    {"header": None},
    {"list": "bullet", "indent": 1},
    {"list": "ordered", "indent": None},
    {"list": None, "indent": None},
    {"blockquote": True, "list": None},
    {"code-block": True},
    {"align": "center"},
]


def boundaries(text: str) -> list[int]:
    """Positions between the characters of a text, in UTF-16 units."""
    return [0, *itertools.accumulate(1 + (character > "\uffff") for character in text)]
