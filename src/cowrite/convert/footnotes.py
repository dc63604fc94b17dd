"""Footnotes on their way to another format and from one: counted in the order of the text, and as lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cowrite.convert.cells import in_plain_words
from cowrite.convert.normal import image_of
from cowrite.core.text.footnotes import Words, as_words, embed_of, footnote_of
from cowrite.core.text.richtext import EMBED_CHARACTER, SOFT_BREAK, Line, Span, lines_of
from cowrite.core.text.table import within_cell

ENDNOTES, NOTES_TRACKED, NOTES_PICTURES = "endnotes", "changes in notes", "images in notes"
"""What is told of notes that came in otherwise than they were."""
MOST_REPEATED = 1_000_000
"""Letters of all notes to which a text refers again; a file may hold one, and refer to it at each second letter."""
_OF_PICTURES = ("alt", "width", "height", "link")


class Footnotes:
    """The footnotes of a text that is being written.

    Attributes:
        words: what each says, in order.
    """

    def __init__(self) -> None:
        self.words: list[Words] = []

    def number(self, span: Span) -> int:
        """The number of the footnote whose reference is written next; 0 where this is none."""
        words = footnote_of(span.embed)
        if words is None:
            return 0
        self.words.append(words)
        return len(self.words)


class Repeated:
    """The footnotes of one file to which its text refers again, each of which stands in the text once more."""

    def __init__(self) -> None:
        self._left = MOST_REPEATED

    def may(self, note: Span) -> bool:
        """Whether a note may stand in the text once more, which then counts."""
        length = sum(len(span.text) for span in footnote_of(note.embed or {}) or ())
        if length > self._left:
            return False
        self._left -= length
        return True


def words_of_lines(lines: Sequence[Line]) -> Words:
    """What a footnote says that is several lines elsewhere; what lines are besides, their words say."""
    return as_words(within_cell(in_plain_words(lines)))


def paragraphs(words: Words) -> list[Line]:
    """The paragraphs of a footnote, one at least."""
    parts = (Span(span.text.replace(SOFT_BREAK, "\n"), span.attributes) for span in words)
    return [Line(line.spans) for line in lines_of(parts)] or [Line(())]


def note_of_lines(lines: Sequence[Line], change: Callable[[str], None]) -> tuple[Span, ...]:
    """What stands in the text for a footnote that is several lines elsewhere: what refers to it and, as it holds words
    alone, the pictures that were in it.

    Args:
        lines: those of the note.
        change: is told what comes in otherwise than it was, by a name.
    """
    note = Span(EMBED_CHARACTER, embed=embed_of(words_of_lines(lines)))
    pictures = [_picture(span) for line in lines for span in line.spans if image_of(span)]
    if pictures:
        change(NOTES_PICTURES)
    return (note, *pictures)


def untold(_what: str) -> None:
    """Nobody is told."""


def _picture(span: Span) -> Span:
    """A picture without what is suggested and said of it: there is neither within a note."""
    return Span(span.text, {name: value for name, value in span.attributes.items() if name in _OF_PICTURES}, span.embed)
