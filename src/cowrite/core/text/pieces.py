"""Pieces: what steps make of a text, without making them: which of it stays, and what comes in between.

Pure. Positions are UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cowrite.core.text.richtext import NO_ATTRIBUTES, Attributes, Delete, Insert, Op, Span, utf16_length


class Piece(NamedTuple):
    """Text that stays, or that comes in.

    Attributes:
        start, stop: which units of the text as it was; of what comes in, 0 and its length.
        attributes: what was set on it.
        span: what comes in; None for text that stays.
    """

    start: int
    stop: int
    attributes: Attributes = NO_ATTRIBUTES
    span: Span | None = None

    def cut(self, units: int) -> tuple[Piece, Piece]:
        """Its first units and the others."""
        if self.span is None:
            middle = self.start + units
            return Piece(self.start, middle, self.attributes), Piece(middle, self.stop, self.attributes)
        data = self.span.text.encode("utf-16-le")
        texts = data[: 2 * units].decode("utf-16-le"), data[2 * units :].decode("utf-16-le")
        first, second = (Span(text, self.span.attributes, self.span.embed) for text in texts)
        return Piece(0, units, span=first), Piece(0, self.stop - units, span=second)


class Part(NamedTuple):
    """A range of the text as it was.

    Attributes:
        start, stop: in UTF-16 units.
        new: what comes in its place.
        attributes: what is set on it, where it stays; None where it gives way.
    """

    start: int
    stop: int
    new: Sequence[Span] = ()
    attributes: Attributes | None = None


class Pieces:
    """What steps make of a text: which of it stays, and what comes in between.

    Args:
        length: of the text, in UTF-16 units.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._pieces = [Piece(0, length)] if length else []
        self._known = 0, 0  # a piece and where it begins: steps stand near the one before

    def __iter__(self) -> Iterator[Piece]:
        return iter(self._pieces)

    def parts(self) -> Iterator[Part]:
        """What becomes of the text, range by range."""
        old = 0
        new: list[Span] = []
        for piece in self._pieces:
            if piece.span is not None:
                new.append(piece.span)
                continue
            if new or old < piece.start:
                yield Part(old, piece.start, new)
            yield Part(piece.start, piece.stop, attributes=piece.attributes)
            old, new = piece.stop, []
        if new or old < self._length:
            yield Part(old, self._length, new)

    def take(self, op: Op) -> None:
        """Makes one step."""
        first = self._at(op.at)
        if isinstance(op, Insert):
            self._pieces.insert(first, Piece(0, utf16_length(op.span.text), span=op.span))
            return
        known = self._known
        last = self._at(op.at + op.length)
        if isinstance(op, Delete):
            del self._pieces[first:last]
        else:
            for index in range(first, last):
                self._pieces[index] = _formatted(self._pieces[index], op.attributes)
        self._known = known

    def _at(self, at: int) -> int:
        """The number of the piece that begins at a position; where none does, one is cut there."""
        index, position = self._known
        while position > at:
            index -= 1
            position -= self._pieces[index].stop - self._pieces[index].start
        while position < at:
            piece = self._pieces[index]
            units = piece.stop - piece.start
            if position + units > at:
                self._pieces[index : index + 1] = piece.cut(at - position)
                units = at - position
            position += units
            index += 1
        self._known = index, position
        return index


def _formatted(piece: Piece, attributes: Attributes) -> Piece:
    if piece.span is None:
        return Piece(piece.start, piece.stop, {**piece.attributes, **attributes})
    held = {name: value for name, value in {**piece.span.attributes, **attributes}.items() if value is not None}
    return Piece(piece.start, piece.stop, span=Span(piece.span.text, held, piece.span.embed))
