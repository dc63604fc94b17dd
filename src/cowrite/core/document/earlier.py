"""The document as it was at a moment, and what that moment had added to it and removed from it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from cowrite.core.document import arrivals
from cowrite.core.document.document import Document
from cowrite.core.document.unmended import UnmendedDocument
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import TABLE, Delete, Insert, Span, for_typing, of_break, utf16_length, without

MOST_REMOVED = 300
"""Stretches that are shown as removed; where there are more, as after replacing a word everywhere, none are: each is
put in by itself, and in a long document that takes a millisecond."""

_INK = "#6b6f76"  # what is not there any more is quieter than what is

Range = tuple[int, int]
"""Start and stop in UTF-16 units."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A document as it was.

    Attributes:
        document: the document with what the last step has removed struck through in its old place; nobody else has it,
            and nothing comes to it.
        added: stretches of `document` that the last step had added, in order.
        removed: stretches of `document` that are there no more, in order.
    """

    document: Document
    added: tuple[Range, ...]
    removed: tuple[Range, ...] = ()

    def places(self, ranges: Sequence[Range]) -> Iterator[list[Range]]:
        """Where ranges of the body as it was lie in `document`, each in as many parts as something removed parts it.

        Args:
            ranges: in order.
        """
        sizes = list(accumulate((stop - start for start, stop in self.removed), initial=0))
        gaps = [start - before for (start, _), before in zip(self.removed, sizes, strict=False)]
        for start, stop in ranges:
            first, last = bisect_right(gaps, start), bisect_left(gaps, stop)
            ends = [start, *gaps[first:last], stop]
            yield [
                (begin + sizes[first + part], end + sizes[first + part])
                for part, (begin, end) in enumerate(pairwise(ends))
            ]

    def without_removed(self, start: int, stop: int) -> list[Range]:
        """What of a range of `document` was there."""
        kept: list[Range] = []
        for first, last in self.removed:
            if last > start and first < stop:
                if start < first:
                    kept.append((start, first))
                start = last
        if start < stop:
            kept.append((start, stop))
        return kept


def open_earlier(update: bytes, before: bytes | None = None) -> Earlier:
    """Opens a document as it was.

    Args:
        update: the document as one update.
        before: the same document a step earlier; without it nothing counts as added or removed.

    Raises:
        MalformedUpdate: one of the two is no update.
    """
    document = _opened(update if before is None else before)
    if before is None:
        return Earlier(document, ())
    changes: list[Change] = []
    stop = document.observe_changes(changes.append)
    arrivals.check(update)
    document.apply_remote(
        arrivals.beyond(update, document.state_vector())
    )  # to look through all takes ten times as long
    stop()
    added = _added(changes)
    gone = _removed(changes, before)
    if not 0 < len(gone) <= MOST_REMOVED:
        return Earlier(document, tuple(added))
    return _with_removed(document, added, gone)


def unstruck(span: Span) -> Span:
    """Removed text as it looked before it was shown as removed."""
    return replace(span, attributes=without(span.attributes, "strike", "color"))


def _opened(update: bytes) -> Document:
    document = UnmendedDocument()
    document.apply_update(update, Origin.STORAGE)  # it goes on to nobody, so its values harm none
    return document


def _added(changes: Sequence[Change]) -> list[Range]:
    """The stretches that one update has put in; its steps go from the body's beginning to its end."""
    stretches: list[Range] = []
    for change in changes:
        for op in change.ops:
            if isinstance(op, Insert):
                stop = op.at + utf16_length(op.span.text)
                if stretches and stretches[-1][1] == op.at:
                    stretches[-1] = (stretches[-1][0], stop)
                else:
                    stretches.append((op.at, stop))
    return stretches


def _removed(changes: Sequence[Change], before: bytes) -> list[tuple[int, list[Span]]]:
    """What one update has taken out, and where in what it left; nothing where it came as several."""
    if len(changes) != 1 or not any(isinstance(op, Delete) for op in changes[0].ops):
        return []
    old = UnmendedDocument()
    old.apply_update(before, Origin.STORAGE)  # it was looked at
    found: list[tuple[int, list[Span]]] = []
    ahead = 0  # units by which a place has moved on from where it was before
    for op in changes[0].ops:
        if isinstance(op, Insert):
            ahead += utf16_length(op.span.text)
        elif isinstance(op, Delete):
            spans = list(old.spans(op.at - ahead, op.at - ahead + op.length))
            ahead -= op.length
            if found and found[-1][0] == op.at:
                found[-1][1].extend(spans)
            else:
                found.append((int(op.at), spans))
    return found


def _with_removed(document: Document, added: Sequence[Range], gone: Sequence[tuple[int, list[Span]]]) -> Earlier:
    struck = [(at, list(_struck(spans, is_in_table=_is_in_table(document, at)))) for at, spans in gone]
    with document.edit(Origin.MENDING, directly=True) as edit:
        for at, spans in reversed(struck):
            edit.insert_spans(at, spans)
    removed: list[Range] = []
    ahead = 0
    for at, spans in struck:
        size = sum(utf16_length(span.text) for span in spans)
        if size:
            removed.append((at + ahead, at + ahead + size))
            ahead += size
    earlier = Earlier(document, (), tuple(removed))
    parts = [part for places in earlier.places(added) for part in places]
    return Earlier(document, tuple(parts), tuple(removed))


def _is_in_table(document: Document, at: int) -> bool:
    return at < document.length and TABLE in document.rope.attributes_at(document.line_breaks(at, at)[0])


def _struck(spans: Sequence[Span], *, is_in_table: bool) -> Iterator[Span]:
    """Removed text as it is shown: in its looks, struck through, without what stood in it; lines stay lines, but not
    where they would take a table apart."""
    for span in spans:
        if span.embed is not None:
            continue
        looks = without(for_typing(span.attributes), "link")
        for number, part in enumerate(span.text.split("\n")):
            if number and (is_in_table or TABLE in span.attributes):
                yield Span(" ")
            elif number:
                yield Span("\n", of_break(span.attributes))
            if part:
                yield Span(part, {**looks, "strike": True, "color": _INK})
