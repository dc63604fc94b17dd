"""Pictures of a page that are not taken: what is said in place of them, and which are only icons."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cowrite.convert.values import pixels

SMALLEST_PICTURE = 32  # pixels; what is smaller is an icon

_LONGEST_EMOJI = 12
_EMOJI_NAME = re.compile(r":[\w+-]{1,40}:")
_FORMULA = re.compile(r"\{\\(?:displaystyle|textstyle) (.{1,1000})\}", re.DOTALL)


def said_by(description: str) -> str:
    """What stands for a picture in a text that has it in place of signs; empty for a picture that is one.

    Mail programs, chats and forums put pictures in place of emoji, and Wikipedia in place of formulas; the
    description has the character, its name, or the formula.
    """
    if formula := _FORMULA.fullmatch(description):
        return formula[1].strip()
    is_emoji = len(description) <= _LONGEST_EMOJI and not any(c.isascii() or c.isalpha() for c in description)
    return description if is_emoji or _EMOJI_NAME.fullmatch(description) else ""


def is_icon(attributes: Mapping[str, str]) -> bool:
    """Whether a picture is so small, by what its element says, that nobody misses it."""
    stated = [pixels(attributes.get(side)) for side in ("width", "height")]
    return any(length is not None and length < SMALLEST_PICTURE for length in stated)
