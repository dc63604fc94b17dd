"""Which words of a text are the model's: those that it wrote and nobody has put others in the place of.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter

_WORDS = re.compile(r"\S*\w\S*")
_PARTS = re.compile(r"\s*(?:\w+|[^\w\s])")

MOST_PARTS = 2000
"""Words and signs of which the order is compared; with more, each that the model has written anywhere is its own."""


def parts_of(text: str) -> list[str]:
    """The words and signs of a text."""
    return [part.strip() for part in _PARTS.findall(text)]


def words_in(text: str, model_text: str) -> Iterator[tuple[str, bool]]:
    """The words of a text in one line, in pieces: each with whether the model wrote it.

    Args:
        text: as it is now.
        model_text: what the model wrote.
    """
    now = _PARTS.findall(" ".join(text.split()))
    found = _are_in([part.strip() for part in now], parts_of(model_text))
    for is_of_model, run in groupby(zip(now, found, strict=True), itemgetter(1)):
        yield "".join(part for part, _ in run), is_of_model


def letters_of_model(text: str, model_text: str) -> list[bool]:
    """For each character of a text whether the model wrote it; white space goes with the words around it."""
    signs = (is_its for words, is_its in words_in(text, model_text) for sign in words if not sign.isspace())
    letters = [None if sign.isspace() else next(signs) for sign in text]
    return [one and other for one, other in zip(_going_on(letters), _going_on(letters[::-1])[::-1], strict=True)]


def _going_on(letters: Iterable[bool | None]) -> list[bool]:
    """With what came before each in the place of what is not known."""
    found, last = [], False
    for each in letters:
        last = last if each is None else each
        found.append(last)
    return found


def is_of_model(text: str, model_text: str) -> bool:
    """Whether a text that was taken over from the model is still its own: as it was, or with two words of it in a row.
    One word that is left of it is anybody's."""
    before = parts_of(model_text)
    runs = (words for words, is_its in words_in(text, model_text) if is_its) if before else ()
    return any(len(_WORDS.findall(words)) > 1 for words in runs) or (bool(before) and parts_of(text) == before)


def _are_in(parts: Sequence[str], before: Sequence[str]) -> list[bool]:
    """Which parts of a text the model wrote."""
    if max(len(before), len(parts)) > MOST_PARTS:
        wrote = set(before)
        return [part in wrote for part in parts]
    found = [False] * len(parts)
    for _, start, length in SequenceMatcher(None, before, parts, autojunk=False).get_matching_blocks():
        found[start : start + length] = [True] * length
    return found
