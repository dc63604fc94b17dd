"""The first words of a text, by which it is called while it has no title."""

from __future__ import annotations

from collections.abc import Iterable

from cowrite.core.richtext import EMBED_CHARACTER, Span

LONGEST = 80
"""Characters of a line by which a document is called."""


def heading_of(line: str) -> str:
    """What a document that begins with a line can be called: its words, as many as are not too long."""
    words = " ".join(line.split())
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST + 1].rpartition(" ")[0] or words[:LONGEST]


def first_words(spans: Iterable[Span]) -> str:
    """What a document can be called: the beginning of its first line that has words; empty where none has."""
    line = ""
    for span in spans:
        *ended, rest = span.text.replace(EMBED_CHARACTER, " ").split("\n")
        for text in ended:
            if heading := heading_of(line + text):
                return heading
            line = ""
        line += rest
    return heading_of(line)
