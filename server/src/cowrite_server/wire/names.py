"""Names: what can be one, and how two members whose names are alike are told apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

NAME_UNITS = 64
"""The longest name of a member, in code points."""

_UNSHOWN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories: controls, halves of characters, separators of lines and paragraphs."""

_JOINING = frozenset("\u200c\u200d")
"""Formatting characters that names need: in Persian, in scripts of India, in emoji."""

_LOOKED_AT = 1024
"""Code points of a text in which a name is looked for: to look through a large one takes the time of all others."""

FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that are no formatting for Unicode, and show nothing."""


def clean_name(text: str, most: int = NAME_UNITS) -> str | None:
    """A name as people see it, cut after so many code points.

    Control characters, needless space and what nobody sees are taken out, what turns the direction of writing as well.
    Of a long text no more than its beginning is read.

    Returns:
        The name, or None where nothing is left that shows.
    """
    shown = "".join(
        " " if unicodedata.category(unit) in _UNSHOWN else unit
        for unit in unicodedata.normalize("NFC", text[:_LOOKED_AT])
        if unit not in FILLERS and not _is_none(unit) and (unit in _JOINING or unicodedata.category(unit) != "Cf")
    )
    name = " ".join(shown.split())[:most].rstrip()
    return name if _seen(name) else None


def free_name(chosen: str, taken: Collection[str]) -> str:
    """The name under which the others see somebody: the chosen one, with a number where another has it.

    Args:
        chosen: at most NAME_UNITS code points; the result has no more.
        taken: names under which the others of the room are seen.
    """
    name, number = chosen, 1
    seen = {_seen(each) for each in taken}
    while _seen(name) in seen:
        number += 1
        suffix = f" ({number})"
        name = chosen[: NAME_UNITS - len(suffix)] + suffix
    return name


def _is_none(unit: str) -> bool:
    """Whether it is a code point that is never a character (Unicode 23.7). The one that begins a text of swapped bytes
    would have Qt read others from a name than are in it."""
    return ord(unit) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(unit) <= 0xFDEF


def _seen(name: str) -> str:
    """What is the same for names that look alike but for size and width; letters of other scripts are other letters."""
    return "".join(unit for unit in unicodedata.normalize("NFKC", name).casefold() if unit not in _JOINING)
