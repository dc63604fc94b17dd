"""Which words of a note are the model's: those that it wrote and nobody has put others in the place of.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from cowrite.core.board.items import Hand, Note

_PARTS = re.compile(r"\s*(?:\w+|[^\w\s])")

MOST_PARTS = 2000
"""Words and signs of a note that are compared; one with more is the model's as a whole."""


def words_of(note: Note) -> Iterator[tuple[str, bool]]:
    """The words of a note in one line, in pieces: each with whether the model wrote it.

    Of a note of which it is not known what the model wrote, all is taken for the model's.
    """
    text = " ".join(note.text.split())
    before = _PARTS.findall(note.model_text)
    now = _PARTS.findall(text)
    if note.hand is Hand.PERSON or not before or max(len(before), len(now)) > MOST_PARTS:
        yield text, note.hand is not Hand.PERSON
        return
    compared = SequenceMatcher(None, [part.strip() for part in before], [part.strip() for part in now], autojunk=False)
    for what, _, _, start, stop in compared.get_opcodes():
        if start < stop:
            yield "".join(now[start:stop]), what == "equal"
