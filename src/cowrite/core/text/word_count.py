"""How long texts are: in words, characters and letters."""

from __future__ import annotations

import re
from typing import NamedTuple

from cowrite.core.text.richtext import EMBED_CHARACTER

_BY_ITSELF = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_BETWEEN = (
    "\u3000-\u3004\u3008-\u3020\u3030\u303d\u30a0\u30fb\ufe30-\ufe4f"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_UNSPACED = re.compile(f"[{_BY_ITSELF}{_BETWEEN}]")
_CHARACTER = re.compile(f"[{_BY_ITSELF}]")
"""Of Chinese and Japanese, which set no spaces, each character counts as a word, and none of their signs."""


def word_count(text: str) -> int:
    """Number of words: runs of characters between white space, and of Chinese and Japanese the characters, as word
    processors count them."""
    if text.isascii() or _UNSPACED.search(text) is None:
        return len(text.split())
    return len(_UNSPACED.sub(" ", text).split()) + len(_CHARACTER.findall(text))


def _is_apart(character: str) -> bool:
    """Whether a character is no part of a word of several ones."""
    return character.isspace() or _UNSPACED.match(character) is not None


class Length(NamedTuple):
    """How long a text is.

    Attributes:
        words: see `word_count`.
        characters: code points, without line breaks and embeds.
        letters: those that are no white space.
    """

    words: int = 0
    characters: int = 0
    letters: int = 0


class Counter:
    """How long a text is that comes in pieces, which may end within a word."""

    def __init__(self) -> None:
        self.length = Length()
        self._is_within = False  # a word, as far as the pieces go

    def add(self, piece: str) -> None:
        """Counts the next piece."""
        if piece:
            piece = piece.replace(EMBED_CHARACTER, "\n")
            goes_on = self._is_within and not _is_apart(piece[0])
            words, characters, letters = self.length
            words += word_count(piece) - goes_on
            characters += len(piece) - piece.count("\n")
            self.length = Length(words, characters, letters + sum(map(len, piece.split())))
            self._is_within = not _is_apart(piece[-1])
