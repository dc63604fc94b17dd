"""A Markdown list of notes as rich text in which the words of the model are marked.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cowrite.convert.markdown.reader import from_markdown
from cowrite.convert.notes.list import BELOW, ListedNote, plain, with_model_text
from cowrite.convert.notes.marks import Marks, divided, read_marks
from cowrite.core.board.items import Hand, Note
from cowrite.core.board.model_words import words_of
from cowrite.core.document.assists import UNKNOWN
from cowrite.core.text.richtext import MARK, Attributes, Line, Span, lines_of, spans_of


def marked_list(words: str, notes: Iterable[Note]) -> list[Span]:
    """The rich text of a list.

    Args:
        words: the list, as `to_markdown_list` makes it.
        notes: those of which it is made.
    """
    of_model = [replace(note, text=plain(note.text)) for note in notes if note.hand is not Hand.PERSON and note.text]
    waiting = {(_plain(_rows(note)[0]), _told(note)): note for note in of_model}
    lines: list[Line] = []
    rows: list[list[Span]] = []
    for line in lines_of(from_markdown(words)):
        own = [span for span in line.spans if span.attributes != BELOW and span.embed is None]
        below = [span for span in line.spans if span.attributes == BELOW]
        said = "".join(span.text for span in own)
        marks = read_marks(below[-1].text) if below else Marks()
        if marks.hand is not Hand.PERSON:
            note = waiting.get((" ".join(said.split()), marks.model_text))
            rows = _rows(note) if note else []
            below = _with_mark(below, note) if note else below
        if rows and _plain(rows[0]) == " ".join(said.split()):
            pictures = [span for span in line.spans if span.embed is not None]
            line = replace(line, spans=(*rows.pop(0), *pictures, *([Span(" "), *below] if below else ())))
        else:
            rows = []
        lines.append(line)
    return spans_of(lines)


def _mark(note: Note) -> Attributes:
    return {MARK: note.assist or UNKNOWN}


def _told(note: Note) -> str:
    """What a list says that the model wrote of a note; empty where that is what the note says."""
    listed = with_model_text(ListedNote(note.text, hand=note.hand, model_text=note.model_text))
    return "" if listed.model_text == " ".join(note.text.split()) else listed.model_text


def _with_mark(below: Sequence[Span], note: Note) -> list[Span]:
    """What stands below a note, in which what the model wrote of it is marked."""
    *others, last = below
    before, model_text, rest = divided(last.text)
    parts = ((before, BELOW), (model_text, {**BELOW, **_mark(note)}), (rest, BELOW))
    return [*others, *(Span(text, attributes) for text, attributes in parts if text)]


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
    mark = _mark(note)
    for text, is_of_model in words_of(note):
        for sign in text:
            yield Span(sign, mark if is_of_model else {})


def _plain(row: Iterable[Span]) -> str:
    return "".join(span.text for span in row)
