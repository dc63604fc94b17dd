"""Characters that few keyboards have: signs, letters of other scripts and emoji, by the words of their names.

Runs on any thread. The names are Unicode's, in English.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

COMMON = (
    "–—…·•→←↑↓⇒✓✗★☆©®™§¶†‡°±×÷≈≠≤≥∞√∑½¼¾€£¥«»„“”‚‘’ßäöüéèêçñøåæœÄÖÜÉαβγδλμπσωΔΣΩ"
    "👍👎🙂😀😂😉😍🤔😢🎉✅❌⚠❤💡🔥🚀👏🙏👀📌📅"
)
"""What is offered before anybody has typed a word."""
MOST = 200  # that are found at once

_LAST = 0x1FBFF  # behind it are ideographs, tags and private ones
_LEFT_OUT = re.compile(
    "CJK |HANGUL SYLLABLE|TANGUT|NUSHU|KHITAN|CUNEIFORM|EGYPTIAN|ANATOLIAN|SIGNWRITING|BAMUM LETTER PHASE|"
    "YI SYLLABLE|VARIATION SELECTOR|LINEAR [AB] |CYPRO-MINOAN|DUPLOYAN|SUTTON|MUSICAL SYMBOL|BYZANTINE"
)
"""Scripts of thousands of signs that have numbers for names."""
_SAME = {
    "approx": "almost equal",
    "laugh": "tears of joy",
    "party": "party popper",
    "quote": "quotation",
    "smile": "smiling",
    "tick": "check mark",
    "unequal": "not equal",
}
"""Words that people use for those in names."""
_CODE = re.compile(r"(?:u\+|0x)([0-9a-f]{2,6})", re.IGNORECASE)


def name_of(character: str) -> str:
    """What a character is called; empty for one without a name."""
    return unicodedata.name(character[0], "").lower()


def found_by(text: str) -> list[str]:
    """The characters in whose names each of the words begins a word, the usual and the shortest names first.

    Args:
        text: a few words; or a character itself, or its number as in U+2014. Without any, those that people need most.
    """
    looked_for = " ".join(text.lower().split())
    if not looked_for:
        return list(COMMON)
    if code := _CODE.fullmatch(looked_for):
        number = int(code[1], 16)
        return [chr(number)] if number <= _LAST and name_of(chr(number)) else []
    if len(text.strip()) == 1 and not text.strip().isascii():
        return [text.strip()]
    words = [word for typed in _spaced(looked_for).split() for word in _SAME.get(typed, typed).split()]
    found = [(name, each) for name, each in _names() if words and all(f" {word}" in name for word in words)]
    found.sort(key=lambda entry: (entry[1] not in COMMON, len(entry[0])))
    return [each for _, each in found[:MOST]]


@cache
def _names() -> list[tuple[str, str]]:
    """All names, with a space before each of their words, and the characters."""
    found = []
    for number in range(0xA1, _LAST + 1):
        name = unicodedata.name(chr(number), "")
        if name and unicodedata.category(chr(number))[0] not in "CMZ" and not _LEFT_OUT.match(name):
            found.append((f" {_spaced(name.lower())}", chr(number)))
    return found


def _spaced(words: str) -> str:
    """Words of a name each by itself: people say em-dash and em dash."""
    return words.replace("-", " ")
