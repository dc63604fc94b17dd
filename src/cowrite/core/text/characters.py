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
INVISIBLE = {
    "\u00a0": "NBSP", "\u00ad": "SHY", "\u061c": "ALM", "\u2002": "ENSP", "\u2003": "EMSP", "\u2004": "3/EM",
    "\u2005": "4/EM", "\u2006": "6/EM", "\u2007": "FSP", "\u2008": "PSP", "\u2009": "THSP", "\u200a": "HSP",
    "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u200e": "LRM", "\u200f": "RLM", "\u202f": "NNBSP",
    "\u205f": "MMSP", "\u2060": "WJ", "\u3000": "IDSP",
}  # fmt: skip
"""Characters that cannot be seen, and what is seen in their place, mostly Unicode's own short names."""
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
    "nbsp": "no break space",
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
    looked_for = re.sub(r"\bnon ?break\w*", "no break", _spaced(looked_for))
    words = [word for typed in looked_for.split() for word in _SAME.get(typed, typed).split()]
    found = [(name, each) for name, each in _names() if words and all(f" {word}" in name for word in words)]
    found.sort(key=lambda entry: (entry[1] not in COMMON, len(entry[0])))
    return [each for _, each in found[:MOST]]


@cache
def _names() -> list[tuple[str, str]]:
    """All names, with a space before each of their words, and the characters."""
    found = []
    for number in range(0xA0, _LAST + 1):
        name = unicodedata.name(chr(number), "")
        is_seen = unicodedata.category(chr(number))[0] not in "CMZ"
        if name and (is_seen or chr(number) in INVISIBLE) and not _LEFT_OUT.match(name):
            found.append((f" {_spaced(name.lower())}", chr(number)))
    return found


def _spaced(words: str) -> str:
    """Words of a name each by itself: people say em-dash and em dash."""
    return words.replace("-", " ")
