"""Finding words in a draft."""

from __future__ import annotations

import re
import unicodedata

from cowrite.core.richtext import utf16_length

_NO_ACCENT_BEHIND = "(?![\u0300-\u036f])"
"""What is found ends with a whole letter: the e of an é in two characters is no e."""


def find_all(text: str, words: str, *, match_case: bool = False, whole_words: bool = False) -> list[tuple[int, int]]:
    """Where words occur in a text. A letter with an accent is the same in one character and in two.

    Args:
        text: the draft's characters.
        words: what is looked for; nothing is found for an empty string.
        match_case: whether capitals matter.
        whole_words: whether letters before or behind rule a place out.

    Returns:
        Ranges in UTF-16 units, in order, without overlaps.
    """
    if not words:
        return []
    pattern = "".join(map(_either_form, unicodedata.normalize("NFC", words))) + _NO_ACCENT_BEHIND
    if whole_words:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    found: list[tuple[int, int]] = []
    behind = units = 0
    for match in re.finditer(pattern, text, 0 if match_case else re.IGNORECASE):
        units += utf16_length(text[behind : match.start()])
        length = utf16_length(match.group())
        found.append((units, units + length))
        units += length
        behind = match.end()
    return found


def _either_form(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    return re.escape(letter) if parts == letter else f"(?:{re.escape(letter)}|{re.escape(parts)})"


def word_count(text: str) -> int:
    """Number of words: runs of characters between white space."""
    return len(text.split())
