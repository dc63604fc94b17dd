"""Cuts a text into pieces that a model can be given one at a time.

Runs anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from cowrite.assist.prompts.files import Division
from cowrite.assist.prompts.prompting import tokens_of
from cowrite.assist.text.sentences import Piece, lines, paragraphs, sentences

SHARE = 0.3  # of the context that a piece may take: the template, the style card and the answer need the rest


def divided(text: str, division: Division, context: int) -> list[Piece]:
    """The pieces of a text, in order; white space between them belongs to none.

    Args:
        text: what is worked on.
        division: into what.
        context: tokens that the model holds; a piece that is too long for it is cut at smaller borders.
    """
    most = int(context * SHARE)
    match division:
        case Division.SENTENCES:
            found = sentences(text)
        case Division.LINES:
            found = lines(text)
        case Division.PARAGRAPHS:
            found = paragraphs(text)
        case Division.WHOLE | Division.BEGINNING:
            whole = text.strip()
            start = text.find(whole) if whole else 0
            found = [Piece(start, start + len(whole), whole)] if whole else []
    parts = [part for piece in found for part in _cut(piece, most)]
    return parts[:1] if division is Division.BEGINNING else parts


def _cut(piece: Piece, most: int) -> list[Piece]:
    """A piece in parts of at most so many tokens: at paragraphs, else sentences, else words, else anywhere."""
    if tokens_of(piece.text) <= most:
        return [piece]
    for smaller in (paragraphs, sentences):
        parts = [Piece(piece.start + p.start, piece.start + p.end, p.text) for p in smaller(piece.text)]
        if len(parts) > 1:
            return gathered([part for one in parts for part in _cut(one, most)], piece, most)
    return _cut_anywhere(piece, most)


def _cut_anywhere(piece: Piece, most: int) -> list[Piece]:
    """A piece without any border but those of words in parts of at most so many tokens. It may be a whole recording
    without a full stop, so nothing of it is looked at again for each part."""
    length = max(1, len(piece.text) // (tokens_of(piece.text) // max(1, most) + 1))
    found: list[Piece] = []
    at = 0
    while at < len(piece.text):
        border = piece.text.rfind(" ", at + 1, at + length + 1) if at + length < len(piece.text) else -1
        end = border if border > 0 else min(at + length, len(piece.text))
        part = piece.text[at:end]
        if part.strip():
            one = Piece(piece.start + at, piece.start + end, part)
            found += [one] if length == 1 or tokens_of(part) <= most else _cut_anywhere(one, most)
        at = end
        while at < len(piece.text) and piece.text[at].isspace():
            at += 1
    return found


def gathered(parts: Sequence[Piece], whole: Piece, most: int) -> list[Piece]:
    """Neighbouring parts of a piece put together again as far as they stay below so many tokens."""
    found: list[Piece] = []
    for part in parts:
        if found:
            text = whole.text[found[-1].start - whole.start : part.end - whole.start]
            if tokens_of(text) <= most:
                found[-1] = Piece(found[-1].start, part.end, text)
                continue
        found.append(part)
    return found
