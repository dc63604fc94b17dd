"""SuggestingEdit: an edit that changes nothing yet, and is shown as what somebody suggests.

Runs on the document's thread. Its steps are made on the rope alone, so that who makes them reads on the way what they
would read otherwise. In the end they are taken back, and what they come to is suggested: what was to go is marked with
`deletion`, what was to come in comes behind it, marked with `insertion`. A person's own suggestion is changed for real.
Formats of text that is there already cannot be suggested and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, cast

from pycrdt import Text

from cowrite.core.assists import AssistRecord
from cowrite.core.body import Body, Edit
from cowrite.core.richtext import (
    DELETION,
    INSERTION,
    NO_ATTRIBUTES,
    Attributes,
    Delete,
    Format,
    Insert,
    Span,
    utf16_length,
)


class Suggester(Protocol):
    """Who suggests, in the eyes of an edit."""

    def is_own(self, id: object) -> bool:
        """Whether this is the id of a change that this person has suggested."""

    def begin(self) -> str:
        """Begins a suggested change, and gives its id."""

    def keeps(self, records: Sequence[AssistRecord]) -> bool:
        """Keeps the records of the assistant's text that was just suggested; says whether it does."""

    def suggest_anew(self, lacking: bytes, clients: Collection[int]) -> None:
        """Suggests the text of these clients in an update that its server has not taken as it was."""

    def leave_formats(self) -> None:
        """Nothing of an edit could be suggested, for it was formats alone."""


class _NoText:
    """Takes the place of the shared text, and does nothing."""

    def insert(self, *_of: object) -> None:
        """Does nothing."""

    def insert_embed(self, *_of: object) -> None:
        """Does nothing."""

    def format(self, *_of: object) -> None:
        """Does nothing."""

    def __delitem__(self, _of: object) -> None:
        """Does nothing."""


class SuggestingEdit(Edit):
    """An edit of which the text shows what is suggested, once it is finished.

    Args:
        body: what is edited.
        client: the document's client id.
        suggester: who suggests.
        mark: see `Edit`.
    """

    __slots__ = ("_ends", "_leaves_formats", "_old", "_real", "_suggester", "_whole")

    def __init__(self, body: Body, client: int, suggester: Suggester, mark: str | None = None) -> None:
        scratch = Body(cast(Text, _NoText()), client)
        scratch.rope = body.rope
        super().__init__(scratch, mark)
        self._whole = body
        self._suggester = suggester
        self._real = Edit(body)
        self._old: dict[int, list[Span]] = {}  # what a step has taken the place of, by the step's number
        self._ends: list[tuple[int, int]] = []  # of parts, as the steps count them and as they lie in the end
        self._leaves_formats = False

    @property
    def result(self) -> Edit:
        """What is done to the body in the end."""
        return self._real

    def place(self, at: int, *, behind: bool = False) -> int:
        """See `Edit.place`."""
        start = (0, 0)
        for end in self._ends:
            if at < end[0] or (at == end[0] and not behind):
                break
            start = end
        else:
            return start[1] + at - start[0]
        return end[1] - (end[0] - at) if at > start[0] else start[1]

    def delete(self, at: int, length: int) -> None:
        """See `Edit.delete`."""
        if length:
            old = list(self._body.rope.spans(at, at + length))
            super().delete(at, length)
            self._old[len(self.ops) - 1] = old

    def format(self, at: int, length: int, attributes: Attributes) -> None:
        """See `Edit.format`."""
        old, steps = list(self._body.rope.spans(at, at + length)), len(self.ops)
        super().format(at, length, attributes)
        if len(self.ops) > steps:
            self._old[steps] = old

    def format_lines(self, at: int, length: int, attributes: Attributes) -> None:
        """See `Edit.format_lines`; a last line that is open stays so."""
        for line_break in reversed(self._body.line_breaks(at, at + length)):
            if line_break < self._body.rope.units:
                self.format(line_break, 1, attributes)
            else:
                self._leaves_formats = True

    def take_back(self) -> None:
        """Makes the rope what it was."""
        rope = self._body.rope
        for step in reversed(range(len(self.ops))):
            op = self.ops[step]
            if isinstance(op, Insert):
                rope.delete(op.at, utf16_length(op.span.text))
                continue
            if isinstance(op, Format):
                rope.delete(op.at, op.length)
            at = int(op.at)
            for span in self._old[step]:
                rope.insert(at, span)
                at += utf16_length(span.text)

    def finish(self) -> None:
        """Takes the steps back, and suggests what they come to."""
        pieces = _Pieces(self._body.rope.units - _growth(self.ops))
        try:
            for op in self.ops:
                pieces.take(op)
        finally:
            self.take_back()
        self._suggest(list(pieces.parts()))
        if self._leaves_formats and not self._real.ops:
            self._suggester.leave_formats()

    # Inside

    def _suggest(self, parts: Sequence[_Part]) -> None:
        """Suggests the last part first: what comes before keeps its place, and the shared text looks for each place
        from its own beginning, where nothing has been cut yet."""
        lengths = [self._show(part) for part in reversed(parts)]
        counted = lie = 0
        for part, length in zip(parts, reversed(lengths), strict=True):
            counted += part.units
            lie += length
            self._ends.append((counted, lie))

    def _show(self, part: _Part) -> int:
        """Shows in the text what becomes of a part; gives how many units lie there now."""
        if part.new is not None:
            return self._replace(part.start, part.stop, part.new)
        if part.attributes:
            self._reformat(part.start, part.stop, part.attributes)
        return part.stop - part.start

    def _replace(self, start: int, stop: int, new: Sequence[Span]) -> int:
        id, end = self._id_at(start, stop), stop
        for at, span in reversed(list(_placed(start, self._whole.rope.spans(start, stop)))):
            units = utf16_length(span.text)
            if self._suggester.is_own(span.attributes.get(INSERTION)):
                self._real.delete(at, units)
                end -= units
            elif not _id(span.attributes.get(DELETION)):
                self._real.set_suggested(at, units, DELETION, id())
        for span in new:
            attributes = {name: value for name, value in span.attributes.items() if name not in _SUGGESTED}
            self._real.insert_span(end, Span(span.text, {**attributes, INSERTION: id()}, span.embed))
            end += utf16_length(span.text)
        return end - start

    def _reformat(self, start: int, stop: int, attributes: Attributes) -> None:
        wanted = {name: value for name, value in attributes.items() if name not in _SUGGESTED}
        for at, span in list(_placed(start, self._whole.rope.spans(start, stop))):
            if wanted and self._suggester.is_own(span.attributes.get(INSERTION)):
                self._real.format(at, utf16_length(span.text), wanted)
            else:
                self._leaves_formats = True

    def _id_at(self, start: int, stop: int) -> Callable[[], str]:
        """Gives the id of this person's change that goes on in a range or beside it, or that begins there."""
        rope = self._whole.rope
        here = (
            rope.attributes_before(start),
            *(span.attributes for span in rope.spans(start, stop)),
            rope.attributes_at(stop),
        )
        ids = (attributes.get(name) for attributes in here for name in (INSERTION, DELETION))
        found = [id for id in ids if isinstance(id, str) and self._suggester.is_own(id)]

        def give() -> str:
            if not found:
                found.append(self._suggester.begin())
            return found[0]

        return give


_SUGGESTED = frozenset({INSERTION, DELETION})


class _Piece(NamedTuple):
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

    def cut(self, units: int) -> tuple[_Piece, _Piece]:
        """Its first units and the others."""
        if self.span is None:
            middle = self.start + units
            return _Piece(self.start, middle, self.attributes), _Piece(middle, self.stop, self.attributes)
        data = self.span.text.encode("utf-16-le")
        texts = data[: 2 * units].decode("utf-16-le"), data[2 * units :].decode("utf-16-le")
        first, second = (Span(text, self.span.attributes, self.span.embed) for text in texts)
        return _Piece(0, units, span=first), _Piece(0, self.stop - units, span=second)


class _Part(NamedTuple):
    """A range of the text as it was, and what becomes of it.

    Attributes:
        start, stop: the range.
        new: what comes in its place; None where it stays.
        attributes: what is set on it where it stays.
    """

    start: int
    stop: int
    new: tuple[Span, ...] | None = None
    attributes: Attributes = NO_ATTRIBUTES

    @property
    def units(self) -> int:
        """How long it is when that has become of it."""
        return self.stop - self.start if self.new is None else sum(utf16_length(span.text) for span in self.new)


class _Pieces:
    """What steps make of a text: which of it stays, and what comes in between.

    Args:
        length: of the text, in UTF-16 units.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._pieces = [_Piece(0, length)] if length else []
        self._known = 0, 0  # a piece and where it begins: steps go on where the one before has ended

    def parts(self) -> Iterator[_Part]:
        """The whole text in parts that stay and others that are replaced, in its order."""
        start, new = 0, []
        for piece in (*self._pieces, _Piece(self._length, self._length)):
            if piece.span is not None:
                new.append(piece.span)
                continue
            if new or start < piece.start:
                yield _Part(start, piece.start, tuple(new))
            if piece.start < piece.stop:
                yield _Part(piece.start, piece.stop, None, piece.attributes)
            start, new = piece.stop, []

    def take(self, op: Insert | Delete | Format) -> None:
        """Makes one step."""
        first = self._at(op.at)
        if isinstance(op, Insert):
            self._pieces.insert(first, _Piece(0, utf16_length(op.span.text), span=op.span))
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
        index, position = self._known if self._known[1] <= at else (0, 0)
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


def _formatted(piece: _Piece, attributes: Attributes) -> _Piece:
    if piece.span is None:
        return _Piece(piece.start, piece.stop, {**piece.attributes, **attributes})
    held = {name: value for name, value in {**piece.span.attributes, **attributes}.items() if value is not None}
    return _Piece(piece.start, piece.stop, span=Span(piece.span.text, held, piece.span.embed))


def _growth(ops: Iterable[Any]) -> int:
    """By how many units steps have made a text longer."""
    grown = 0
    for op in ops:
        if isinstance(op, Insert):
            grown += utf16_length(op.span.text)
        elif isinstance(op, Delete):
            grown -= op.length
    return grown


def _placed(at: int, spans: Iterable[Span]) -> Iterator[tuple[int, Span]]:
    for span in spans:
        yield at, span
        at += utf16_length(span.text)


def _id(value: object) -> bool:
    """Whether this is an id, and not what another program has written there."""
    return isinstance(value, str) and bool(value)
