"""Passage: a stretch of a document that is being worked on elsewhere, and that others may change meanwhile.

Runs on the document's thread. Where each unit of the passage has gone is followed through every change, so that
what was made of the text as it was can be put into the text as it is: nothing that others wrote is lost, and a second
copy of the same words is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cowrite.core.crdt.anchor import Anchor, Stick
from cowrite.core.document.assists import AssistRecord
from cowrite.core.document.document import Document
from cowrite.core.document.edit import Edit
from cowrite.core.text.change import Change
from cowrite.core.text.offsets import without_lone_surrogates
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import (
    EMBED_CHARACTER,
    SOFT_BREAK,
    Attributes,
    Delete,
    Insert,
    Utf16,
    for_typing,
    inline_part,
    utf16_length,
)
from cowrite.core.text.table import row_id
from cowrite.core.writing.line import line_at
from cowrite.core.writing.looks import inherited_attributes


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Other words for a stretch of a passage.

    Attributes:
        start: where the stretch begins, in UTF-16 units of the passage as it was.
        stop: where it ends; equal where something is only put in.
        text: what comes in its place; empty where something is only taken out.
    """

    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Units of the passage that stand together.

    Attributes:
        start, stop: which units, in the passage as it was.
        at, end: where they stand in the document. As long as the units, but for a piece that was replaced.
        is_replaced: whether other words have been accepted for them.
    """

    start: int
    stop: int
    at: int
    end: int
    is_replaced: bool = False

    def moved(self, units: int) -> _Piece:
        """The same so many units further on in the document."""
        return replace(self, at=self.at + units, end=self.end + units)

    def before(self, at: int) -> _Piece:
        """What of it stands before a position of the document."""
        return replace(self, stop=self.stop - (self.end - at), end=at)

    def behind(self, at: int) -> _Piece:
        """What of it stands behind a position of the document."""
        return replace(self, start=self.start + at - self.at, at=at)


class Passage:
    """A stretch of a document, from when it is made until `close`.

    Args:
        document: the draft.
        start: where it begins, in UTF-16 units.
        stop: where it ends; equal for a place at which something is to come in.

    Attributes:
        text: what it was when it was made or renewed; an embed is EMBED_CHARACTER.

    Raises:
        OutsideText, InsideCharacter: the range is none of the text.
    """

    def __init__(self, document: Document, start: int, stop: int) -> None:
        self._document = document
        # The break that closes the document is no one's to replace.
        self._begin(start, max(start, min(stop, document.length - document.is_closed)))
        self._unobserve = document.observe_changes(self._on_change)

    def close(self) -> None:
        """Follows the document no longer."""
        self._unobserve()

    @property
    def place(self) -> tuple[Utf16, Utf16] | None:
        """Where it is now; None where nothing of it is left."""
        starts = [at for anchor in self._starts if (at := self._document.resolve(anchor)) is not None]
        stops = [at for anchor in self._stops if (at := self._document.resolve(anchor)) is not None]
        start, stop = min(starts), max(stops)
        return None if stop < start or (start == stop and self.text) else (start, stop)

    @property
    def text_now(self) -> str:
        """What stands there now."""
        place = self.place
        return "" if place is None else self._document.rope.text(*place)

    @property
    def has_changed(self) -> bool:
        """Whether it is another text than it was."""
        return self.text_now != self.text

    @property
    def is_gone(self) -> bool:
        """Whether nothing of it is left."""
        return self.place is None

    def renew(self, rewrites: Sequence[Rewrite]) -> tuple[Rewrite, ...]:
        """Takes what stands there now for the passage; gives what of a difference still fits, for that text: others
        have changed the words of the rest."""
        place = self.place
        if place is None:
            return ()
        found = ((self._find(each), each.text) for each in rewrites)
        fitting = [Rewrite(at[0] - place[0], at[1] - place[0], text) for at, text in found if at is not None]
        self._begin(*place)
        return tuple(fitting)

    def accept(self, rewrites: Sequence[Rewrite], record: AssistRecord) -> tuple[Rewrite, ...]:
        """Puts words of the assistant into the document, as one undo step.

        Args:
            rewrites: all of a difference, or some; in any order, without overlaps.
            record: of the assistant's use that gave them.

        Returns:
            Those that are stale, because others have changed the words that they replace or stand beside: they are not
            put in. `renew` and a new difference are what to do about them.
        """
        self._recover()
        place = self.place
        found = [(where, each) for each in rewrites if (where := self._find(each)) is not None]
        if place is not None and found:
            before = self._document.length
            # What is only suggested stands beside the words, which stay: that is followed like what others do.
            source = self if self._document.suggester is None else None
            with self._document.steps.apart(), self._document.edit(Origin.ASSIST, source, record=record) as edit:
                # From the end on, so that what comes before keeps its place.
                for where, each in sorted(found, key=lambda pair: (pair[0], pair[1].start), reverse=True):
                    self._put(edit, where, each)
            # Beside those of the words that gave way: an undo brings these back.
            self._hold(place[0], place[1] + self._document.length - before)
        fitting = [each for _, each in found]
        return tuple(each for each in rewrites if each not in fitting)

    def _put(self, edit: Edit, where: tuple[int, int], rewrite: Rewrite) -> None:
        at, end = where
        look, line = self._look(at, end), line_at(self._document, at).attributes
        # The assistant cannot give embeds back, nor cells: they stay.
        kept, stop = list(self._kept(at, end)), end
        for place in reversed(kept):
            edit.delete(place + 1, stop - place - 1)
            stop = place
        edit.delete(at, stop - at)
        position = at
        text = without_lone_surrogates(rewrite.text).replace("\r\n", "\n").replace(EMBED_CHARACTER, "")
        if row_id(line):
            text = text.replace("\n", SOFT_BREAK)
        for part in re.split("(\n)", text):
            if part:
                edit.insert(position, part, line if part == "\n" else look)
                position += utf16_length(part)
        if self._document.suggester is None:
            self._note_accepted(rewrite, end, _Piece(rewrite.start, rewrite.stop, at, position + len(kept), True))

    # Inside: where everything stands

    def _kept(self, start: int, stop: int) -> Iterator[int]:
        """Where embeds stand between two positions, and the breaks that end cells."""
        for span in self._document.spans(start, stop):
            if span.embed is not None or row_id(span.attributes):
                kept = EMBED_CHARACTER if span.embed is not None else "\n"
                yield from (start + utf16_length(span.text[: found.start()]) for found in re.finditer(kept, span.text))
            start += utf16_length(span.text)

    def _begin(self, start: int, stop: int) -> None:
        self.text = self._document.rope.text(start, stop)
        self._starts: list[Anchor] = []
        self._stops: list[Anchor] = []
        self._hold(start, stop)
        self._pieces = [_Piece(0, stop - start, start, stop)] if start < stop else []

    def _hold(self, start: int, stop: int) -> None:
        # At an empty place, what comes in comes behind: whoever types there goes on writing.
        self._starts.append(self._document.anchor(start, Stick.RIGHT if start < stop else Stick.LEFT))
        self._stops.append(self._document.anchor(stop, Stick.LEFT))

    def _recover(self) -> None:
        """Takes the text for itself again where it was taken away and brought back."""
        place = self.place
        if place is not None and self.text and self._document.rope.text(*place) == self.text:
            self._pieces = [_Piece(0, place[1] - place[0], *place)]

    def _find(self, rewrite: Rewrite) -> tuple[int, int] | None:
        """Where the words of a rewrite stand now; None where they are not all there, or others wrote among them."""
        start, stop, size = rewrite.start, rewrite.stop, utf16_length(self.text)
        if not size:
            return self.place if not self._pieces and start == stop == 0 else None
        left = self._end_before(start) if start > 0 else None
        right = self._start_of(stop) if stop < size else None
        if start == stop:
            if (start > 0 and left is None) or (stop < size and right is None):
                return None
            at = right if left is None else left
            return None if at is None or (right is not None and right != at) else (at, at)
        inner = self._stretch(start, stop)
        return None if inner is None or self._is_extended(inner, left, right) else inner

    def _stretch(self, start: int, stop: int) -> tuple[int, int] | None:
        """Where units of the passage stand, if they all stand together as they were."""
        at = None
        for piece in self._pieces:
            if piece.start < stop and start < piece.stop:
                first, last = max(start, piece.start), min(stop, piece.stop)
                here = piece.at + first - piece.start
                if piece.is_replaced or first != start or (at is not None and here != at[1]):
                    return None
                at = (here if at is None else at[0], here + last - first)
                start = last
        return at if start == stop else None

    def _end_before(self, unit: int) -> int | None:
        """Where the unit before this one ends now; None where it is gone."""
        for piece in self._pieces:
            if piece.start < unit <= piece.stop:
                if piece.is_replaced:
                    return piece.end if unit == piece.stop else None
                return piece.at + unit - piece.start
        return None

    def _start_of(self, unit: int) -> int | None:
        """Where this unit begins now; None where it is gone."""
        for piece in self._pieces:
            if piece.start <= unit < piece.stop:
                if piece.is_replaced:
                    return piece.at if unit == piece.start else None
                return piece.at + unit - piece.start
        return None

    def _is_extended(self, inner: tuple[int, int], left: int | None, right: int | None) -> bool:
        """Whether others have written on at a word, at one of its ends."""
        rope, (start, stop) = self._document.rope, inner
        word = rope.text(start, stop)
        if left is not None and left != start and word[:1].isalnum() and rope.text(left, start)[-1:].isalnum():
            return True
        return right is not None and right != stop and word[-1:].isalnum() and rope.text(stop, right)[:1].isalnum()

    def _look(self, start: int, stop: int) -> Attributes:
        if start == stop:
            return inherited_attributes(self._document, start)
        here = self._document.rope.attributes_at(start)
        return for_typing(inline_part(here))

    # Inside: what others do

    def _on_change(self, change: Change) -> None:
        if change.source is self:
            return
        for op in change.ops:
            if isinstance(op, Insert):
                self._pieces = list(_after_insert(self._pieces, op.at, utf16_length(op.span.text)))
            elif isinstance(op, Delete):
                self._pieces = list(_after_delete(self._pieces, op.at, op.length))

    def _note_accepted(self, rewrite: Rewrite, end: int, new: _Piece) -> None:
        """Takes note that a stretch, which ended there, has other words now."""
        pieces: list[_Piece] = []
        for piece in self._pieces:
            if piece.is_replaced:
                parts = [piece]
            else:
                first, last = max(piece.start, rewrite.stop), min(piece.stop, rewrite.start)
                parts = [
                    replace(piece, stop=last, end=piece.at + last - piece.start),
                    replace(piece, start=first, at=piece.at + first - piece.start),
                ]
                parts = [part for part in parts if part.start < part.stop]
            pieces += [part.moved(new.end - end) if part.start >= rewrite.stop else part for part in parts]
        self._pieces = sorted([*pieces, new], key=lambda piece: (piece.start, piece.stop))


def _after_insert(pieces: Iterable[_Piece], at: int, units: int) -> Iterator[_Piece]:
    for piece in pieces:
        if at <= piece.at:
            yield piece.moved(units)
        elif at >= piece.end:
            yield piece
        elif piece.is_replaced:
            yield replace(piece, end=piece.end + units)
        else:
            yield piece.before(at)
            yield piece.behind(at).moved(units)


def _after_delete(pieces: Iterable[_Piece], at: int, units: int) -> Iterator[_Piece]:
    stop = at + units
    for piece in pieces:
        if at >= piece.end:
            yield piece
        elif stop <= piece.at:
            yield piece.moved(-units)
        elif piece.is_replaced:
            start = min(piece.at, at)
            yield replace(piece, at=start, end=start + max(0, at - piece.at) + max(0, piece.end - stop))
        else:
            if piece.at < at:
                yield piece.before(at)
            if stop < piece.end:
                yield piece.behind(stop).moved(-units)
