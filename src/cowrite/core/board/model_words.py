"""Which words of a note are the model's, and what of them goes along where a text is made of notes.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cowrite.core.board.items import Hand, Note
from cowrite.core.text.model_words import is_of_model, parts_of, words_in


def words_of(note: Note) -> Iterator[tuple[str, bool]]:
    """The words of a note in one line, in pieces: each with whether the model wrote it.

    Of a note of which it is not known what the model wrote, all is taken for the model's.
    """
    if note.hand is Hand.PERSON or not note.model_text.strip():
        yield " ".join(note.text.split()), note.hand is not Hand.PERSON
    else:
        yield from words_in(note.text, note.model_text)


def model_text_of(note: Note) -> str:
    """What the model wrote of a note, for a text that is taken over from it; empty for a person's."""
    return "" if note.hand is Hand.PERSON else note.model_text or note.text


def words_left_of(note: Note) -> str:
    """Those words of a note that are the model's, with … for all others; empty for a person's.

    In place of what the model wrote, it marks the same words, and has none that are not in the note.
    """
    if not model_text_of(note):
        return ""
    pieces = [words.strip() if is_its else "…" for words, is_its in words_of(note)]
    return " ".join(pieces)


def taken_from(text: str, proposed: str, notes: Iterable[Note]) -> str:
    """What the model wrote of a text that a person has taken over from a proposal, or worded in its place: those words
    of the proposal that are in the model's notes alone; empty where the text has none of them.

    Args:
        text: what the person has made of it.
        proposed: words of the notes, as they were proposed.
        notes: they.
    """
    words: dict[bool, set[str]] = {True: set(), False: set()}
    for note in notes:
        for piece, is_its in words_of(note):
            words[is_its].update(part.casefold() for part in parts_of(piece))
    model_text = " ".join(part for part in parts_of(proposed) if part.casefold() in words[True] - words[False])
    return model_text if is_of_model(text, model_text) else ""
