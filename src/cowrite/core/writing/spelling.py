"""Which words of a text are misspelt, by whoever knows words.

Names are left alone: within a sentence a word with a capital counts as one, but in German, which writes all nouns so.
Left alone, too, is what is no word: addresses, file names, abbreviations, what has digits in it; and what is in
another script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

Knows = Callable[[str], bool]
"""Whether a word, as `plain` gives it, is one of the language."""

_CHUNK = re.compile(r"\S+")
_NO_WORDS = re.compile(r"[@\\/_\d<>=#&$]|\w[.:]\w")
_LETTERS = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u00ad])*"  # with accents and soft hyphens that stand for themselves
_WORD = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*")
_SENTENCE_END = re.compile(r"[.!?:…]['\"’”»)\]]*$")
_LONGEST = 64  # letters of a word; what has more is none
_SHORTEST_PART = 4  # letters of a part of a compound
_COMPOUNDING = frozenset(("de", "nl"))
_LINKING = ("", "s", "es", "n", "en")
_SCRIPTS = {"ru": "CYRILLIC"}
_ELIDING = frozenset(("fr", "it"))
_BRITISH = tuple(
    pair.split("/")
    for pair in (
        "our/or ise/ize isa/iza isi/izi yse/yze tre/ter ll/l fence/fense ogramme/ogram scept/skept minium/minum "
        "paed/ped aem/em aesth/esth naec/nec oest/est foet/fet oeuvre/euver"
    ).split()
)
_MORE = {
    "en": frozenset(
        "app apps backend backends chatbot cheque cheques config covid dataset datasets emoji emojis etc filename "
        "filenames frontend frontends hashtag livestream login maths metadata onboarding podcast podcasts rebranding "
        "refactor roadmap roadmaps selfie smartphone smartphones timestamp timestamps todo todos vs webinar webinars "
        "workflow workflows".split()
    ),
}
"""Words that the lists, made of older books and films, lack."""


def misspelt(line: str, language: str, knows: Knows) -> Iterator[tuple[int, int]]:
    """The words of a line that are not known.

    Args:
        line: without breaks.
        language: its code, such as `en`.
        knows: answers for single words.

    Yields:
        Ranges of code points, in order.
    """
    begins_sentence = True
    for chunk in _CHUNK.finditer(line):
        text = chunk.group()
        if not _NO_WORDS.search(text.rstrip(".:")):
            for match in _WORD.finditer(text):
                word = match.group()
                if not _is_fine(word, language, knows, may_be_name=not begins_sentence):
                    yield chunk.start() + match.start(), chunk.start() + match.end()
                begins_sentence = False
        ends = _SENTENCE_END.search(text)
        begins_sentence = begins_sentence or (ends is not None and "." not in text[: ends.start()])  # e.g. ends none


def _is_fine(word: str, language: str, knows: Knows, *, may_be_name: bool) -> bool:
    if not unicodedata.name(word[0], "").startswith(_SCRIPTS.get(language, "LATIN")):
        return True
    if len(word) == 1 or len(word) > _LONGEST or word[1:] != word[1:].lower():
        return True
    if word[0].isupper() and may_be_name and language != "de":
        return True
    small = plain(word)
    *elided, last = small.split("'")
    return _knows(small, language, knows) or (
        bool(elided)
        and (len(last) == 1 or _knows(last, language, knows))
        and all(len(part) == 1 or _knows_elided(part, language, knows) for part in elided)
    )


def plain(word: str) -> str:
    """A word as lists have it: in small letters, its accents part of them, with typewriter's apostrophes."""
    return unicodedata.normalize("NFC", word.lower().replace("\u00ad", "").replace("’", "'"))


def _knows_elided(part: str, language: str, knows: Knows) -> bool:
    """Whether what stands before an apostrophe is a word, or one that has lost a vowel there."""
    if _knows(part, language, knows):
        return True
    return language in _ELIDING and any(knows(part + vowel) for vowel in "aeo")


def _knows(word: str, language: str, knows: Knows) -> bool:
    if knows(word) or word in _MORE.get(language, ()):
        return True
    if "œ" in word or "æ" in word:
        return _knows(word.replace("œ", "oe").replace("æ", "ae"), language, knows)
    if language == "en":  # the list is American and has no accents; all are right
        bare = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
        return knows(bare) or any(
            british in word and knows(word.replace(british, american)) for british, american in _BRITISH
        )
    return language in _COMPOUNDING and _is_compound(word, knows)


def _is_compound(word: str, knows: Knows) -> bool:
    """Whether a word is made of known ones, as in Dutch and German, with or without a letter that links them."""
    for end in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        first, rest = word[:end], word[end:]
        is_part = any(
            link == "" or (first.endswith(link) and len(first) - len(link) >= _SHORTEST_PART)
            for link in _LINKING
            if knows(first[: len(first) - len(link)])
        )
        if is_part and (knows(rest) or _is_compound(rest, knows)):
            return True
    return False
