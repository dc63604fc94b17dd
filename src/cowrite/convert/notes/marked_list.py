"""A Markdown list of notes as rich text in which the words of the model are marked.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cowrite.convert.markdown.reader import from_markdown
from cowrite.convert.notes.list import BELOW
from cowrite.convert.notes.marks import read_marks
from cowrite.core.board.items import Hand, Note
from cowrite.core.board.model_words import words_of
from cowrite.core.document.assists import UNKNOWN
from cowrite.core.text.richtext import MARK, Line, Span, lines_of, spans_of


def marked_list(words: str, notes: Iterable[Note]) -> list[Span]:
    """The rich text of a list.

    Args:
        words: the list, as `to_markdown_list` makes it.
        notes: those of which it is made.
    """
    of_model = [note for note in notes if note.hand is not Hand.PERSON and note.text]
    waiting = {_plain(rows[0]): rows for rows in map(_rows, of_model)}
    lines: list[Line] = []
    rows: list[list[Span]] = []
    for line in lines_of(from_markdown(words)):
        own = [span for span in line.spans if span.attributes != BELOW and span.embed is None]
        below = [span for span in line.spans if span.attributes == BELOW]
        said = "".join(span.text for span in own)
        if below and read_marks(below[-1].text).hand is not Hand.PERSON:
            rows = list(waiting.get(" ".join(said.split()), ()))
        if rows and _plain(rows[0]) == " ".join(said.split()):
            pictures = [span for span in line.spans if span.embed is not None]
            line = replace(line, spans=(*rows.pop(0), *pictures, *([Span(" "), *below] if below else ())))
        else:
            rows = []
        lines.append(line)
    return spans_of(lines)


def _rows(note: Note) -> list[list[Span]]:
    """The rows of a note that say something, with single spaces, in which the words of the model are marked."""
    signs = _signs(note)
    rows = [" ".join(row.split()) for row in note.text.splitlines()]
    found = []
    for row in filter(None, rows):
        found.append([next(signs) for _ in row])
        next(signs, None)  # the space to the next one
    return found or [[]]


def _signs(note: Note) -> Iterator[Span]:
    mark = {MARK: note.assist or UNKNOWN}
    for text, is_of_model in words_of(note):
        for sign in text:
            yield Span(sign, mark if is_of_model else {})


def _plain(row: Iterable[Span]) -> str:
    return "".join(span.text for span in row)
