"""Text in windows-1252, in which older programs of Western Europe and America write, where nothing says so.

Whatever bytes there are can be read as windows-1252, and what is in another encoding, or is no text at all, would come
in garbled. So bytes are taken for it only where they look like the words of a language that is written in it. Letters
of other encodings betray themselves by standing where no language has them: signs within words (Central European,
DOS), capital letters behind small ones (Macintosh), words of nothing but accented letters (Cyrillic, Greek, Asian).
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from string import ascii_lowercase
from typing import NamedTuple

ENCODING = "windows-1252"

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

_CAPITALS, _SMALL = "À-ÖØ-ÞŠŽŒŸ", "ß-öø-ÿšžœ"
_LETTER = f"[A-Za-z{_CAPITALS}{_SMALL}]"
_ACCENTED = re.compile(f"[{_SMALL}]")
_ROW = re.compile(f"[{_CAPITALS}{_SMALL}]{{3,}}")
_JOINS = "’‘–—…·\u00ad\u00a0"  # signs that words have between their letters
_SIGN = f"[^\x00-\x7f{_CAPITALS}{_SMALL}{_JOINS}]"
_GARBLED = (
    re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]"),
    re.compile(f"{_SIGN}(?<={_LETTER}.){_LETTER}"),
    re.compile(f"[¿¡‚„](?<={_LETTER}.)"),
    re.compile(f"[{_CAPITALS}](?<=[a-z{_SMALL}].)"),
)
"""The rare letter first: so a text of many megabytes is gone through in little time."""
_UTF_8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_ASCII = bytes(range(0x80))
_LANGUAGES = (
    "àâæçéèêëîïôœùûüÿ", "äöüßé", "áéíñóúüïç", "áâãàçéêíóôõúü", "àèéìíîòóùú", "áéèëïíóöüúç", "æøåéèêóòôäöü",
    "åäöéàüæø", "äöåšžé", "áðéíóúýþæö", "áðíóúýæø", "äõöüšž", "àçéèíïóòúü",
)  # fmt: skip
"""The accented letters of French; German; Spanish; Portuguese; Italian; Dutch; Danish and Norwegian; Swedish; Finnish;
Icelandic; Faroese; Estonian; Catalan."""
_FEW = 50  # one accented letter among so many letters is a name or a word of another language
_STRANGE = 20  # likewise, among so many accented ones


class FileText(NamedTuple):
    """The text of a file.

    Attributes:
        text: it.
        taken_for: the encoding in which it was read without anything that says so; empty for what is usual.
    """

    text: str
    taken_for: str = ""


def marked_encoding(data: bytes) -> str:
    """The encoding that a file's byte order mark says; empty where it has none."""
    return next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), "")


def western_text(data: bytes) -> str | None:
    """The text in a file's bytes where it plainly is in windows-1252; None where it is not, or that cannot be told."""
    try:
        text = data.decode(ENCODING)
    except UnicodeError:
        return None
    if any(pattern.search(text) for pattern in _GARBLED):
        return None
    if 2 * sum(len(found[0]) for found in _UTF_8.finditer(data)) > len(data.translate(None, _ASCII)):
        return None
    return text if _is_of_words(text) else None


def _is_of_words(text: str) -> bool:
    """Whether the accented letters of a text are as many, and those, which a language has."""
    letters = Counter(text.lower())
    accented = {letter: number for letter, number in letters.items() if _ACCENTED.fullmatch(letter)}
    count, every = sum(accented.values()), sum(letters[letter] for letter in (*ascii_lowercase, *accented))
    if 2 * count > every or 4 * sum(len(found[0]) for found in _ROW.finditer(text)) > count:
        return False
    strange = min(sum(number for letter, number in accented.items() if letter not in each) for each in _LANGUAGES)
    return strange <= max(1, count // _STRANGE) or count * _FEW <= every
