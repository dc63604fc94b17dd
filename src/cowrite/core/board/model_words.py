"""Which words of a note, or of another text, are the model's: those that it wrote and nobody has put others in the
place of.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter

from cowrite.core.board.items import Hand, Note

_PARTS = re.compile(r"\s*(?:\w+|[^\w\s])")

MOST_PARTS = 2000
"""Words and signs of which the order is compared; with more, each that the model has written anywhere is its own."""


def words_of(note: Note) -> Iterator[tuple[str, bool]]:
    """The words of a note in one line, in pieces: each with whether the model wrote it.

    Of a note of which it is not known what the model wrote, all is taken for the model's.
    """
    if note.hand is Hand.PERSON or not note.model_text.strip():
        yield " ".join(note.text.split()), note.hand is not Hand.PERSON
    else:
        yield from words_in(note.text, note.model_text)


def words_in(text: str, model_text: str) -> Iterator[tuple[str, bool]]:
    """The words of a text in one line, in pieces: each with whether the model wrote it.

    Args:
        text: as it is now.
        model_text: what the model wrote.
    """
    now = _PARTS.findall(" ".join(text.split()))
    parts = [part.strip() for part in now]
    for is_of_model, run in groupby(zip(now, _are_in(parts, _PARTS.findall(model_text)), strict=True), itemgetter(1)):
        yield "".join(part for part, _ in run), is_of_model


def _are_in(parts: Sequence[str], model_text: Sequence[str]) -> list[bool]:
    """Which parts of a text the model wrote."""
    before = [part.strip() for part in model_text]
    if max(len(before), len(parts)) > MOST_PARTS:
        wrote = set(before)
        return [part in wrote for part in parts]
    found = [False] * len(parts)
    for _, start, length in SequenceMatcher(None, before, parts, autojunk=False).get_matching_blocks():
        found[start : start + length] = [True] * length
    return found
