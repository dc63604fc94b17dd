"""A run of many looks that comes in at one place of the shared text.

Runs on the document's thread. pycrdt looks for each place from the beginning of the text, past all that has a look of
its own. Within what has just come in nothing else can stand: so a format there needs no place to be looked for, it is
named by the two units between which it stands (see `core.document.between`). Only what the first and the last letters
look like depends on what stands beside the run, and is left to pycrdt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pycrdt import Doc, Text

from cowrite.core.crdt.clocks import clock_of
from cowrite.core.crdt.structs import Id
from cowrite.core.document.between import Between, update_of
from cowrite.core.text.richtext import NO_ATTRIBUTES, TABLE, Span, utf16_length

MANY_LOOKS = 30
"""So many changes of look are quicker to be named than to be looked for."""


class _Placed(NamedTuple):
    """A span that has come in.

    Attributes:
        span: it.
        first: the id of its first unit.
        is_next: whether nothing stands between it and the span before it, which has come in, too.
    """

    span: Span
    first: Id
    is_next: bool


def has_many_looks(run: Sequence[Span]) -> bool:
    """Whether a run is to come in by `insert_looks`: no row of a table, which comes in with its id from the first."""
    return len(run) > MANY_LOOKS and not any(TABLE in span.attributes for span in run)


def insert_looks(text: Text, octet: int, come: Iterable[Sequence[Span]], bare: Mapping[str, None]) -> None:
    """Inserts a run into the shared text.

    Args:
        text: it.
        octet: where.
        come: text of several looks in pieces, no embeds, the last piece first.
        bare: the attributes that the text before has, each to end for what comes in.
    """
    doc = text.doc
    placed = _put(text, octet, come, bare)
    at_edge = [
        not (each.is_next and following is not None and following.is_next)
        for each, following in zip(placed, (*placed[1:], None), strict=True)
    ]
    clock = clock_of(doc.get_state(), doc.client_id)
    looks = [NO_ATTRIBUTES if edge else each.span.attributes for each, edge in zip(placed, at_edge, strict=True)]
    written: list[Between] = []
    for number, each in enumerate(placed[1:], 1):
        if each.is_next:
            first, units = placed[number - 1].first, utf16_length(placed[number - 1].span.text)
            before, had, has = Id(first.client, first.clock + units - 1), looks[number - 1], looks[number]
            for name in (name for name in {**had, **has} if had.get(name) != has.get(name)):
                written.append(Between(0, before, each.first, name=name, value=has.get(name)))
                before = Id(doc.client_id, clock + len(written) - 1)
    doc.apply_update(update_of(doc, written, {}))
    stop = octet + sum(len(each.span.text.encode()) for each in placed)
    for each, edge in zip(reversed(placed), reversed(at_edge), strict=True):
        start = stop - len(each.span.text.encode())
        if edge and each.span.attributes:
            text.format(start, stop, dict(each.span.attributes))
        stop = start


def insert_look_by_look(text: Text, octet: int, come: Iterable[Sequence[Span]], bare: Mapping[str, None]) -> None:
    """The same where the looks are few or of a table: each is looked for, from the end on, so that none is behind what
    has come in before."""
    for piece in come:
        whole, row = "".join(span.text for span in piece), piece[0].attributes.get(TABLE)
        # A row comes in as one, ready. Were its beginning marked later, that mark would stand before all that
        # others put there at the same moment: their row would have its id, and this one would be none.
        ready: dict[str, Any] = {**bare} if row is None else {**bare, TABLE: row}
        text.insert(octet, whole, ready or None)
        stop = octet + len(whole.encode())
        for span in reversed(piece):
            start = stop - len(span.text.encode())
            if looks := {name: value for name, value in span.attributes.items() if name != TABLE}:
                text.format(start, stop, looks)
            stop = start


def _put(text: Text, octet: int, come: Iterable[Sequence[Span]], bare: Mapping[str, None]) -> list[_Placed]:
    """Inserts the letters of pieces; gives their spans from left to right."""
    doc: Doc[Any] = text.doc
    placed: list[_Placed] = []
    for piece in come:
        whole = "".join(span.text for span in piece)
        clock = clock_of(doc.get_state(), doc.client_id)
        text.insert(octet, whole, dict(bare) or None)
        # As many formats end what is in force as begin it again behind the letters.
        beside = (clock_of(doc.get_state(), doc.client_id) - clock - utf16_length(whole)) // 2
        if placed:
            placed[0] = placed[0]._replace(is_next=not beside)
        first = clock + beside
        found: list[_Placed] = []
        for span in piece:
            found.append(_Placed(span, Id(doc.client_id, first), is_next=bool(found)))
            first += utf16_length(span.text)
        placed = [*found, *placed]
    return placed
