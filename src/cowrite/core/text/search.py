"""Finding words in a draft."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import permutations

from cowrite.core.text.richtext import utf16_length

_ACCENT = "\u0300-\u036f\u3099\u309a"
_SKIN = "\U0001f3fb-\U0001f3ff"
_JOINER = "\u200d"
_POINTED = "\u05d0-\u05ea\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06fa-\u06ff\u0750-\u077f"
"""Letters of Hebrew and Arabic."""
_POINTS = (
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
)
"""What is written on them, or not: vowels and the like, and the stroke that makes a word longer."""
_IS_POINTED, _IS_POINT = re.compile(f"[{_POINTED}]"), re.compile(f"[{_POINTS}]")
_WIDTHS = re.compile("[\uff01-\uff9f]")
_WIDE = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
_NARROW = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFFA0)}
"""Letters and signs in the width that Chinese and Japanese have for them as well, and the kana in half of theirs."""
_NARROW_ACCENTS = "\uff9e\uff9f"
_PARTS = re.compile(f"([{_ACCENT}{_NARROW_ACCENTS}{_SKIN}{_JOINER}\ufe0f])|[\U00010000-\U0010ffff]")
"""What is a part of the letter or sign before it, a joiner of that behind it too; and what is two UTF-16 units."""
_MOST_ACCENTS = 3  # on one letter, in whatever order they may be written

_ALIKE = (
    ("ffi", "ﬃ", "ﬀi", "fﬁ"),
    ("ffl", "ﬄ", "ﬀl", "fﬂ"),
    ("ff", "ﬀ"),
    ("fi", "ﬁ"),
    ("fl", "ﬂ"),
    ("st", "ﬆ"),
    ("'", "’", "‘"),
    ('"', "“", "”", "„"),
    (" ", "\u00a0", "\u202f"),
)
"""What is written in several ways and typed in one."""
_ALIKE_IN_CAPITALS = (*_ALIKE, ("ss", "ß", "ẞ"), ("i", "ı", "i\u0307", "İ"))
"""The same where capitals do not matter: STRASSE is straße, and which i is which the language says."""


def find_all(text: str, words: str, *, match_case: bool = False, whole_words: bool = False) -> list[tuple[int, int]]:
    """Where words occur in a text. A letter with an accent is the same in one character and in several, and one in
    another width is the same too. Letters of Hebrew and Arabic are also found with vowels, where these are not given.

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
    how = compiled(words, match_case=match_case, whole_words=whole_words, any_width=bool(_WIDTHS.search(text)))
    if utf16_length(text) == len(text):  # one letter is in a long text a hundred thousand times
        return [match.span() for match in how.finditer(text)]
    found: list[tuple[int, int]] = []
    behind = units = 0
    for match in how.finditer(text):
        units += utf16_length(text[behind : match.start()])
        length = utf16_length(match.group())
        found.append((units, units + length))
        units += length
        behind = match.end()
    return found


def has_all(queries: Sequence[re.Pattern[str]], *texts: str) -> bool:
    """Whether all of some words (see `compiled`) occur in texts, each in any of them."""
    return all(any(query.search(text) for text in texts) for query in queries)


@lru_cache(64)  # a text of many parts is looked through part by part
def compiled(
    words: str, *, match_case: bool = False, whole_words: bool = False, any_width: bool = True
) -> re.Pattern[str]:
    """Words as they are found, see `find_all`: for looking into many texts.

    Args:
        words: what is looked for; an empty string is found everywhere.
        match_case, whole_words: see `find_all`.
        any_width: whether texts may have letters in another width.
    """
    if not words:
        return re.compile("")
    # What is found ends with a whole letter: the e of an é in two characters is no e. Nor is a person of a family one.
    words = _WIDTHS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), words)
    letters = _patterns(unicodedata.normalize("NFC", words), match_case, any_width=any_width)
    pattern = "".join(letters) + f"(?![{_ACCENT}{_NARROW_ACCENTS}])"
    if _is_sign(words[-1]):
        pattern = rf"{pattern}\ufe0f?(?![{_JOINER}{_SKIN}\ufe0f])"
    if _is_sign(words[0]):
        pattern = rf"(?<!{_JOINER}){pattern}"
    if whole_words:
        pattern = rf"(?<![\w{_ACCENT}]){pattern}(?!\w)"
    return re.compile(pattern, 0 if match_case else re.IGNORECASE)


def within_letters(text: str) -> set[int]:
    """Positions in a text (UTF-16 units) between a letter and its accents, and between parts of one sign or halves of
    one character."""
    positions: set[int] = set()
    behind = units = 0
    for part in _PARTS.finditer(text):
        units += utf16_length(text[behind : part.start()])
        behind = part.start()
        if part[1]:
            positions.add(units)
        if part[0] == _JOINER or part[0] > "\uffff":
            positions.add(units + 1)
    return positions


def _is_sign(character: str) -> bool:
    """Whether a character is a sign, as an emoji is, to which others can be joined to make one sign."""
    return unicodedata.category(character) in ("So", "Sk") or character == "\ufe0f"


def _patterns(words: str, match_case: bool, *, any_width: bool) -> Iterator[str]:
    """A regular expression for each letter of what is looked for, and for letters that may be written as one."""
    alike = _ALIKE if match_case else _ALIKE_IN_CAPITALS
    for ways in alike:
        for way in ways[1:]:
            words = words.replace(way, ways[0])
    letter = "|".join([*(f"{ways[0]}(?![{_ACCENT}])" for ways in alike), f".[{_ACCENT}]*"])
    for match in re.finditer(letter, words, re.DOTALL | re.IGNORECASE):
        letters = match[0]
        known = next((ways for ways in alike if ways[0] == (letters if match_case else letters.lower())), None)
        found = {letters, *known} if known else _forms(letters)
        if any_width:
            found |= {_in_other_width(each) for each in found}
        is_bare = _IS_POINTED.fullmatch(letters) and not _IS_POINT.match(words, match.end())
        points = f"[{_POINTS}]*" if is_bare else ""
        yield (re.escape(letters) if len(found) == 1 else _one_of(found)) + points


def _in_other_width(letters: str) -> str:
    """Letters and signs as wide as Chinese characters, and kana half as wide as these."""
    wide = "".join(_WIDE.get(letter, letter) for letter in letters)
    return "".join(_NARROW.get(part, part) for part in unicodedata.normalize("NFD", wide)) if wide == letters else wide


def _one_of(ways: set[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(ways, key=lambda way: (-len(way), way))))})"


def _forms(letter: str) -> set[str]:
    """All the ways in which a letter with its accents can be written."""
    parts = unicodedata.normalize("NFD", letter)
    base, accents = parts[:1], parts[1:]
    orders = permutations(accents) if len(accents) <= _MOST_ACCENTS else [tuple(accents)]
    forms = {
        unicodedata.normalize("NFC", base + "".join(order[:at])) + "".join(order[at:])
        for order in orders
        for at in range(len(order) + 1)
    }
    return {letter, *(form for form in forms if unicodedata.normalize("NFD", form) == parts)}
