"""In which direction a line is read, and on which side it stands.

Runs anywhere. A line that states no direction is read in that of its first letter that has one (UAX 9, P2 and P3), so
that each paragraph of a draft in several languages is right by itself. Quill knows `rtl` only, and leaves alone what it
does not know.
"""

from __future__ import annotations

import unicodedata

from cowrite.core.text.richtext import Attributes, Line

RTL, LTR = "rtl", "ltr"
"""What a line may state, from right to left and from left to right."""

_TURNING = frozenset({"R", "AL", "AN", "RLE", "LRE", "RLO", "LRO"})


def begins_from_right(text: str) -> bool:
    """Whether the first letter that says so is read from right to left."""
    if text.isascii():
        return False
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)


def isolated(text: str) -> str:
    """Words of people as they are put into a sentence of another direction: they turn nothing of what stands beside
    them (UAX 9, X5c), wherever in them a letter is read from right to left. So do numbers in Arabic digits, of which
    two with no letter between them would change places; and so do signs that turn all that comes behind them."""
    turns = not text.isascii() and any(unicodedata.bidirectional(letter) in _TURNING for letter in text)
    return f"\u2068{text}\u2069" if turns else text


def from_left(sentence: str) -> str:
    """A sentence of cowrite's own, which is read from left to right though it may begin with words of people."""
    return f"\u200e{sentence}" if begins_from_right(sentence) else sentence


def stated_direction(line: Attributes) -> str | None:
    """RTL or LTR where a line with these block attributes is read so whatever its letters are, as code is from left to
    right; None where they decide."""
    stated = line.get("direction")
    if stated in (RTL, LTR):
        return str(stated)
    return LTR if line.get("code-block") else None


def is_from_right(line: Attributes, text: str) -> bool:
    """Whether a line with these block attributes and this text is read from right to left."""
    stated = stated_direction(line)
    return begins_from_right(text) if stated is None else stated == RTL


def reads_from_right(line: Line) -> bool:
    """Whether a line of rich text is read from right to left."""
    return is_from_right(line.attributes, "".join(span.text for span in line.spans if span.embed is None))


def shown_side(line: Attributes, *, from_right: bool) -> str:
    """Where a line stands: "left", "right", "center" or "justify".

    Args:
        line: its block attributes.
        from_right: whether it is read from right to left.
    """
    align = line.get("align")
    if align in ("left", "right", "center", "justify"):
        return str(align)
    return "right" if from_right else "left"
