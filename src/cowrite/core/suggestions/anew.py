"""What a server refuses of what somebody suggests, made a suggestion again.

While a suggestion is on its way, somebody can decide on what stands beside it. In Yjs marks and looks reach from where
they are set to where they are taken away, so both together can leave new letters without a mark, or text like all other
with one. The server judges what would become of it, and refuses that and whatever is built on it. So the document that
the server has is compared with the one here.

A change that was accepted here, by somebody who may not decide on it any more, stays so: what it took out cannot be
brought back, and what it brought is not to be a suggestion without that. Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cowrite.core.document.document import Document
from cowrite.core.document.suggesting import is_id
from cowrite.core.document.unmended import UnmendedDocument
from cowrite.core.text.change import Change
from cowrite.core.text.pieces import Pieces
from cowrite.core.text.richtext import DELETION, INSERTION, Attributes, Format, Op, Span, Utf16, utf16_length


def put_right(held: bytes, document: Document, id: str) -> list[Format]:
    """The formats with which a document only suggests beside what its server holds.

    Args:
        held: the server's document, as an update; the document has taken it in.
        document: the one here.
        id: of the change in which new text goes that no change has.
    """
    server = UnmendedDocument()
    server.apply_update(held)
    before = list(server.spans())
    ops: list[Op] = []
    end = server.observe_changes(lambda change: _note(ops, change))
    server.apply_update(document.update_since(server.state_vector()))
    end()
    if server.length != document.length:
        return []
    pieces = Pieces(sum(utf16_length(span.text) for span in before))
    for op in ops:
        pieces.take(op)
    accepted = set(_accepted(before, pieces))
    old, at = _Spans(before), 0
    found: list[Format] = []
    for piece in pieces:
        units = piece.stop - piece.start
        if piece.span is None:
            for was, length in old.cut(piece.start, piece.stop):
                if not (is_id(was.get(INSERTION)) and was[INSERTION] in accepted):
                    found += _unlike(document, at, length, was)
                at += length
        else:
            found += _bare(document, at, units, id)
            at += units
    return found


def _note(ops: list[Op], change: Change) -> None:
    ops += change.ops


class _Spans:
    """Rich text that is read from left to right."""

    def __init__(self, spans: list[Span]) -> None:
        self._spans = iter(spans)
        self._attributes: Attributes = {}
        self._stop = 0

    def cut(self, start: int, stop: int) -> Iterator[tuple[Attributes, int]]:
        """The attributes between two positions, each with how many units have them."""
        while start < stop:
            while self._stop <= start:
                span = next(self._spans)
                self._attributes, self._stop = span.attributes, self._stop + utf16_length(span.text)
            step = min(stop, self._stop) - start
            yield self._attributes, step
            start += step


def _accepted(before: list[Span], pieces: Pieces) -> Iterator[object]:
    """The ids of changes of which text is gone that was there and that they would have taken out."""
    old = _Spans(before)
    for part in pieces.parts():
        for was, _ in old.cut(part.start, part.stop):
            if part.attributes is None and is_id(was.get(DELETION)) and not is_id(was.get(INSERTION)):
                yield was[DELETION]


def _unlike(document: Document, at: int, length: int, was: Attributes) -> Iterable[Format]:
    """What a suggester may not have changed of text that was there."""
    for span in list(document.spans(at, at + length)):
        units, now = utf16_length(span.text), span.attributes
        names = {name for name in {*was, *now} if was.get(name) != now.get(name)} - {DELETION}
        if is_id(was.get(INSERTION)):
            names &= {INSERTION}
        if names:
            wanted: dict[str, Any] = {name: was.get(name) for name in sorted(names)}
            yield Format(Utf16(at), Utf16(units), wanted)
        at += units


def _bare(document: Document, at: int, length: int, id: str) -> Iterable[Format]:
    """New text that is none of a suggestion."""
    for span in list(document.spans(at, at + length)):
        units = utf16_length(span.text)
        if not is_id(span.attributes.get(INSERTION)):
            yield Format(Utf16(at), Utf16(units), {INSERTION: id})
        at += units
